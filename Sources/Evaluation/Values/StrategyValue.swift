package import Schedules

/// A strategy, built in or a learner's own, as a value.
package final class StrategyValue: Owned {
  /// What plans with it.
  package let strategy: any Strategy

  /// The call that made it: `revolve(slots: 3)`.
  package var spelling: String { strategy.spelling }

  /// Boxes a strategy, so that a `Value` stays two words.
  init(_ strategy: any Strategy) { self.strategy = strategy }

  override func forEachPart(_ visit: (Owned) -> Void) {
    guard let learner = strategy as? LearnerStrategy else { return }
    learner.closure.captures.forEach(visit)
    for argument in learner.arguments { if let part = argument.value.owned { visit(part) } }
  }
}

/// A built-in strategy under the call that a learner made it with: `revolve(3)`.
struct SpelledStrategy: Strategy {
  private let strategy: any Strategy
  /// The call as the learner typed it, in place of the strategy's own words for itself.
  let spelling: String

  /// `spelling` is the call as it is typed.
  init(_ strategy: any Strategy, as spelling: String) {
    self.strategy = strategy
    self.spelling = spelling
  }

  var signature: String? { strategy.signature }

  var askedBudget: Int? { strategy.askedBudget }

  var lever: Lever { strategy.lever }
  var cutsStages: Bool { strategy.cutsStages }
  var subject: StrategySubject { strategy.subject }

  func beside(_ surroundings: Surroundings) -> any Strategy {
    SpelledStrategy(strategy.beside(surroundings), as: spelling)
  }

  func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    try strategy.schedule(workload)
  }
}
