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
      ledger: bench.ledger)
  }

  /// One update: the gradients of the worker that arrives next, of the next batch.
  func pushStep(_ number: Int) throws(ExperimentError) -> Double {
    guard let server else { preconditionFailure("a server is there before the first step") }
    let key = key(ofStep: number, rank: 0)
    let before = server.arrivals
    for rank in before.fetching() { replicas[rank].overwrite(server.replicated, fromSession: true) }
    let arrival = server.arrivals.next { self.arrival(of: $0, before.versions[$0], key, server) }
    let replica = replicas[arrival.rank]
    guard let pass = replica.passes[key] else {
      preconditionFailure("the pass of step \(number) is not prepared")
    }
    do throws(ExperimentError) {
      load(number, into: replica)
      replica.context.exchanger = server
      defer { replica.leave() }
      server.begin()
      do throws(ExecutionError) {
        pass.binding.begin()
        _ = try pass.binding.advance(
          keepingTimeline: pass.isMeasured, isCancelled: bench.isCancelled)
      } catch { throw .execution(error) }
      try server.update(on: bench)
    } catch {
      // Nobody has taken anything from the server since; states of the worker go back.
      replica.overwrite(server.states, fromSession: true)
      server.arrivals = before
      throw error
    }
    replica.overwrite(server.states, fromSession: false)
    pass.compare()
    staleness.append(number - arrival.version)
    // It takes the parameters, and sends gradients: what it takes comes to as much each time.
    traffic.append(sent(key) + Traffic(bytes: server.bytes, messages: 1))
    if var clock {
      let time = self.arrival(of: arrival.rank, arrival.version, key, server)
      clock.note(time, of: arrival.rank)
      times.append(max(times.last ?? 0, time))
      self.clock = clock
    }
    if server.arrivals.versions[arrival.rank] > arrival.version {
      replica.overwrite(server.replicated, fromSession: true)
    }
    bench.note(pass.rehearsed)
    return pass.binding.loss
  }

  /// When a worker's gradients come that are taken with a version of the parameters; without a
  /// machine all workers take as long, and come in turn.
  private func arrival(
    of rank: Int, _ version: Int, _ key: Key, _ server: ParameterServer
  ) -> Double {
    guard let clock else { return Double(version) }
    return clock.arrival(
      of: rank, since: version > 0 ? times[version - 1] : 0,
      cycle: clock.cycle(of: rank, key, parameters: server.bytes))
  }
}
