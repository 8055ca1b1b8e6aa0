package import Graphs
package import Tensors

/// Where the workers of one process meet: each does its part of an exchange and waits; the last one
/// has what all get worked out, as messages between processes would.
package final class Rendezvous {
  private var parts: [ExchangePart?]

  /// A place for so many workers.
  package init(workers: Int) { parts = Array(repeating: nil, count: workers) }

  /// The place of one worker.
  package func seat(of rank: Int) -> any Exchanger { Seat(rank, self) }

  /// Forgets who has come: what they do is given up.
  package func clear() { parts = Array(repeating: nil, count: parts.count) }

  /// Has all workers exchange tensors of theirs outside of a pass, which are written over: a list
  /// for each, what its numbers count, and scratch of `Exchange.scratchBytes`.
  package func exchange(
    _ exchange: Exchange, of tensors: [[Tensor]], shares: [Double], scratch: [Storage]
  ) {
    self.exchange(
      tensors.indices.map { rank in
        ExchangePart(
          exchange: exchange, operands: tensors[rank].map(\.view), results: [],
          scratch: scratch[rank].pointer, weight: shares[rank])
      })
  }

  private final class Seat: Exchanger {
    private let rank: Int
    private let rendezvous: Rendezvous

    init(_ rank: Int, _ rendezvous: Rendezvous) {
      self.rank = rank
      self.rendezvous = rendezvous
    }

    func exchange(_ part: ExchangePart, _ context: RunContext) {
      context.isPaused = true
      rendezvous.take(part, of: rank)
    }
  }

  private func take(_ part: ExchangePart, of rank: Int) {
    precondition(parts[rank] == nil, "a worker does its part of an exchange once")
    parts[rank] = part
    let all = parts.compactMap(\.self)
    guard all.count == parts.count else { return }
    clear()
    exchange(all)
  }

  private func exchange(_ parts: [ExchangePart]) {
    guard let first = parts.first else { return }
    switch first.exchange.kind {
    case .allReduce, .average: addUp(parts) { $0 }
    case .reduce(let owner, _): addUp(parts) { [$0[owner]] }
    case .broadcast(let owner):
      let given = parts[owner].operands[0]
      for (rank, part) in parts.enumerated() where rank != owner {
        part.receive(0..<part.count, from: given.pointer)
      }
    case .push: preconditionFailure("what is pushed goes to a server")
    }
  }

  /// Adds up the workers' shares in the order of the way, and hands the sums to those who get them.
  private func addUp(_ parts: [ExchangePart], for takers: ([ExchangePart]) -> [ExchangePart]) {
    let (exchange, count) = (parts[0].exchange, parts[0].count)
    let takers = takers(parts)
    switch exchange.way {
    case .ring:
      for number in parts.indices {
        let stretch = exchange.part(number, of: count)
        guard let (sums, _) = parts[number].halves, !stretch.isEmpty else { continue }
        let order = exchange.order(ofPart: number)
        parts[order[0]].writeShare(of: stretch, to: sums)
        for rank in order.dropFirst() { parts[rank].addShare(of: stretch, to: sums) }
        for taker in takers { taker.receive(stretch, from: sums) }
      }
    case .tree, .naive:
      for part in parts {
        if let (own, _) = part.halves { part.writeShare(of: 0..<count, to: own) }
      }
      for (to, from) in exchange.pairs {
        guard let (sums, _) = parts[to].halves, let (given, _) = parts[from].halves else {
          continue
        }
        parts[to].add(given, count: count, to: sums)
      }
      guard let (sums, _) = parts[0].halves else { return }
      for taker in takers { taker.receive(0..<count, from: sums) }
    }
  }
}

extension Exchange {
  /// Who adds whose sums to its own, in order; all end at worker 0.
  var pairs: [(to: Int, from: Int)] {
    switch way {
    case .naive: return (1..<workers).map { (0, $0) }
    case .ring: return []
    case .tree:
      var pairs: [(to: Int, from: Int)] = []
      var distance = 1
      while distance < workers {
        for rank in stride(from: 0, to: workers - distance, by: 2 * distance) {
          pairs.append((rank, rank + distance))
        }
        distance *= 2
      }
      return pairs
    }
  }
}
