import Execution
import Graphs

/// Steps in which all workers take part.
extension WorkerTrainer {
  /// Runs a step's batches one after the other, and gives the loss: the average of the workers', by
  /// their rows.
  func lockstep(_ number: Int) throws(ExperimentError) -> Double {
    var losses = [Double](repeating: 0, count: replicas.count)
    var (sent, seconds) = (Traffic(), 0.0)
    for replica in replicas { replica.beginGroup() }
    do throws(ExecutionError) {
      for batch in groups.batches(of: number) {
        bench.context.step &+= 1
        try run(batch, adding: &losses)
        let keys = replicas.map { key(ofBatch: batch, rank: $0.rank) }
        sent = sent + self.sent(keys[0])
        seconds += clock?.seconds(ofStep: keys) ?? 0
      }
    } catch {
      for replica in replicas { replica.restoreStates() }
      throw .execution(error)
    }
    didSkip = replicas[0].context.skipsUpdates
    traffic.append(sent)
    if clock != nil { times.append((times.last ?? 0) + seconds) }
    if let group { losses = group.gather(losses).map { $0[0] } }
    return losses.reduce(0, +)
  }

  /// Runs the workers' passes of a batch, and adds what each comes to to its loss.
  private func run(_ batch: Int, adding losses: inout [Double]) throws(ExecutionError) {
    var passes: [WorkerPass] = []
    for replica in replicas {
      guard let pass = replica.passes[key(ofBatch: batch, rank: replica.rank)] else {
        preconditionFailure("the pass of batch \(batch) is not prepared")
      }
      load(batch, into: replica)
      if setting.count > 1 {
        replica.context.exchanger = exchanger ?? rendezvous.seat(of: replica.rank)
      }
      passes.append(pass)
    }
    try run(passes)
    for (place, pass) in passes.enumerated() {
      pass.compare()
      losses[place] += weight(ofBatch: batch, rank: replicas[place].rank) * pass.binding.loss
    }
    bench.note(passes[0].rehearsed)
  }

  /// Runs passes in turn, each from one exchange to the next. None changes anything before all have
  /// come to where they have to be finished: one that fails leaves the others as they were.
  private func run(_ passes: [WorkerPass]) throws(ExecutionError) {
    for pass in passes { pass.binding.begin() }
    for (place, pass) in passes.enumerated() {
      do throws(ExecutionError) {
        try pass.binding.approach(
          keepingTimeline: pass.isMeasured, isCancelled: bench.isCancelled)
      } catch {
        for other in passes[..<place] { other.binding.abandon() }
        throw error
      }
    }
    var waiting = passes
    while !waiting.isEmpty {
      var next: [WorkerPass] = []
      for (place, pass) in waiting.enumerated() {
        do throws(ExecutionError) {
          let isOver = try pass.binding.advance(keepingTimeline: pass.isMeasured)
          if !isOver { next.append(pass) }
        } catch {
          rendezvous.clear()
          for other in next + waiting[(place + 1)...] { other.binding.abandon() }
          throw error
        }
      }
      waiting = next
    }
  }
}
