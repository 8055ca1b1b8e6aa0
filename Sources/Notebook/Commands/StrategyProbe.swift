import Evaluation
import Experiments
import Schedules
import Syntax
import Writing

/// The catalogue's strategies, rehearsed on a plan's workload: which of them peak lower. Those that
/// move bytes to a slower tier do not count: they do not need fewer bytes, they need them
/// elsewhere.
struct StrategyProbe {
  private struct Candidate {
    let spelling: String
    let peak: Int
    let replayed: Int
  }

  /// Steps beyond which planning for an answer in words would take too long.
  private static let mostSteps = 20_000
  /// What is tried where a strategy must be given a number.
  private static let numbers = [2, 4, 8]

  private let plan: Plan

  init(_ plan: Plan) { self.plan = plan }

  /// The answer's last lines.
  var lines: [String] {
    guard plan.workload.steps.count <= StrategyProbe.mostSteps else {
      return ["The workload is too long to try other strategies on it here."]
    }
    let lower = candidates.filter { $0.peak < plan.peak }.sorted {
      ($0.peak, $0.replayed, $0.spelling) < ($1.peak, $1.replayed, $1.spelling)
    }
    guard !lower.isEmpty else {
      return ["No strategy of the catalogue, as tried here, peaks lower."]
    }
    // A candidate that another beats in both peak and replays would teach nothing.
    var front: [Candidate] = []
    for candidate in lower where candidate.replayed < front.last?.replayed ?? .max {
      front.append(candidate)
    }
    var table = TextTable([.left, .right, .right, .left])
    for candidate in front {
      table.add(
        candidate.spelling, ByteFormat.text(candidate.peak),
        "-" + CountFormat.percent(plan.peak - candidate.peak, of: plan.peak),
        "replays " + CountFormat.counted(candidate.replayed, "step"))
    }
    return ["Strategies that peak lower:"] + table.lines(indent: "  ")
  }

  private var candidates: [Candidate] {
    var found: [Candidate] = []
    for entry in Catalogue.entries {
      for options in StrategyProbe.options(of: entry) {
        guard let strategy = try? entry.make(options),
          strategy.spelling != plan.strategy,
          let schedule = try? strategy.schedule(plan.workload),
          let rehearsal = try? Rehearsal.of(schedule, plan.workload), rehearsal.tierPeak == 0
        else { continue }
        found.append(
          Candidate(
            spelling: strategy.spelling, peak: plan.base.total + rehearsal.peak,
            replayed: rehearsal.replayedSteps))
      }
    }
    return found
  }

  /// Options to try: none, or a few numbers where one is required. Strategies that must be told
  /// bytes or words are left to the learner.
  private static func options(of entry: Catalogue.Entry) -> [[String: Catalogue.OptionValue]] {
    let required = entry.options.filter(\.isRequired)
    if required.isEmpty { return [[:]] }
    guard required.count == 1, required[0].kind == .integer else { return [] }
    return numbers.map { [required[0].name: .integer($0)] }
  }
}
