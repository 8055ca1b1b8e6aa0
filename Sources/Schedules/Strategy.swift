/// A function from a workload, and the strategy's options, to a schedule.
package protocol Strategy: Sendable {
  /// The call that makes it, as a learner writes it: `revolve(slots: 3)`.
  var spelling: String { get }

  /// What tells its plans from those of another strategy on the same workload; `nil` where it may
  /// plan differently each time, so that its plans must not be kept.
  var signature: String? { get }

  /// The budget in bytes that it was given, which before `beside` counts all that is live; `nil`
  /// where it has none.
  var askedBudget: Int? { get }

  /// What its replays depend on.
  var lever: Lever { get }

  /// True where it has the option `stages`, which cuts its chain finer.
  var cutsStages: Bool { get }

  /// What it speaks of.
  var subject: StrategySubject { get }

  /// Plans the workload. Throws `ScheduleError` where no schedule fits or an option is out of
  /// range.
  ///
  /// Budgets of the strategy count the bytes of the schedule alone: `beside` takes off what stands
  /// outside.
  func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule

  /// The same strategy for a schedule that runs beside other bytes: a budget that a learner writes
  /// counts all that is live, so what stands outside is taken off it. Itself where it has no
  /// budget.
  func beside(_ surroundings: Surroundings) -> any Strategy
}

extension Strategy {
  /// Its spelling: a strategy plans the same each time unless it says otherwise.
  package var signature: String? { spelling }

  /// None, unless the strategy takes one.
  package var askedBudget: Int? { nil }

  /// None, unless the strategy says otherwise.
  package var lever: Lever { .none }

  /// False, unless the strategy cuts a chain.
  package var cutsStages: Bool { false }

  /// Steps, unless the strategy says otherwise.
  package var subject: StrategySubject { .steps }

  /// Itself, unless the strategy takes a budget.
  package func beside(_ surroundings: Surroundings) -> any Strategy { self }
}

/// What a strategy speaks of, which says whether it may plan steps of several operations.
package enum StrategySubject: Hashable, Sendable {
  /// The steps of the workload, whatever they are.
  case steps
  /// The stages of a chain: steps of several operations have to give the same ones.
  case stages
  /// Operations of the graph: each is a step by itself.
  case operations
}

/// What the replays of a strategy depend on: where a plan replays nothing, why is told by it.
package enum Lever: Hashable, Sendable {
  /// It is not there to replay, or says by itself what it chose.
  case none
  /// The stages of a chain.
  case stages
  /// The `checkpoint { }` regions of the block.
  case regions
  /// A list of what is saved, or is not.
  case list
  /// How much room there is.
  case budget
  /// What goes to the slower tier.
  case tier
}

/// What stands around a schedule while it runs.
package struct Surroundings: Hashable, Sendable {
  /// Bytes that live outside the schedule: parameters, data, values.
  package var outside: Int
  /// The session's budget in bytes of all that is live; `nil` for none.
  package var budget: Int?

  /// Nothing outside and no budget, unless said.
  package init(outside: Int = 0, budget: Int? = nil) {
    self.outside = outside
    self.budget = budget
  }

  /// What is left of a budget for the schedule, in bytes; all of the session's where none is given.
  package func room(of budget: Int?) -> Int {
    guard let budget = budget ?? self.budget else { return .max }
    return max(0, budget - outside)
  }
}
