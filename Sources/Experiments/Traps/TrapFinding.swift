import Execution
import Schedules
package import Tensors

/// What a trap did to a block.
package enum TrapFinding {
  /// Something named, and the greatest difference in it, relative to its greatest element.
  package struct Difference {
    /// The parameter or state, as a learner names it.
    package let name: String
    /// The greatest difference of an element, divided by the greatest magnitude of the right one; 1
    /// where only that is 0.
    package let relative: Double
  }

  /// What a schedule comes to: highest bytes in all, and steps replayed.
  package struct Price {
    /// Highest bytes in all, as rehearsed.
    package let peak: Int
    /// Forward steps run again.
    package let replayedSteps: Int
  }

  /// The gradient of one target: its greatest magnitude, and whether the trap loses it.
  package struct Loss {
    /// The target, as a learner names it.
    package let name: String
    /// The greatest magnitude of its right gradient.
    package let greatest: Double
    /// True where a reentrant checkpoint would give it no gradient.
    package let isLost: Bool
  }

  /// The loss of the right run and of the trapped one, how far each gradient is off, and how many
  /// steps of the block draw.
  case masks(right: Tensor, trapped: Tensor, gradients: [Difference], draws: Int)
  /// How far each state is off when it is updated twice.
  case statistics([Difference])
  /// The plain run, `sqrt_n`, and one checkpoint around everything or around the last stage only.
  case regions(plain: Price, right: Price, trapped: Price, onlyLast: Bool)
  case frozen([Loss])
  /// Highest bytes in all, and those of the forward pass alone.
  case budget(peak: Int, forwardPeak: Int)

  /// True where the trap did harm to this block.
  package var isHarmed: Bool {
    switch self {
    case .masks(_, _, let gradients, _): gradients.contains { $0.relative > 0 }
    case .statistics(let states): !states.isEmpty
    case .regions(_, let right, let trapped, _): trapped.peak >= right.peak
    case .frozen(let gradients): gradients.contains(where: \.isLost)
    case .budget(let peak, let forwardPeak): peak > forwardPeak
    }
  }
}

extension Workbench {
  /// Springs a trap on a block; states keep their values.
  package func spring(_ trap: Trap, on problem: Problem) throws(ExperimentError) -> TrapFinding {
    try repeating { (rewind) throws(ExperimentError) in
      switch trap {
      case .masks: try masks(problem, rewind)
      case .statistics: try statistics(problem, rewind)
      case .whole: try regions(problem, onlyLast: false)
      case .last: try regions(problem, onlyLast: true)
      case .frozen: try frozen(problem)
      case .budget: try budget(problem)
      }
    }
  }

  private func masks(
    _ problem: Problem, _ rewind: () -> Void
  ) throws(ExperimentError) -> TrapFinding {
    let right = try run(problem, with: KeepNone())
    rewind()
    let wrong = try run(problem, with: KeepNone(), redrawing: true)
    return .masks(
      right: right.record.loss, trapped: wrong.record.loss,
      gradients: zip(problem.block.targets, zip(right.gradients, wrong.gradients)).map {
        TrapFinding.Difference(name: $0.name, $1.0, $1.1)
      }, draws: problem.block.drawCount)
  }

  private func statistics(
    _ problem: Problem, _ rewind: () -> Void
  ) throws(ExperimentError) -> TrapFinding {
    guard !problem.block.states.isEmpty else { return .statistics([]) }
    let once = try run(problem, with: KeepAll())
    var block = problem.block
    for (update, state) in zip(block.graph.stateUpdates, once.record.states) {
      block.inputs[update.input] = state
    }
    rewind()
    let twice = try run(Problem(block), with: KeepAll())
    return .statistics(
      zip(block.states, zip(once.record.states, twice.record.states)).map {
        TrapFinding.Difference(name: $0, $1.0, $1.1)
      })
  }

  private func regions(
    _ problem: Problem, onlyLast: Bool
  ) throws(ExperimentError) -> TrapFinding {
    let plain = try planner.subject(of: problem).lowering.workload
    // The last stage that has something to drop: the loss alone is a result, and stays.
    let chain = try planner.hearing(of: "marked", beside: ledger.live) {
      () throws(ScheduleError) in try Chain.find(in: plain)
    }
    let last = chain?.stages.last { stage in
      stage.forward.contains { plain.steps[$0].results.contains { !$0.isResult } }
    }
    let first = onlyLast ? last?.forward.lowerBound ?? 0 : 0
    var workload = plain.withSteps { number, step in
      step.region = (first..<plain.forwardCount).contains(number) ? 0 : nil
    }
    workload.regions = [Workload.Region(parent: nil)]
    return .regions(
      plain: try price(KeepAll(), workload), right: try price(SqrtN(), workload),
      trapped: try price(Marked(), workload), onlyLast: onlyLast)
  }

  private func price(
    _ strategy: any Strategy, _ workload: Workload
  ) throws(ExperimentError) -> TrapFinding.Price {
    let base = ledger.live
    let rehearsal = try planner.rehearse(strategy, workload, beside: base).rehearsal
    return TrapFinding.Price(
      peak: base.total + rehearsal.peak, replayedSteps: rehearsal.replayedSteps)
  }

  private func frozen(_ problem: Problem) throws(ExperimentError) -> TrapFinding {
    let right = try run(problem, with: KeepAll())
    let targets = problem.block.targets
    let lost = problem.block.graph.targetsLostByReentrance(targets.map(\.input))
    return .frozen(
      zip(targets, right.gradients).map { target, gradient in
        TrapFinding.Loss(
          name: target.name, greatest: gradient.greatestMagnitude,
          isLost: lost.contains(target.input))
      })
  }

  private func budget(_ problem: Problem) throws(ExperimentError) -> TrapFinding {
    let workload = try planner.subject(of: problem).lowering.workload
    let base = ledger.live
    let (schedule, rehearsal) = try planner.rehearse(KeepAll(), workload, beside: base)
    var forwardPeak = 0
    for (action, moment) in zip(schedule.actions, rehearsal.timeline) {
      if case .compute(let step, _) = action, workload.steps[step].phase != .forward { break }
      forwardPeak = max(forwardPeak, moment.during.total)
    }
    return .budget(peak: base.total + rehearsal.peak, forwardPeak: base.total + forwardPeak)
  }
}

extension TrapFinding.Difference {
  fileprivate init(name: String, _ right: Tensor, _ trapped: Tensor) {
    let scale = right.greatestMagnitude
    let greatest = (0..<min(right.shape.count, trapped.shape.count)).reduce(0.0) {
      max($0, abs(right.number(at: $1) - trapped.number(at: $1)))
    }
    self.name = name
    relative = greatest == 0 ? 0 : scale == 0 ? 1 : greatest / scale
  }
}
