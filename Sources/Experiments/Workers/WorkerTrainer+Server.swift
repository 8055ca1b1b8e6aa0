import Execution
import Gradients
import Graphs
import Tensors

/// Asynchronous training: one worker's gradients at a time update the server's parameters.
extension WorkerTrainer {
  /// Makes the server of a block, where there is none.
  func serve(
    _ joint: JointGraph, _ block: TracedBlock, _ plan: UpdatePlan, moments: [Int: [Tensor]],
    states: [Tensor?]
  ) throws(ExperimentError) {
    guard case .async(let delay) = setting.mode, server == nil else { return }
    server = try ParameterServer(
      joint, block, plan, moments: moments, states: states,
      arrivals: ArrivalOrder(workers: setting.count, delay, seed: bench.context.seed),
      isHere: servesFromSession, ledger: bench.ledger)
  }

  /// One update: the gradients of the worker that arrives next, of the next batch or group.
  func pushStep(_ number: Int) throws(ExperimentError) -> Double {
    guard let server else { preconditionFailure("a server is there before the first step") }
    let keys = keys(ofStep: number, rank: 0)
    let before = server.arrivals
    for rank in before.fetching() { give(server.replicated, to: rank) }
    let arrival = server.arrivals.next { self.arrival(of: $0, before.versions[$0], keys, server) }
    var loss = Double.nan
    do throws(ExperimentError) {
      server.begin()
      let replica = replicas.first { $0.rank == arrival.rank }
      replica?.beginGroup()
      let batches = groups.batches(of: number)
      for batch in batches {
        bench.context.step &+= 1
        guard let replica else { continue }
        let share = weight(ofBatch: batch, rank: arrival.rank)
        loss =
          (batch == batches.lowerBound ? 0 : loss)
          + share * (try push(batch, from: replica, to: server))
      }
      if replica == nil, let group, group.rank == 0 {
        server.receive(from: arrival.rank, of: group)
      }
      if servesFromSession { try server.update(on: bench) }
    } catch {
      // States that the worker has changed go back; it has taken nothing from the server since.
      for replica in replicas { replica.overwrite(server.states, fromSession: true) }
      server.arrivals = before
      throw error
    }
    take(server.states, from: arrival.rank, &loss)
    staleness.append(number - arrival.version)
    // It takes the parameters, and sends gradients: what it takes comes to as much each time.
    traffic.append(keys.reduce(server.pulled + server.pushed) { $0 + sent($1) })
    if var clock {
      let time = self.arrival(of: arrival.rank, arrival.version, keys, server)
      clock.note(time, of: arrival.rank)
      times.append(max(times.last ?? 0, time))
      self.clock = clock
    }
    if server.arrivals.versions[arrival.rank] > arrival.version {
      give(server.replicated, to: arrival.rank)
    }
    return loss
  }

  /// Runs a worker's pass of a batch, which pushes its gradients where it ends a step, and gives
  /// its loss.
  private func push(
    _ batch: Int, from replica: Replica, to server: ParameterServer
  ) throws(ExperimentError) -> Double {
    guard let pass = replica.passes[key(ofBatch: batch, rank: replica.rank)] else {
      preconditionFailure("the pass of batch \(batch) is not prepared")
    }
    load(batch, into: replica)
    replica.context.exchanger = servesFromSession ? server : exchanger
    do throws(ExecutionError) {
      pass.binding.begin()
      try pass.binding.approach(
        keepingTimeline: pass.isMeasured, isCancelled: bench.isCancelled)
      _ = try pass.binding.advance(keepingTimeline: pass.isMeasured)
    } catch { throw .execution(error) }
    pass.compare()
    // As where workers take part together, the session counts the first one's work.
    if replica === replicas[0] { bench.note(pass.rehearsed) }
    return pass.binding.loss
  }

  /// Gives the server's tensors to a worker.
  private func give(_ tensors: [Tensor], to rank: Int) {
    let replica = replicas.first { $0.rank == rank }
    guard let group, rank != 0 else {
      replica?.overwrite(tensors, fromSession: true)
      return
    }
    for tensor in tensors {
      if group.rank == 0 { group.send(UnsafeRawBufferPointer(tensor.bytes), to: rank) }
      if let own = replica?.own(tensor) { group.receive(own.bytes, from: 0) }
    }
  }

  /// Takes the states of the worker that has pushed, and its loss.
  private func take(_ states: [Tensor], from rank: Int, _ loss: inout Double) {
    let replica = replicas.first { $0.rank == rank }
    guard let group, rank != 0 else {
      replica?.overwrite(states, fromSession: false)
      return
    }
    for state in states {
      if let own = replica?.own(state) { group.send(UnsafeRawBufferPointer(own.bytes), to: 0) }
      if group.rank == 0 { group.receive(state.bytes, from: rank) }
    }
    if replica != nil { withUnsafeBytes(of: loss) { group.send($0, to: 0) } }
    if group.rank == 0 { withUnsafeMutableBytes(of: &loss) { group.receive($0, from: rank) } }
  }

  /// When a worker's gradients come that are taken with a version of the parameters; without a
  /// machine all workers take as long, and come in turn.
  private func arrival(
    of rank: Int, _ version: Int, _ keys: [Key], _ server: ParameterServer
  ) -> Double {
    guard let clock else { return Double(version) }
    return clock.arrival(
      of: rank, since: version > 0 ? times[version - 1] : 0,
      cycle: clock.cycle(of: rank, keys, pulling: server.pulled))
  }
}
