/// Dynamic tensor rematerialization: runs the plain order and, when room is missing, evicts the
/// value of lowest score; an evicted value that is read again is computed again first.
///
/// Kirisame et al. 2021, section 3 and appendix C. Scores, low to be evicted, with cost c, bytes m
/// and staleness s: h_dtr (c + Σ c of the evicted neighbourhood)/(m·s); h_dtr_eq the same with the
/// neighbourhood kept approximately, in union-find classes; lru 1/s; size 1/m; msps (c + Σ c of
/// evicted ancestors)/m; random.
package struct DTR: Strategy {
  /// What is evicted first; the raw value is what a learner writes.
  package enum Heuristic: String, Hashable, Sendable, CaseIterable {
    case hDTR = "h_dtr"
    case hDTREquivalence = "h_dtr_eq"
    case lru, size, msps, random
  }

  /// Bytes of the schedule, at most, at once.
  package let budget: Int
  /// The score by which it evicts.
  package let heuristic: Heuristic

  /// Plans within this budget, in bytes.
  package init(budget: Int, heuristic: Heuristic = .hDTR) {
    self.budget = budget
    self.heuristic = heuristic
  }

  /// `dtr(budget: 64 KiB)`; the heuristic only where it is not h_dtr.
  package var spelling: String {
    Spelling.call(
      "dtr",
      ["budget: \(Spelling.bytes(budget))"]
        + (heuristic == .hDTR ? [] : ["heuristic: \(heuristic.rawValue)"]))
  }

  /// The call without its budget.
  var named: String {
    Spelling.call("dtr", heuristic == .hDTR ? [] : ["heuristic: \(heuristic.rawValue)"])
  }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    DTR(budget: surroundings.room(of: budget), heuristic: heuristic)
  }

  /// Throws `.impossible` where no run fits, with the lowest peak that was reached.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let order = try Self.order(table, budget: budget, heuristic)
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }

  /// The order of the cheapest plan of the heuristic's row that fits.
  static func order(
    _ table: StepTable, budget: Int, _ heuristic: Heuristic
  ) throws(ScheduleError) -> [Int] {
    var row = try EvictionRow(table, heuristic)
    return try row.order(within: budget)
  }
}

extension DTR {
  /// What the catalogue says of `dtr`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "dtr",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .init(
        "heuristic", .word(Heuristic.allCases.map(\.rawValue)),
        "What is evicted first: h_dtr (the default), h_dtr_eq, lru, size, msps or random.",
        isRequired: false),
    ],
    summary: "Evicts as it goes and computes again what is missed; works on any graph.",
    details: """
      Decides online, as a runtime would, without looking ahead beyond what is never read again. \
      Only forward values are evicted. It is run with ever lower limits, five percent apart, and \
      the cheapest run that fits is taken. On graphs of up to 1,000 steps all the limits are run, \
      so that a tighter budget never costs less, whatever the heuristic; on larger ones those down \
      to three quarters of what fits. Without that look ahead a lower limit may well cost less: \
      on 218 nets the next limit did for 1.1 % of those of h_dtr, 0.3 % of lru, 2.1 % of size, \
      3.2 % of msps and 19 % of random; the deepest limit that did was 15 % lower for h_dtr and \
      lru, and 25 % for size. A run grows as its computations times the logarithm of the steps \
      where one value at most crosses between stages; without such a place the evicted values \
      around each choice are walked, and h_dtr_eq looks at every candidate each time. random is \
      seeded and the same every time.
      """,
    source: "Kirisame et al. 2021, Dynamic tensor rematerialization, section 3",
    facts: .init(
      subject: .graph, guarantee: "none: it does not look ahead", planning: "n log n a run",
      paper: "Kirisame et al. 2021"),
    example: "gradient wrt net with dtr(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    let words = Heuristic.allCases.map(\.rawValue)
    let word = try reader.word("heuristic", of: words, default: Heuristic.hDTR.rawValue)
    return DTR(
      budget: try reader.bytes("budget"), heuristic: Heuristic(rawValue: word) ?? .hDTR)
  }
}
