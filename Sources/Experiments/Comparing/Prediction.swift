import Execution
package import Schedules

/// A learner's guess beside the plan and the measurement.
package struct Prediction {
  /// What is guessed.
  package enum Quantity: String, CaseIterable, Sendable {
    case peak, kept, replayed, forward, backward

    /// True where it is a count of bytes rather than of steps.
    package var isBytes: Bool {
      switch self {
      case .peak, .kept: true
      case .replayed, .forward, .backward: false
      }
    }
  }

  /// What was guessed.
  package let quantity: Quantity
  /// The learner's number, in bytes or in steps.
  package let guess: Int
  /// What the rehearsed schedule says.
  package let planned: Int
  /// What the ledger, or the count of a pass, came to.
  package let measured: Int
  /// The plan that was guessed about.
  package let plan: Plan

  /// True where the guess is what the schedule says.
  package var isRight: Bool { guess == planned }

  fileprivate init(_ quantity: Quantity, guess: Int, _ run: BlockRun) {
    let (plan, record) = (run.plan, run.record)
    self.quantity = quantity
    self.guess = guess
    self.plan = plan
    switch quantity {
    case .peak: (planned, measured) = (plan.peak, run.measuredPeak)
    case .kept: (planned, measured) = (plan.kept, record.measured.map(\.after.kept).max() ?? 0)
    case .replayed:
      (planned, measured) = (plan.rehearsal.replayedSteps, record.counts.replayedSteps)
    case .forward: (planned, measured) = (plan.rehearsal.forwardSteps, record.counts.forwardSteps)
    case .backward:
      (planned, measured) = (plan.rehearsal.backwardSteps, record.counts.backwardSteps)
    }
  }

  /// How a guess and what the schedule came to part.
  package enum Parting: Hashable {
    /// They are equal.
    case right
    /// So far below that the difference is no number.
    case beyondCounting
    /// The plan has so many steps more; fewer where negative.
    case steps(Int)
    /// The plan never holds what was guessed: it is so many bytes less.
    case neverReached(bytes: Int)
    /// The first action at which the plan holds more than was guessed, and how much then.
    case above(action: Int, bytes: Int)
    /// The plan holds so many bytes more, at no action by itself.
    case more(bytes: Int)
  }

  /// The first place where the guess and the schedule part.
  package var parting: Parting {
    if isRight { return .right }
    let (more, isBeyondCounting) = planned.subtractingReportingOverflow(guess)
    if isBeyondCounting { return .beyondCounting }
    guard quantity.isBytes else { return .steps(more) }
    if more < 0 { return .neverReached(bytes: -more) }
    for (index, moment) in plan.rehearsal.timeline.enumerated() {
      let bytes = quantity == .peak ? plan.base.total + moment.during.total : moment.after.kept
      if bytes > guess { return .above(action: index, bytes: bytes) }
    }
    return .more(bytes: more)
  }
}

extension Workbench {
  /// Runs a block and sets a guess beside what the schedule came to; states keep their values.
  package func predict(
    _ quantity: Prediction.Quantity, guess: Int, _ problem: Problem, with strategy: any Strategy
  ) throws(ExperimentError) -> Prediction {
    try repeating { (_) throws(ExperimentError) in
      Prediction(quantity, guess: guess, try run(problem, with: strategy))
    }
  }
}
