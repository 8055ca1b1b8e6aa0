/// What a search has in memory between two computations.
struct SearchState: Hashable {
  /// The next step of the plain order.
  var next: Int
  /// The values in memory.
  var live: ValueSet
  /// Forward steps that ran again before anything needed it, and have yet to show why.
  var due = Due()

  /// A short list of steps; one that finds no room in it is let off.
  struct Due: Hashable {
    private(set) var packed: UInt64 = 0

    /// Whether no step is due.
    @inline(__always)
    var isEmpty: Bool { packed == 0 }

    /// Adds a step, keeping the list in order, so that equal sets are equal lists.
    mutating func add(_ step: Int) {
      guard step < 255, packed >> 56 == 0 else { return }
      var (rest, kept, shift) = (packed, UInt64(0), UInt64(0))
      var new = UInt64(step + 1)
      while rest != 0 || new != 0 {
        let first = rest & 255
        if new != 0, first == 0 || first > new {
          kept |= new << shift
          new = 0
        } else {
          kept |= first << shift
          rest >>= 8
        }
        shift += 8
      }
      packed = kept
    }

    /// Keeps the steps for which `isKept` holds.
    @inline(__always)
    mutating func filter(_ isKept: (Int) -> Bool) {
      var (rest, kept, shift) = (packed, UInt64(0), UInt64(0))
      while rest != 0 {
        if isKept(Int(rest & 255) - 1) {
          kept |= (rest & 255) << shift
          shift += 8
        }
        rest >>= 8
      }
      packed = kept
    }

    @inline(__always)
    func visitAll(_ body: (Int) -> Void) {
      var rest = packed
      while rest != 0 {
        body(Int(rest & 255) - 1)
        rest >>= 8
      }
    }
  }
}

/// The states that a search holds: each with what reaching it cost and how, none that another one
/// makes needless.
///
/// A state is needless where one with the same next step, at least its values and nothing due was
/// reached for no more: eviction is free, so whatever follows from the former follows from the
/// latter. Steps that are due keep a state from making another needless, unless both are equal.
struct SearchMemory {
  struct Node {
    /// What the orders that lead here have in memory, and what they run next.
    var state: SearchState
    /// FLOPs replayed on the way.
    var spent: Int
    /// The number of the node before; −1 for the first.
    var parent: Int32
    /// False once a better one is held.
    var isHeld = true
  }

  /// Nodes of one next step with nothing due, side by side for scanning.
  private struct Shelf {
    var lives: [ValueSet] = []
    var spents: [Int] = []
    var nodes: [Int32] = []

    mutating func remove(at place: Int) {
      lives.swapAt(place, lives.count - 1)
      spents.swapAt(place, spents.count - 1)
      nodes.swapAt(place, nodes.count - 1)
      lives.removeLast()
      spents.removeLast()
      nodes.removeLast()
    }
  }

  private(set) var nodes: [Node] = []
  private var shelves: [Shelf]
  /// Nodes by the hash of their states: open addressing, −1 for none.
  private var slots: [Int32] = Array(repeating: -1, count: 1 << 10)

  /// Room for the states of a graph of so many steps.
  init(steps: Int) { shelves = Array(repeating: Shelf(), count: steps + 1) }

  private func slot(of state: SearchState) -> Int {
    let mask = slots.count - 1
    let mixed = state.live.mixed ^ (state.due.packed &* 0xD6E8_FEB8_6659_FD93)
    let hash = (mixed &+ UInt64(state.next)) &* 0xC2B2_AE3D_27D4_EB4F
    var slot = Int(truncatingIfNeeded: hash >> 20) & mask
    while slots[slot] >= 0, nodes[Int(slots[slot])].state != state { slot = (slot + 1) & mask }
    return slot
  }

  /// Holds a state, unless one that makes it needless is there. Gives its node.
  mutating func add(_ state: SearchState, spent: Int, parent: Int) -> Int? {
    let slot = slot(of: state)
    let known = Int(slots[slot])
    if known >= 0, nodes[known].spent <= spent { return nil }
    if isNeedless(state, spent: spent) { return nil }
    if known >= 0 { nodes[known].isHeld = false }
    let node = nodes.count
    slots[slot] = Int32(node)
    nodes.append(Node(state: state, spent: spent, parent: Int32(parent)))
    if state.due.isEmpty { shelve(node, state, spent) }
    if nodes.count * 2 > slots.count { rehash() }
    return node
  }

  @inline(__always)
  private func isNeedless(_ state: SearchState, spent: Int) -> Bool {
    shelves[state.next].lives.withUnsafeBufferPointer { lives in
      shelves[state.next].spents.withUnsafeBufferPointer { spents in
        for place in lives.indices
        where spents[place] <= spent && lives[place].isSuperset(of: state.live) {
          return true
        }
        return false
      }
    }
  }

  private mutating func shelve(_ node: Int, _ state: SearchState, _ spent: Int) {
    var place = 0
    while place < shelves[state.next].lives.count {
      if shelves[state.next].spents[place] >= spent,
        state.live.isSuperset(of: shelves[state.next].lives[place])
      {
        nodes[Int(shelves[state.next].nodes[place])].isHeld = false
        shelves[state.next].remove(at: place)
      } else {
        place += 1
      }
    }
    shelves[state.next].lives.append(state.live)
    shelves[state.next].spents.append(spent)
    shelves[state.next].nodes.append(Int32(node))
  }

  private mutating func rehash() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (number, node) in nodes.enumerated() where node.isHeld {
      slots[slot(of: node.state)] = Int32(number)
    }
  }
}
