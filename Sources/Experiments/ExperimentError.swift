package import Execution
package import Gradients
package import Schedules
package import Tensors

/// Why an experiment came to nothing: facts, which the floor above puts into words.
package enum ExperimentError: Error {
  /// The block has no gradient.
  case gradient(GradientError)
  /// A strategy gave no schedule, or one that is not legal.
  case refused(Refusal)
  /// A schedule would cross the session's budget; nothing of it ran.
  case overBudget(BudgetExcess)
  /// A run failed or was cancelled.
  case execution(ExecutionError)
  /// A run would have taken the command over so many FLOPs.
  case workLimit(Int)
  /// Nothing that a sweep tried has a schedule for the block.
  case noSchedule

  /// A strategy's refusal.
  package struct Refusal {
    /// Why there is no schedule.
    package let error: ScheduleError
    /// The strategy's spelling.
    package let strategy: String
    /// Bytes that live outside the schedule.
    package let outside: Int
    /// The budget as it was given, which counts all that is live; `nil` where none was.
    package let asked: Int?
  }

  /// A plan that would cross the budget: who holds what, and what would have fitted (law 4).
  package struct BudgetExcess {
    /// Bytes in all at the plan's highest.
    package let peak: Int
    /// Bytes in all that the session allows.
    package let budget: Int
    /// The make-up of the peak.
    package let account: Account
    /// The label of the step that runs at the peak.
    package let step: String
    /// The strategy's spelling.
    package let strategy: String
    /// The cheapest strategy of those tried that stays within the budget.
    package let fitting: Survey.Finding?
    /// Bytes that live outside the schedule.
    package let outside: Int
  }

  /// True where a strategy or a budget refused a schedule, rather than something having failed.
  package var isRefusal: Bool {
    switch self {
    case .refused(let refusal): refusal.error.isRefusal
    case .overBudget, .execution(.memory(.overBudget)): true
    case .gradient, .execution, .workLimit, .noSchedule: false
    }
  }
}

extension ScheduleError {
  /// True where there is no schedule to be had, rather than something having failed.
  var isRefusal: Bool {
    switch self {
    case .illegal, .impossible, .limit, .option, .unknown: true
    case .foreign(let failure): failure.isRefusal
    case .cancelled: false
    }
  }
}
