import Gradients
import Graphs
import Schedules
package import Tensors

extension Program {
  /// Runs the schedule once.
  ///
  /// The ledger records each value as its life begins and ends, and refuses what would cross its budget. With
  /// `redrawing`, random draws that are made again, and those of the backward phase, differ from the first: a bug on purpose,
  /// to be studied. `isCancelled` is asked between actions.
  ///
  /// Throws where the inputs are not those of the graph, bytes cannot be had, a kernel meets a value that it cannot compute
  /// with, the tier fails, or the run is cancelled; nothing that the run made is live then. Parameters that updates of a
  /// training graph wrote stay written: `Binding` is made for those.
  package func run(
    inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool = false,
    tier: Tier.Kind = .file, isCancelled: () -> Bool = { false }
  ) throws(ExecutionError) -> RunRecord {
    try check(inputs)
    if let budget = ledger.budget, ledger.liveTotal + rehearsal.peak > budget {
      // Now rather than between actions, where it would change what the timeline is measured from.
      _ = ledger.reclaim?()
    }
    let run = try Run(
      self, inputs: inputs, context: context, ledger: ledger, redrawing: redrawing, tier: tier)
    do throws(ExecutionError) {
      for number in schedule.actions.indices {
        if isCancelled() { throw .interrupted }
        try run.perform(number)
      }
      return try run.record()
    } catch {
      run.abandon()
      throw error
    }
  }
}

/// One run of a program: what is live, and where it lies.
private final class Run {
  private let program: Program
  private let placement: Placement
  private let arena: Arena
  private let tier: Tier
  private let ledger: Ledger
  private let base: Account
  private let draws: Draws
  private var addresses: Addresses
  /// The class of each live value.
  private var holdings: [AccountClass?]
  private var measured: [Rehearsal.Moment] = []
  private var tierBytes = 0
  private var tierPeak = 0
  private var tierTraffic = 0
  private var forwardSteps = 0
  private var replayedSteps = 0
  private var backwardSteps = 0
  private var isComputed: [Bool]

  init(
    _ program: Program, inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool,
    tier: Tier.Kind
  ) throws(ExecutionError) {
    self.program = program
    placement = program.placement
    do { arena = try Arena(byteCount: placement.byteCount) } catch { throw .memory(error) }
    self.tier = try Tier(tier, byteCount: placement.tierByteCount)
    self.ledger = ledger
    base = ledger.live
    draws = Draws(context, redrawing: redrawing)
    let count = program.workload.steps.count
    addresses = Addresses(inputs: inputs, steps: count, nowhere: arena.base)
    holdings = Array(repeating: nil, count: count)
    isComputed = Array(repeating: false, count: count)
    measured.reserveCapacity(program.schedule.actions.count)
    context.fault = nil
  }

  func perform(_ number: Int) throws(ExecutionError) {
    ledger.markAction()
    switch program.schedule.actions[number] {
    case .compute(let step, reusing: let reused): try compute(step, reusing: reused, number)
    case .free(let value): free(program.workload.maker(of: value))
    case .offload(let value):
      let step = program.workload.maker(of: value)
      let bytes = bytes(of: step)
      try tier.store(addresses.ofStep[step], bytes, at: placement.onTier[number])
      tierBytes += bytes
      tierPeak = max(tierPeak, tierBytes)
      tierTraffic += bytes
    case .fetch(let value):
      let step = program.workload.maker(of: value)
      let bytes = bytes(of: step)
      try begin(step, number)
      try tier.load(addresses.ofStep[step], bytes, from: placement.onTier[number])
      tierTraffic += bytes
      if placement.isLastFetch[number] { tierBytes -= bytes }
    }
    measured.append(
      Rehearsal.Moment(
        during: Footprint(ledger.actionPeak - base), after: Footprint(ledger.live - base)))
  }

