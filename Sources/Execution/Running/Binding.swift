import Gradients
import Graphs
package import Schedules
package import Tensors

/// A program tied to its tensors: it runs again and again, once a training step, and allocates
/// nothing.
///
/// Inputs keep their storages from step to step: the caller copies each batch into them, and
/// updates write parameters and moments in place. A step is whole or not at all: one that fails or
/// is cancelled has changed nothing; one whose first update has run is finished.
package final class Binding {
  private let executor: Executor
  /// Where the loss lies when a step is over, and of which type it is.
  private let lossPointer: UnsafeMutableRawPointer
  private let lossType: DType
  /// What is copied into the states when a step is over.
  private let commits:
    [(target: UnsafeMutableRawPointer, source: UnsafeMutableRawPointer, bytes: Int)]
  /// The states' tensors; none while it is parked.
  private var states: [Tensor?]

  /// `states` are the tensors that new states are written to when a step is over, one for each of
  /// `Graph.stateUpdates`; `shared` is an arena of a binding that runs at other times. Throws where
  /// the inputs are not those of the graph, or the arena or the tier cannot be had.
  init(
    _ program: Program, inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?],
    tier: Tier.Kind, sharing shared: Arena?
  ) throws(ExecutionError) {
    let executor = try Executor(
      program, inputs: inputs, context: context, ledger: ledger, tier: tier, sharing: shared,
      mayBeParked: true)
    func source(_ result: Operand) -> UnsafeMutableRawPointer {
      guard let leftover = program.leftover(of: result) else {
        preconditionFailure("a rehearsed schedule ends with its results in memory")
      }
      return executor.pointer(to: leftover.block)
    }
    self.executor = executor
    self.states = states
    lossPointer = source(program.joint.loss)
    lossType = program.joint.loss.dtype
    commits = zip(states, program.joint.graph.stateUpdates).compactMap { target, update in
      target.map { ($0.storage.pointer, source(update.value), $0.byteCount) }
    }
  }

  /// Lets go of all tensors, and lets the arena's memory go where it is needed. It must not run
  /// until it is bound anew.
  /// False where it cannot be.
  package func park() -> Bool {
    states = []
    return executor.park()
  }

  /// Binds what was parked to inputs and states of the same shapes. False, and nothing is bound,
  /// where a parameter or a state lies elsewhere in memory than before.
  package func rebind(inputs: [Tensor], states: [Tensor?]) -> Bool {
    let targets = states.compactMap { $0?.storage.pointer }
    guard targets == commits.map(\.target), executor.rebind(inputs) else { return false }
    self.states = states
    return true
  }

  /// Number of actions of the schedule.
  package var actionCount: Int { executor.list.moves.count }

  /// The memory of all that a step makes. Another binding may share it: nothing in it is read after
  /// a step but the loss.
  package var arena: Arena { executor.arena }

  /// The loss of the last step, as long as nobody else has used the arena.
  package var loss: Double {
    switch lossType {
    case .f64: lossPointer.load(as: Double.self)
    case .f32: Double(lossPointer.load(as: Float.self))
    case .f16: ShortFloat.f16.number(lossPointer.load(as: UInt16.self))
    case .bf16: ShortFloat.bf16.number(lossPointer.load(as: UInt16.self))
    // A loss is of a floating type: differentiation refuses another.
    case .i32: Double(lossPointer.load(as: Int32.self))
    case .i64: Double(lossPointer.load(as: Int64.self))
    case .bool: Double(lossPointer.load(as: UInt8.self))
    }
  }

  /// Runs one step. With `measuring`, gives the highest total that the ledger saw above what was
  /// live before, and with `keepingTimeline` keeps all that it saw in `timeline`; else the
  /// rehearsal's peak, which it equals. `isCancelled` is asked between the actions up to the first
  /// update.
  ///
  /// Throws `.memory` where the step does not fit; `.kernel` where a kernel met an index that it
  /// cannot compute with; `.tier` where the slower tier fails; `.interrupted`: nothing has changed
  /// then. Throws `.halfway` where the tier breaks after the first update.
  @discardableResult
  package func run(
    measuring: Bool = false, keepingTimeline: Bool = false, isCancelled: () -> Bool = { false }
  ) throws(ExecutionError) -> Int {
    try executor.pass(
      measuring: keepingTimeline ? .timeline : measuring ? .peak : .nothing,
      isCancelled: isCancelled)
    finish()
    return measuring || keepingTimeline ? executor.measuredPeak : executor.list.peak
  }

  /// What a step is over with: what is left of it goes, and states get their new values.
  private func finish() {
    executor.releaseLeftovers()
    for commit in commits {
      commit.target.copyMemory(from: commit.source, byteCount: commit.bytes)
    }
  }

  // MARK: Beside other workers

  /// Begins a step beside other workers, which goes on with `approach`.
  package func begin() { executor.begin() }

  /// Takes the step to where it has to be finished, and no further: up to there it may fail, and
  /// has changed nothing. A step that several workers make fails in none of them once all have
  /// come there. Throws as `run` does.
  package func approach(
    keepingTimeline: Bool = false, isCancelled: () -> Bool = { false }
  ) throws(ExecutionError) {
    try executor.approach(
      measuring: keepingTimeline ? .timeline : .nothing, isCancelled: isCancelled)
  }

  /// Goes on from there with the step to its end, or to where it waits for other workers: true at
  /// the end, where states have their new values. Throws `.halfway` where the slower tier breaks.
  package func advance(keepingTimeline: Bool = false) throws(ExecutionError) -> Bool {
    guard try executor.advance(measuring: keepingTimeline ? .timeline : .nothing) else {
      return false
    }
    finish()
    return true
  }

  /// Gives up a step that has begun and not ended: nothing that it made is live.
  package func abandon() { executor.abandon() }

  /// The timeline that the ledger measured in the last step that kept it.
  package var timeline: [Rehearsal.Moment] { executor.timeline }

  /// What the last step did.
  package var counts: RunCounts { executor.counts }
}

extension Program {
  /// Ties the program to tensors that it runs on again and again, in an arena that it may share.
  package func bind(
    inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?] = [],
    tier: Tier.Kind = .file, sharing shared: Arena? = nil
  ) throws(ExecutionError) -> Binding {
    try Binding(
      self, inputs: inputs, context: context, ledger: ledger, states: states, tier: tier,
      sharing: shared)
  }
}
