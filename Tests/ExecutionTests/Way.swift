import Execution
import Gradients
import Graphs
import Schedules
import Tensors

/// The two ways to run a program: once, with results that are handed out, and again and again over
/// bound tensors.
enum Way: String, CaseIterable, Sendable {
  case once, bound
}

/// What a program computes: a gradient, or a training step that updates parameters in place.
enum Purpose: String, CaseIterable, Sendable {
  case gradient, training

  var plan: UpdatePlan? {
    switch self {
    case .gradient: nil
    case .training: UpdatePlan(.sgd(rate: 0.1, momentum: 0.9))
    }
  }
}

/// A program with its tensors, to be run in one way or the other.
struct Runner {
  let program: PlannedProgram
  let inputs: [Tensor]
  private let ledger: Ledger
  private let binding: Binding?
  private let originals: [Tensor]
  private let live: Account
  private let tier: Tier.Kind

  /// What one pass gave.
  struct Pass {
    let loss: Double
    let timeline: [Rehearsal.Moment]
    let counts: RunCounts
  }

  /// The tensors that `bench` has, and zeros for moments.
  init(_ bench: Bench, _ program: PlannedProgram, _ way: Way, tier: Tier.Kind = .memory) throws {
    self.program = program
    ledger = bench.ledger
    inputs = try bench.inputs(of: program)
    originals = try inputs.map { try $0.copy(as: .values) }
    switch way {
    case .once: binding = nil
    case .bound:
      let inputs = inputs
      binding = try program.bind(
        inputs: inputs, context: RunContext(seed: 7, step: 3), ledger: bench.ledger,
        states: bench.graph.stateUpdates.map { inputs[$0.input] }, tier: tier)
    }
    self.tier = tier
    live = bench.ledger.live
  }

  /// Runs the program once more; states have their new values then.
  func pass(isCancelled: () -> Bool = { false }) throws(ExecutionError) -> Pass {
    if let binding {
      _ = try binding.run(keepingTimeline: true, isCancelled: isCancelled)
      return Pass(loss: binding.loss, timeline: binding.timeline, counts: binding.counts)
    }
    let record = try program.run(
      inputs: inputs, context: RunContext(seed: 7, step: 3), ledger: ledger, tier: tier,
      isCancelled: isCancelled)
    for (update, state) in zip(program.joint.graph.stateUpdates, record.states) {
      inputs[update.input].overwrite(with: state)
    }
    return Pass(
      loss: record.loss.element(at: 0) ?? .nan, timeline: record.measured, counts: record.counts)
  }

  /// True where every tensor has the bits that it began with.
  var isUnchanged: Bool { zip(inputs, originals).allSatisfy { $0.hasSameBits(as: $1) } }

  /// True where nothing is live that was not before the first pass.
  var isClean: Bool { ledger.live == live && ledger.step < 0 }

  /// Gives every tensor the bits that it began with.
  func reset() {
    for (input, original) in zip(inputs, originals) { input.overwrite(with: original) }
  }

  /// The actions between which a pass hears a cancellation: those up to the first update.
  var cancellable: Int {
    let first = program.schedule.actions.firstIndex {
      if case .compute(let step, reusing: _) = $0 {
        return program.lowering.workload.steps[step].phase == .update
      }
      return false
    }
    return first.map { $0 + 1 } ?? program.schedule.actions.count
  }
}
