/// What workers that train together send each other in one step, and in which order numbers are
/// added up. All of them come to the same exchanges in the same order.
package struct Exchange: Hashable, Sendable {
  /// What becomes of the operands.
  package enum Kind: Hashable, Sendable {
    /// Each worker's share of each operand is added up, and each worker gets the sums as results.
    case allReduce
    /// The same, but only the worker that owns the parameters gets the sums; `isOwner` where that
    /// is who runs it.
    case reduce(owner: Int, isOwner: Bool)
    /// The owner's operand is written over that of all others.
    case broadcast(owner: Int)
    /// The average of all workers' operands is written over each.
    case average
    /// The operands go to the server that updates the parameters.
    case push
  }

  /// Along which ways numbers travel: it decides the order in which they are added up, how many
  /// messages there are and how long they are.
  package enum Way: String, Hashable, Sendable, CaseIterable {
    /// Each worker sends to the next, a part of so many parts as there are workers at a time: part
    /// c is added up from worker c on, all around, and then goes around once more (Patarasuk and
    /// Yuan 2009).
    case ring
    /// Pairs of workers, then pairs of pairs; and back down.
    case tree
    /// All send all to worker 0, which adds up in the order of the workers, and sends all to each.
    case naive
  }

  /// What becomes of the operands.
  package let kind: Kind
  /// Along which ways.
  package let way: Way
  /// How many workers take part, 2 or more.
  package let workers: Int
  /// How many operands it has.
  package let values: Int
  /// True where operands are sums of a group of micro-batches, in which each gradient has its
  /// share already.
  package let takesSums: Bool

  /// An exchange of so many values.
  package init(_ kind: Kind, _ way: Way, workers: Int, values: Int, takesSums: Bool = false) {
    self.kind = kind
    self.way = way
    self.workers = workers
    self.values = values
    self.takesSums = takesSums
  }
}

extension Exchange {
  /// True where it makes no value: it writes its operand, or sends away what it reads.
  package var isInPlace: Bool {
    switch kind {
    case .allReduce, .reduce(owner: _, isOwner: true): false
    case .reduce, .broadcast, .average, .push: true
    }
  }

  /// True where numbers of several workers are added up.
  package var adds: Bool {
    switch kind {
    case .allReduce, .reduce, .average: true
    case .broadcast, .push: false
    }
  }

  /// As it prints among operations.
  var name: String {
    switch kind {
    case .allReduce: "all_reduce"
    case .reduce: "reduce_to_owner"
    case .broadcast: "take_from_owner"
    case .average: "average_workers"
    case .push: "push"
    }
  }

  var attributes: [String] {
    let owner: [String] =
      switch kind {
      case .reduce(let owner, _), .broadcast(let owner): ["owner: \(owner)"]
      case .allReduce, .average, .push: []
      }
    return (kind == .push ? [] : ["\(way.rawValue)"]) + ["workers: \(workers)"] + owner
  }

  /// The places, among so many elements one after the other, of a part of as many parts as there
  /// are workers.
  package func part(_ number: Int, of count: Int) -> Range<Int> {
    number * count / workers..<(number + 1) * count / workers
  }

  /// The order in which the workers' numbers of a part are added up in a ring.
  package func order(ofPart number: Int) -> [Int] {
    (0..<workers).map { (number + $0) % workers }
  }

  /// What all workers together send, of operands of so many elements of so many bytes.
  package func traffic(elements: Int, width: Int) -> Traffic {
    let others = workers - 1
    let bytes = elements.saturatingMultiply(width)
    return switch (kind, way) {
    case (.push, _): Traffic(bytes: bytes, messages: 1)
    case (.broadcast, _): Traffic(bytes: others.saturatingMultiply(bytes), messages: others)
    case (.reduce(let owner, _), .ring):
      // Each part goes around but for one hop, and those that the owner lacks go to it.
      Traffic(
        bytes: others.saturatingMultiply(bytes).saturatingAdd(
          bytes - part((owner + 1) % workers, of: elements).count * width),
        messages: workers * others + others)
    case (.reduce(let owner, _), _):
      // To worker 0, and from there to the owner.
      Traffic(
        bytes: (others + (owner > 0 ? 1 : 0)).saturatingMultiply(bytes),
        messages: others + (owner > 0 ? 1 : 0))
    case (.allReduce, .ring), (.average, .ring):
      Traffic(bytes: (2 * others).saturatingMultiply(bytes), messages: 2 * workers * others)
    case (.allReduce, _), (.average, _):
      Traffic(bytes: (2 * others).saturatingMultiply(bytes), messages: 2 * others)
    }
  }

  /// How long it takes on a machine whose messages take `latency` seconds and one more for each
  /// `bandwidth` bytes: what follows each other, in seconds.
  package func seconds(bytes: Int, latency: Double, bandwidth: Double) -> Double {
    func messages(_ count: Int, of bytes: Double) -> Double {
      Double(count) * (latency + bytes / bandwidth)
    }
    let (whole, part) = (Double(bytes), Double(bytes) / Double(workers))
    let others = workers - 1
    // The levels of a binary tree.
    let levels = Int.bitWidth - others.leadingZeroBitCount
    return switch (kind, way) {
    case (.push, _): messages(1, of: whole)
    case (.broadcast, .tree): messages(levels, of: whole)
    case (.broadcast, _): messages(others, of: whole)
    case (.reduce, .ring): messages(2 * others, of: part)
    case (.reduce, .tree): messages(levels, of: whole)
    case (.reduce, .naive): messages(others, of: whole)
    case (_, .ring): messages(2 * others, of: part)
    case (_, .tree): messages(2 * levels, of: whole)
    case (_, .naive): messages(2 * others, of: whole)
    }
  }
}

/// Bytes on their way between workers, and the messages that carry them.
package struct Traffic: Hashable, Sendable {
  /// Bytes sent.
  package var bytes = 0
  /// Messages sent.
  package var messages = 0

  /// So many of both.
  package init(bytes: Int = 0, messages: Int = 0) {
    self.bytes = bytes
    self.messages = messages
  }

  /// Both sums.
  package static func + (a: Traffic, b: Traffic) -> Traffic {
    Traffic(bytes: a.bytes.saturatingAdd(b.bytes), messages: a.messages + b.messages)
  }
}
