import Synchronization
import Testing

@testable import Schedules

/// Counts the questions, and says yes from a given one on.
private final class Counter: Sendable {
  private let asked = Atomic<Int>(0)
  private let last: Int

  init(yesFrom last: Int) { self.last = last }

  var count: Int { asked.load(ordering: .relaxed) }

  var listener: Planning.Listener {
    Planning.Listener { [self] in asked.add(1, ordering: .relaxed).newValue >= last }
  }
}

/// Each strategy on a chain that gives it a lot to plan: its name, stages, and part of the plain
/// peak as a budget.
private let cases: [(name: String, stages: Int, percent: Int)] = [
  ("keep_all", 100_000, 0), ("keep_none", 500, 0), ("marked", 100_000, 0), ("every", 50_000, 0),
  ("sqrt_n", 50_000, 0), ("bisect", 5000, 0), ("revolve", 5000, 0), ("mixed", 500, 0),
  ("optimal", 60, 50), ("exact", 30, 50), ("moccasin", 60, 50),
  ("twremat", 2000, 20), ("dtr", 300, 20),
  ("save_only", 100_000, 0), ("recompute_only", 100_000, 0), ("knapsack", 2000, 0),
  ("offload", 1000, 30), ("poet", 60, 50), ("disk_revolve", 1000, 0), ("auto", 40, 50),
]

@Test func `every strategy is among those that are cancelled here`() {
  #expect(cases.map(\.name) == Catalogue.entries.map(\.name))
}

@Test(arguments: cases.indices)
func `planning hears a request to stop in the middle of its work`(number: Int) throws {
  let (name, stages, percent) = cases[number]
  let workload = Workloads.uniform(stages, bytes: 8)
  var options: [String: Catalogue.OptionValue] = [:]
  for option in try #require(Catalogue.entry(name)).options
  where option.isRequired || option.name == "budget" {
    options[option.name] =
      option.kind == .bytes ? .bytes(stages * 8 * percent / 100) : .integer(60)
  }
  if name == "save_only" || name == "recompute_only" { options["ops"] = .words(["f"]) }
  let strategy = try Catalogue.make(name, options)
  /// How often a plan asks; the outcome where it is told to stop at the given question.
  func plan(stoppingAt last: Int) throws -> (asked: Int, isCancelled: Bool) {
    let counter = Counter(yesFrom: last)
    do {
      _ = try Planning.$listener.withValue(counter.listener) { try strategy.schedule(workload) }
      return (counter.count, false)
    } catch ScheduleError.cancelled {
      return (counter.count, true)
    }
  }
  let (questions, _) = try plan(stoppingAt: .max)
  #expect(questions >= 2)
  for last in Set([1, questions / 2, questions]) {
    let (asked, isCancelled) = try plan(stoppingAt: last)
    #expect(isCancelled)
    #expect(asked == last, "nothing is asked once it was told to stop")
  }
}
