import Execution
import Graphs
package import Tensors

/// What workers bring together when training is over.
extension WorkerTrainer {
  /// Brings to every process what only some have: parameters and states from the server's, and the
  /// losses; and what each worker's ledger saw.
  package func finish() {
    guard let group else {
      (peaks, agrees) = (replicas.map(\.peak), replicas.allSatisfy(\.agrees))
      return
    }
    if let server {
      for tensor in server.replicated { group.spread(tensor.bytes, from: 0) }
      losses.withUnsafeMutableBytes { group.spread($0, from: 0) }
    }
    let own = replicas[0]
    let mine = AccountClass.allCases.map { Double(own.peak[$0]) } + [own.agrees ? 1 : 0]
    let all = group.gather(mine)
    peaks = all.map { numbers in
      var account = Account()
      for (kind, bytes) in zip(AccountClass.allCases, numbers) { account[kind] = Int(bytes) }
      return account
    }
    agrees = all.allSatisfy { $0.last == 1 }
  }

  /// True where replicas have gone on by themselves since they were averaged last.
  package var areApart: Bool {
    guard group == nil, setting.count > 1, case .local = setting.mode,
      let last = losses.indices.last
    else { return false }
    return !averages(afterBatch: groups.batches(of: last).upperBound - 1)
  }

  /// Averages replicas that are apart, as behind the last step of a loop: one that is stopped comes
  /// to what one that ends there does. Throws `.execution(.memory)`, and changes nothing, where a
  /// worker has no room to add up in.
  package func settle() throws(ExperimentError) {
    guard areApart else { return }
    var exchanges: [(exchange: Exchange, tensors: [Tensor])] = trained.map {
      (Exchange(.average, setting.way, workers: setting.count, values: 1), [$0])
    }
    for dtype in DType.allCases where dtype.isFloating {
      let members = states.filter { $0.dtype == dtype }
      guard !members.isEmpty else { continue }
      exchanges.append(
        (
          Exchange(.allReduce, setting.way, workers: setting.count, values: members.count),
          members
        ))
    }
    let bytes = exchanges.map { exchange, tensors in
      exchange.scratchBytes(tensors.map { TensorType($0.shape, $0.dtype) })
    }
    var scratch: [Storage] = []
    do {
      for replica in replicas {
        scratch.append(
          try Storage(
            byteCount: bytes.max() ?? 0, account: .workspace, ledger: replica.ledger))
      }
    } catch { throw .execution(.memory(error)) }
    let rows = groups.rows(ofBatch: groups.batches(of: losses.count - 1).upperBound - 1)
    let shares = replicas.map { Double(share(of: rows, rank: $0.rank).count) / Double(rows) }
    for (exchange, tensors) in exchanges {
      rendezvous.exchange(
        exchange, of: replicas.map { tensors.compactMap($0.own) }, shares: shares,
        scratch: scratch)
    }
  }

  /// True where some workers have moments that the session's optimizer lacks.
  package var hasScatteredMoments: Bool {
    setting.count > 1 && setting.sharesOptimizer || group != nil && setting.isServed
  }

  /// Writes a parameter's moments over the session's, where another worker has them. All processes
  /// call it for the same parameters in the same order.
  package func gather(_ moments: [Tensor], of parameter: Tensor) {
    if setting.isServed {
      for moment in moments { group?.spread(moment.bytes, from: 0) }
      return
    }
    guard let group else {
      let owner = replicas.first { $0.moments(of: parameter) != nil }
      for (moment, own) in zip(moments, owner?.moments(of: parameter) ?? []) {
        moment.overwrite(with: own)
      }
      return
    }
    let isOwn = replicas[0].moments(of: parameter) != nil
    let owner = group.gather([isOwn ? 1 : 0]).firstIndex { $0[0] == 1 } ?? 0
    for moment in moments { group.spread(moment.bytes, from: owner) }
  }
}
