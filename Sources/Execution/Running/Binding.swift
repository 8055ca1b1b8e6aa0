import Gradients
import Graphs
package import Schedules
package import Tensors

/// A program tied to its tensors: it runs again and again, once a training step, and allocates nothing.
///
/// Inputs keep their storages from step to step: the caller copies each batch into them, and updates write parameters and
/// moments in place. A step is whole or not at all: what could refuse it is asked before its first action.
package final class Binding {
  /// One action with all that it does to the ledger.
  private struct Move {
    /// Bytes that begin or end to live, or change class; 0 for none.
    var bytes = 0
    /// Class that the bytes leave; `nil` where they begin to live.
    var old: AccountClass?
    /// Class that the bytes enter; `nil` where they end to live.
    var new: AccountClass?
    /// Scratch while the instruction runs.
    var scratch = 0
    /// What runs; −1 for nothing.
    var instruction = -1
    /// The step, for its label; −1 where nothing is computed.
    var step = -1
  }

  private let program: Program
  private let ledger: Ledger
  private let context: RunContext
  private let arena: Arena
  private let tier: Tier
  private let labels: [String]
  private var moves: [Move] = []
  private var instructions: [Instruction] = []
  private var acquisitions = 0
  /// Bytes and class of what is live at the end of a step: the loss and the new states.
  private var leftovers: [(bytes: Int, account: AccountClass)] = []
  private var commits:
    [(target: UnsafeMutableRawPointer, source: UnsafeMutableRawPointer, bytes: Int)] = []
  /// Inputs that are the loss or a new state as they stand, and where they are copied before a step: the step may
  /// write them before they are read.
  private var copied: [(input: Tensor, copy: Tensor)] = []
  private var lossPointer: UnsafeMutableRawPointer
  private var tierError: ExecutionError? { didSet { hasTierError = tierError != nil } }
  private var hasTierError = false
  private var inputs: [Tensor]
  private let states: [Tensor?]
  private var moments: [Rehearsal.Moment] = []

  /// `states` are the tensors that new states are written to when a step is over, one for each of
  /// `Graph.stateUpdates`. Throws where the inputs are not those of the graph, or the arena, the tier or the copies of
  /// inputs that are results cannot be had.
  init(
    _ program: Program, inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?],
    tier: Tier.Kind
  ) throws(ExecutionError) {
    try program.check(inputs)
    self.program = program
    self.ledger = ledger
    self.context = context
    self.inputs = inputs
    self.states = states
    let placement = program.placement
    do { arena = try Arena(byteCount: placement.byteCount) } catch { throw .memory(error) }
    self.tier = try Tier(tier, byteCount: placement.tierByteCount)
    labels = program.workload.steps.map(\.label)
    lossPointer = arena.base
    var addresses = Addresses(
      inputs: inputs, steps: program.workload.steps.count, nowhere: arena.base)
    compile(placement, &addresses)
    do {
      lossPointer = try source(of: program.joint.loss, addresses, as: .values)
      for (target, update) in zip(states, program.joint.graph.stateUpdates) {
        guard let target else { continue }
        commits.append(
          (
            target.storage.pointer, try source(of: update.value, addresses, as: .state),
            target.byteCount
          ))
      }
    } catch { throw .memory(error) }
  }

  /// Where a result is read when a step is over.
  private func source(
    of result: Operand, _ addresses: Addresses, as account: AccountClass
  ) throws(MemoryError) -> UnsafeMutableRawPointer {
    guard let input = result.input else { return addresses[result] }
    let copy = try Tensor(
      uninitialized: result.shape, dtype: result.dtype, account: account, ledger: ledger)
    copied.append((inputs[input], copy))
    return copy.storage.pointer
  }

  private func compile(_ placement: Placement, _ addresses: inout Addresses) {
    let steps = program.workload.steps
    var holdings = [AccountClass?](repeating: nil, count: steps.count)
    for (number, action) in program.schedule.actions.enumerated() {
      let step = steps[program.workload.step(of: action)]
      let bytes = step.results.first?.bytes ?? 0
      let holding = program.rehearsal.holdings[number].first ?? nil
      var move = Move()
      switch action {
      case .compute(let index, reusing: let reused):
        if let holding {
          move.bytes = bytes
          move.new = AccountClass(holding)
          if let reused = reused.map({ program.workload.maker(of: $0) }) {
            move.old = holdings[reused]
            holdings[reused] = nil
            addresses.ofStep[index] = addresses.ofStep[reused]
          } else {
            addresses.ofStep[index] = arena.base + placement.values[number]
          }
          holdings[index] = move.new
        }
        move.scratch = step.scratch
        move.step = index
        let scratch = placement.scratch[number]
        move.instruction = instructions.count
        instructions.append(
          addresses.instruction(
            for: program.joint.graph.nodes[index], step: index,
            scratch: scratch < 0 ? nil : arena.base + scratch, context: context))
      case .free(let value):
        let index = program.workload.maker(of: value)
        move.bytes = bytes
        move.old = holdings[index]
        holdings[index] = nil
      case .offload(let value):
        let index = program.workload.maker(of: value)
        let (pointer, place) = (addresses.ofStep[index], placement.onTier[number])
        move.instruction = instructions.count
        instructions.append { [unowned self] in
          self.transfer { (tier) throws(ExecutionError) in
            try tier.store(pointer, bytes, at: place)
          }
        }
      case .fetch(let value):
        let index = program.workload.maker(of: value)
        let pointer = arena.base + placement.values[number]
        let place = placement.onTier[number]
        addresses.ofStep[index] = pointer
        if let holding {
          move.bytes = bytes
          move.new = AccountClass(holding)
          holdings[index] = move.new
        }
        move.instruction = instructions.count
        instructions.append { [unowned self] in
          self.transfer { (tier) throws(ExecutionError) in
            try tier.load(pointer, bytes, from: place)
          }
        }
      }
      acquisitions += (move.old == nil && move.new != nil ? 1 : 0) + (move.scratch > 0 ? 1 : 0)
      moves.append(move)
    }
    for (index, holding) in holdings.enumerated() {
      if let holding { leftovers.append((steps[index].results.first?.bytes ?? 0, holding)) }
    }
  }

  private func transfer(_ body: (Tier) throws(ExecutionError) -> Void) {
    do { try body(tier) } catch { tierError = tierError ?? error }
  }

  /// The loss of the last step.
  package var loss: Double {
    program.joint.loss.dtype == .f64
      ? lossPointer.load(as: Double.self) : Double(lossPointer.load(as: Float.self))
  }

  /// Runs one step. With `measuring`, gives the highest total that the ledger saw above what was live before, and keeps
  /// the timeline in `timeline`; else the rehearsal's peak, which it equals.
  ///
  /// Throws `.memory` before the first action where the step does not fit; `.kernel` where a kernel met an index that it
  /// cannot compute with, which the forward pass does before anything is updated.
  @discardableResult
  package func run(measuring: Bool = false) throws(ExecutionError) -> Int {
    do {
      try ledger.admit(peak: program.rehearsal.peak, acquisitions: acquisitions)
      if context.hasFault { context.fault = nil }
      if hasTierError { tierError = nil }
      for (input, copy) in copied { copy.overwrite(with: input) }
      let base = ledger.live
      moments.removeAll(keepingCapacity: true)
      for index in moves.indices {
        try perform(moves[index])
        if measuring {
          moments.append(
            Rehearsal.Moment(
              during: Footprint(ledger.actionPeak - base), after: Footprint(ledger.live - base)))
        }
        if context.hasFault || hasTierError { break }
      }
      if context.hasFault || hasTierError { return try abandon(to: base) }
    } catch let error as MemoryError {
      throw .memory(error)
    } catch let error as ExecutionError {
      throw error
    } catch {
      throw .interrupted
    }
    ledger.label = ""
    for leftover in leftovers { ledger.release(leftover.bytes, of: leftover.account) }
    for commit in commits {
      commit.target.copyMemory(from: commit.source, byteCount: commit.bytes)
    }
    return measuring
      ? moments.lazy.map(\.during.total).max() ?? 0 : program.rehearsal.peak
  }

  /// The timeline that the ledger measured in the last step that was run with `measuring`.
  package var timeline: [Rehearsal.Moment] { moments }

  @inline(__always)
  private func perform(_ move: Move) throws(MemoryError) {
    ledger.markAction()
    if move.step >= 0 { ledger.label = labels[move.step] }
    if let new = move.new {
      if let old = move.old {
        if old != new { ledger.move(move.bytes, from: old, to: new) }
      } else {
        try ledger.acquire(move.bytes, as: new)
      }
    } else if let old = move.old {
      ledger.release(move.bytes, of: old)
    }
    guard move.instruction >= 0 else { return }
    if move.scratch > 0 { try ledger.acquire(move.scratch, as: .workspace) }
    instructions[move.instruction]()
    if move.scratch > 0 { ledger.release(move.scratch, of: .workspace) }
  }

  /// Puts the account back to what it was before a step that a kernel or the tier stopped.
  private func abandon(to base: Account) throws(ExecutionError) -> Int {
    ledger.label = ""
    for account in AccountClass.allCases where ledger.live[account] > base[account] {
      ledger.release(ledger.live[account] - base[account], of: account)
    }
    if let fault = context.fault { throw .kernel(fault) }
    throw tierError ?? .interrupted
  }
}

extension Program {
  /// Ties the program to tensors that it runs on again and again.
  package func bind(
    inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?] = [],
    tier: Tier.Kind = .file
  ) throws(ExecutionError) -> Binding {
    try Binding(
      self, inputs: inputs, context: context, ledger: ledger, states: states, tier: tier)
  }
}
