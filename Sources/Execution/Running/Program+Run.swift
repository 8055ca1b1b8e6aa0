import Graphs
package import Tensors

extension Program {
  /// Runs the schedule once, in an arena of its own: one pass, whose results are handed out.
  ///
  /// The ledger records each value as its life begins and ends, and refuses what would cross its
  /// budget. With `redrawing`, random draws that are made again, and those of the backward phase,
  /// differ from the first: a bug on purpose, to be studied. `isCancelled` is asked between
  /// actions.
  ///
  /// Throws where the inputs are not those of the graph, bytes cannot be had, a kernel meets a
  /// value that it cannot compute with, the tier fails, or the run is cancelled; nothing that the
  /// run made is live then.
  package func run(
    inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool = false,
    tier: Tier.Kind = .file, isCancelled: () -> Bool = { false }
  ) throws(ExecutionError) -> RunRecord {
    let executor = try Executor(
      self, inputs: inputs, context: context, ledger: ledger, redrawing: redrawing, tier: tier)
    try executor.pass(measuring: .timeline, isCancelled: isCancelled)
    return try executor.record(of: self)
  }
}

extension Executor {
  /// The results of the program's pass that is done, in storages that answer for them from here on;
  /// the rest of the arena goes back to the system. The executor must not run again.
  fileprivate func record(of program: Program) throws(ExecutionError) -> RunRecord {
    var storages: [Operand.Origin: Storage] = [:]
    for (place, leftover) in list.leftovers.enumerated() {
      do {
        let value = Operand.Origin.node(leftover.node, result: leftover.result)
        storages[value] = try Storage(
          takingOver: pointer(to: leftover.block), in: arena, byteCount: leftover.bytes,
          account: leftover.account, ledger: ledger)
      } catch {
        releaseLeftovers(from: place)
        throw .memory(error)
      }
    }
    arena.discard(
      except: storages.values.filter(\.liesInArena).map { storage in
        let start = storage.pointer - arena.base
        return start..<start + storage.byteCount
      })
    func tensor(_ result: Operand, as account: AccountClass) -> Tensor? {
      guard let storage = storages[result.origin] else { return nil }
      if storage.account != account { storage.account = account }
      return Tensor(shape: result.shape, dtype: result.dtype, storage: storage)
    }
    let joint = program.joint
    guard let loss = tensor(joint.loss, as: .values) else {
      preconditionFailure("a rehearsed schedule ends with the loss in memory")
    }
    return RunRecord(
      loss: loss,
      gradients: joint.gradients.map { $0.value.flatMap { tensor($0, as: .gradients) } },
      outputs: joint.graph.outputs.compactMap { tensor($0, as: .values) },
      states: joint.graph.stateUpdates.compactMap { tensor($0.value, as: .state) },
      measured: timeline, counts: counts)
  }
}
