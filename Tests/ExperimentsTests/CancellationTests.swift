import Execution
import Experiments
import Schedules
import Synchronization
import Tensors
import Testing

@Suite struct `Experiments hear a request to stop` {
  /// Says stop from the n-th time that it is asked.
  private final class Alarm: Sendable {
    private let left: Mutex<Int>
    private let asked = Mutex(0)

    init(after count: Int) { left = Mutex(count) }

    var isRequested: Bool {
      asked.withLock { $0 += 1 }
      return left.withLock { left in
        left -= 1
        return left < 0
      }
    }

    var timesAsked: Int { asked.withLock { $0 } }
  }

  private static let verbs = ["run", "plan", "compare", "certify", "sweep", "predict", "explain"]

  private func attempt(_ verb: String, _ bench: Workbench, _ problem: Problem, _ plan: Plan) throws
  {
    let auto = Auto(budget: nil)
    switch verb {
    case "run": _ = try bench.run(problem, with: auto)
    case "plan": _ = try bench.plan(problem, with: auto)
    case "compare": _ = try bench.compare(problem, across: [SqrtN(), auto])
    case "certify": _ = try bench.certify(problem, auto)
    case "sweep": _ = try bench.sweep(problem)
    case "predict": _ = try bench.predict(.peak, guess: 1, problem, with: auto)
    default: _ = try bench.explainPeak(of: plan)
    }
  }

  /// How often each asks where nothing stops it; each is then stopped early, half-way and late.
  @Test(arguments: verbs)
  func `whichever time they are asked, nothing is swallowed and nothing stays behind`(
    verb: String
  ) throws {
    let plan = try {
      let lab = BlockLab()
      return try lab.bench.plan(Problem(try lab.chain(12)), with: KeepAll())
    }()
    let count: Int = try {
      let alarm = Alarm(after: .max)
      let lab = BlockLab { alarm.isRequested }
      try attempt(verb, lab.bench, Problem(try lab.chain(12)), plan)
      return alarm.timesAsked
    }()
    #expect(count > 10)
    for turn in [0, 1, count / 4, count / 2, count - 1] {
      let alarm = Alarm(after: turn)
      let lab = BlockLab { alarm.isRequested }
      let problem = Problem(try lab.chain(12))
      let live = lab.ledger.live
      do {
        try attempt(verb, lab.bench, problem, plan)
        Issue.record("\(verb) went on when asked to stop the \(turn). time")
      } catch ExperimentError.refused(let refusal) {
        #expect(refusal.error == .cancelled)
      } catch ExperimentError.execution(.interrupted) {
      }
      #expect(lab.ledger.live == live)
    }
  }

  @Test func `the search for what would fit a budget is stopped too`() throws {
    let alarm = Alarm(after: 3)
    let lab = BlockLab(budget: 5000) { alarm.isRequested }
    let problem = Problem(try lab.chain(12))
    lab.ledger.budget = lab.ledger.liveTotal + 1
    do {
      _ = try lab.bench.run(problem, with: KeepAll())
      Issue.record("it ran")
    } catch ExperimentError.refused(let refusal) {
      #expect(refusal.error == .cancelled)
    }
  }
}
