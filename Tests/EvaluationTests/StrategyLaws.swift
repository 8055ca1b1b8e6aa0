import Evaluation
import Schedules
import Testing

/// What holds of every strategy on every block: the same bits, and rehearsed = measured.
enum StrategyLaws {
  /// Every strategy of the catalogue, with options that fit any graph; `@` stands for a budget.
  static let strategies = [
    "keep_all", "keep_none", "marked", "every(2)", "every(3)", "sqrt_n", "bisect",
    "revolve(slots: 2)", "revolve(slots: 4)", "mixed(slots: 3)", "optimal(budget: @)",
    "auto(budget: @)", "exact(budget: @, states: 2000)", "moccasin(budget: @)",
    "knapsack(share: 0.4)", "dtr(budget: @)", "dtr(budget: @, heuristic: lru)",
    "twremat(budget: @)", "offload(budget: @)", "poet(budget: @)",
    "poet(budget: @, transfer: 0.1)", "disk_revolve(slots: 2, write: 2, read: 1)",
    "save_only(ops: [\"matmul\"])", "recompute_only(ops: [\"tanh\", \"relu\"])",
    "every(2, stages: operations)", "revolve(slots: 3, stages: operations)",
  ]

  /// Those that look long for a plan, each longer than a small network is trained.
  private static let slow: Set<Substring> = ["auto", "exact", "optimal", "poet"]

  /// The strategies, with a budget put in; `soon` those that are planned soon.
  static func strategies(budget: Int, soon: Bool = false) -> [String] {
    strategies.filter { !soon || !slow.contains($0.prefix { $0 != "(" }) }
      .map { $0.replacingOccurrences(of: "@", with: "\(budget)") }
  }

  /// Compares a block under all strategies, or those that are planned soon, budgets being three
  /// quarters of its peak, and holds each row to the laws.
  static func hold(
    on block: Blocks.Block, peak: Int, soon: Bool = false, in machine: Interpreter
  ) {
    let list = strategies(budget: peak * 3 / 4, soon: soon).joined(separator: ", ")
    let outcomes = Lab.run("compare \(block.head) across [\(list)] \(block.body)", in: machine)
    guard let outcome = outcomes.last, case .record(let record)? = outcome.value,
      case .list(let rows)? = record["rows"]
    else {
      Issue.record("no comparison: \(outcomes.last?.fault?.message ?? "")")
      return
    }
    #expect(rows.elements.count >= 12, "only \(rows.elements.count) strategies had a schedule")
    for case .record(let row) in rows.elements {
      guard case .string(let name)? = row["strategy"], case .boolean(let same)? = row["same"],
        case .bytes(let predicted)? = row["predicted"],
        case .bytes(let measured)? = row["measured"],
        case .boolean(let agrees)? = row["agrees"]
      else {
        Issue.record("a row lacks a column")
        continue
      }
      #expect(same, "\(name.string) changes the bits")
      #expect(agrees, "\(name.string): ledger and rehearsal differ at an action")
      #expect(predicted == measured, "\(name.string): rehearsed \(predicted), measured \(measured)")
    }
  }
}
