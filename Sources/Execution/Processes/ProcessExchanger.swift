package import Graphs
import Tensors

/// Exchanges between processes: messages along the same ways, added up in the same order as where
/// workers meet in one process, so that the same bits come of it.
package final class ProcessExchanger: Exchanger {
  private let group: ProcessGroup
  /// Bytes and messages that this process has sent.
  package private(set) var sent = Traffic()

  /// What exchanges with the other processes of a group, each of which is a worker.
  package init(_ group: ProcessGroup) { self.group = group }

  package func exchange(_ part: ExchangePart, _ context: RunContext) {
    switch part.exchange.kind {
    case .allReduce, .average:
      addUp(part)
    case .reduce(let owner, _):
      addUp(part, at: owner)
    case .broadcast(let owner):
      spread(part, from: owner)
    case .push:
      for operand in part.operands {
        send(UnsafeRawPointer(operand.pointer), operand.count * part.width, to: 0)
      }
    }
  }

  // MARK: Messages

  private func send(_ from: UnsafeRawPointer, _ bytes: Int, to other: Int) {
    shift(to: other, from, bytes, from: nil, nil, 0)
  }

  private func receive(_ into: UnsafeMutableRawPointer, _ bytes: Int, from other: Int) {
    shift(to: nil, nil, 0, from: other, into, bytes)
  }

  private func shift(
    to: Int?, _ out: UnsafeRawPointer?, _ outBytes: Int, from: Int?,
    _ into: UnsafeMutableRawPointer?, _ inBytes: Int
  ) {
    if to != nil { sent = sent + Traffic(bytes: outBytes, messages: 1) }
    group.shift(
      to: to, UnsafeRawBufferPointer(start: out, count: outBytes), from: from,
      UnsafeMutableRawBufferPointer(start: into, count: inBytes))
  }

  // MARK: Sums

  /// Adds up; all get the sums, or one of them.
  private func addUp(_ part: ExchangePart, at owner: Int? = nil) {
    guard let (own, other) = part.halves else { return }
    if part.exchange.way == .ring {
      addUpInRing(part, own, other, at: owner)
      return
    }
    let (count, rank) = (part.count, group.rank)
    let bytes = count * part.width
    part.writeShare(of: 0..<count, to: own)
    var isSent = false
    for (to, from) in part.exchange.pairs where !isSent {
      if rank == to {
        receive(other, bytes, from: from)
        part.add(other, count: count, to: own)
      } else if rank == from {
        send(own, bytes, to: to)
        isSent = true
      }
    }
    if let owner {
      if owner != 0, rank == 0 { send(own, bytes, to: owner) }
      if owner != 0, rank == owner { receive(own, bytes, from: 0) }
      if rank == owner { part.receive(0..<count, from: own) }
      return
    }
    // Back along the same pairs.
    for (to, from) in part.exchange.pairs.reversed() {
      if rank == from { receive(own, bytes, from: to) }
      if rank == to { send(own, bytes, to: from) }
    }
    part.receive(0..<count, from: own)
  }

  /// Part c sets out from worker c, and each adds its share; then the sums go around, or to the
  /// one who gets them.
  private func addUpInRing(
    _ part: ExchangePart, _ first: UnsafeMutableRawPointer, _ second: UnsafeMutableRawPointer,
    at owner: Int?
  ) {
    let (exchange, count, size, rank) = (part.exchange, part.count, group.size, group.rank)
    let (next, before) = ((rank + 1) % size, (rank + size - 1) % size)
    func stretch(_ number: Int) -> Range<Int> {
      exchange.part((number % size + size) % size, of: count)
    }
    var (outgoing, incoming) = (first, second)
    part.writeShare(of: stretch(rank), to: outgoing)
    for turn in 1..<size {
      let (out, into) = (stretch(rank - turn + 1), stretch(rank - turn))
      shift(
        to: next, outgoing, out.count * part.width, from: before, incoming,
        into.count * part.width)
      part.addShare(of: into, to: incoming)
      swap(&outgoing, &incoming)
    }
    // What lies here now is the whole sum of the part behind this worker's.
    if let owner {
      for worker in 0..<size where worker != owner {
        let done = stretch(worker + 1)
        if rank == worker { send(outgoing, done.count * part.width, to: owner) }
        if rank == owner {
          receive(incoming, done.count * part.width, from: worker)
          part.receive(done, from: incoming)
        }
      }
      if rank == owner { part.receive(stretch(rank + 1), from: outgoing) }
      return
    }
    part.receive(stretch(rank + 1), from: outgoing)
    for turn in 1..<size {
      let (out, into) = (stretch(rank - turn + 2), stretch(rank - turn + 1))
      shift(
        to: next, outgoing, out.count * part.width, from: before, incoming,
        into.count * part.width)
      part.receive(into, from: incoming)
      swap(&outgoing, &incoming)
    }
  }

  /// The owner's operand is passed on: around, down a tree, or to each.
  private func spread(_ part: ExchangePart, from owner: Int) {
    let place = part.operands[0].pointer
    let bytes = part.count * part.width
    let (size, rank) = (group.size, group.rank)
    // Ranks as the owner counts them.
    let own = (rank - owner + size) % size
    func worker(_ place: Int) -> Int { (place + owner) % size }
    switch part.exchange.way {
    case .ring:
      if own > 0 { receive(place, bytes, from: worker(own - 1)) }
      if own < size - 1 { send(place, bytes, to: worker(own + 1)) }
    case .tree, .naive:
      for (to, from) in part.exchange.pairs.reversed() {
        if own == from { receive(place, bytes, from: worker(to)) }
        if own == to { send(place, bytes, to: worker(from)) }
      }
    }
  }
}