  private func compute(_ step: Int, reusing reused: Int?, _ number: Int) throws(ExecutionError) {
    let described = program.workload.steps[step]
    ledger.label = described.label
    if let reused = reused.map({ program.workload.maker(of: $0) }), let old = holdings[reused],
      let new = (program.rehearsal.holdings[number].first ?? nil).map(AccountClass.init)
    {
      ledger.move(bytes(of: step), from: old, to: new)
      holdings[reused] = nil
      holdings[step] = new
      addresses.ofStep[step] = addresses.ofStep[reused]
    } else if described.phase != .update {
      try begin(step, number)
    }
    if described.scratch > 0 {
      do { try ledger.acquire(described.scratch, as: .workspace) } catch { throw .memory(error) }
    }
    let isAgain = isComputed[step]
    let scratch = placement.scratch[number]
    addresses.instruction(
      for: program.joint.graph.nodes[step], step: step,
      scratch: scratch < 0 ? nil : arena.base + scratch,
      context: draws.context(isFirst: described.phase == .forward && !isAgain))()
    if described.scratch > 0 { ledger.release(described.scratch, of: .workspace) }
    isComputed[step] = true
    switch described.phase {
    case .forward: if isAgain { replayedSteps += 1 } else { forwardSteps += 1 }
    case .backward, .update: backwardSteps += 1
    }
    if let fault = draws.fault { throw .kernel(fault) }
  }

  private func bytes(of step: Int) -> Int { program.workload.steps[step].results.first?.bytes ?? 0 }

  /// Begins the life of a value.
  private func begin(_ step: Int, _ number: Int) throws(ExecutionError) {
    guard let holding = program.rehearsal.holdings[number].first ?? nil else { return }
    let bytes = bytes(of: step)
    let account = AccountClass(holding)
    do { try ledger.acquire(bytes, as: account) } catch { throw .memory(error) }
    holdings[step] = account
    addresses.ofStep[step] = arena.base + placement.values[number]
  }

  private func free(_ step: Int) {
    if let account = holdings[step] {
      ledger.release(bytes(of: step), of: account)
      holdings[step] = nil
    }
  }

  /// Forgets all that the run made.
  func abandon() {
    for (step, account) in holdings.enumerated() where account != nil { free(step) }
    if ledger.live[.workspace] > base[.workspace] {
      ledger.release(ledger.live[.workspace] - base[.workspace], of: .workspace)
    }
    ledger.label = ""
  }

  /// The results, once all actions are done; the rest of the arena goes back to the system.
  func record() throws(ExecutionError) -> RunRecord {
    ledger.label = ""
    var storages: [Int: Storage] = [:]
    for (step, account) in holdings.enumerated() {
      guard let account else { continue }
      do {
        storages[step] = try Storage(
          takingOver: addresses.ofStep[step], in: arena,
          byteCount: bytes(of: step), account: account, ledger: ledger)
      } catch { throw .memory(error) }
      holdings[step] = nil
    }
    arena.discard(
      except: storages.values.filter(\.liesInArena).map { storage in
        let start = storage.pointer - arena.base
        return start..<start + storage.byteCount
      })
    let joint = program.joint
    var owned: Set<Int> = []
    let gradients = joint.gradients.map { gradient -> Tensor? in
      guard let value = gradient.value, let node = value.node, let storage = storages[node] else {
        return nil
      }
      if owned.insert(node).inserted { storage.account = .gradients }
      return Tensor(shape: value.shape, dtype: value.dtype, storage: storage)
    }
    // States, which later runs may overwrite, share their storage with nothing.
    var states: [Tensor] = []
    for update in joint.graph.stateUpdates {
      states.append(try result(update.value, storages, as: .state, owned: &owned))
    }
    return RunRecord(
      loss: try result(joint.loss, storages, as: .values, owned: &owned), gradients: gradients,
      states: states, measured: measured, tierPeak: tierPeak, tierTraffic: tierTraffic,
      forwardSteps: forwardSteps, replayedSteps: replayedSteps, backwardSteps: backwardSteps)
  }

  /// A value as a result: the storage that took it over, or a copy where it is an input's or another result's.
  private func result(
    _ value: Operand, _ storages: [Int: Storage], as account: AccountClass,
    owned: inout Set<Int>
  ) throws(ExecutionError) -> Tensor {
    let storage = value.node.flatMap { storages[$0] }
    if let node = value.node, let storage, owned.insert(node).inserted {
      storage.account = account
      return Tensor(shape: value.shape, dtype: value.dtype, storage: storage)
    }
    do {
      let copy = try Tensor(
        uninitialized: value.shape, dtype: value.dtype, account: account, ledger: ledger)
      copy.storage.pointer.copyMemory(
        from: storage?.pointer ?? addresses[value], byteCount: copy.byteCount)
      return copy
    } catch { throw .memory(error) }
  }
}
