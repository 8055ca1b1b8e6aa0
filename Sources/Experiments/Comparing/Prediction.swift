import Execution
package import Reports
package import Schedules
import Writing

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
  private let plan: Plan

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

  /// The three numbers as a table, and where guess and schedule part.
  package var report: Report {
    var table = ReportTable(.left(), .right(quantity.rawValue))
    let sizes = ByteFormat.apart(guess, planned)
    let isClose = quantity.isBytes && sizes.0 == ByteFormat.exact(guess)
    func cell(_ number: Int) -> TableCell {
      if isClose { return .exactBytes(number) }
      return quantity.isBytes ? .bytes(number) : .integer(number)
    }
    table.add("your guess", cell(guess))
    table.add("the plan", cell(planned))
    table.add("measured", cell(measured))
    return Report(.table(table), .line(RichText(parting)))
  }

  /// The first place where the guess and the schedule part, in words.
  private var parting: String {
    if isRight { return "exactly right" }
    let (more, isBeyondCounting) = planned.subtractingReportingOverflow(guess)
    if isBeyondCounting { return "far more than you guessed" }
    guard quantity.isBytes else {
      return more > 0
        ? "\(CountFormat.counted(more, "step")) more than you guessed"
        : "\(CountFormat.counted(-more, "step")) fewer than you guessed"
    }
    if more < 0 {
      return "the schedule never holds so much: \(ByteFormat.text(-more)) less at its highest"
    }
    for (index, moment) in plan.rehearsal.timeline.enumerated() {
      let bytes = quantity == .peak ? plan.base.total + moment.during.total : moment.after.kept
      guard bytes > guess else { continue }
      let action = plan.schedule.actions[index]
      let place = plan.workload.place(ofStep: plan.workload.step(of: action))
      return "they part at action \(index), \(action.reading(in: plan.workload))"
        + (place.map { " (\($0))" } ?? "") + ": \(ByteFormat.apart(bytes, guess).0) by then"
    }
    return "the plan holds \(ByteFormat.text(more)) more"
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
