import Tensors

/// One action of a schedule, compiled. Moves come in order, and each takes the next of what
/// `MoveList` has for them: so many changes of the ledger, then what its work needs.
struct Move {
  /// How many changes it makes in the ledger.
  var changeCount: UInt16 = 0
  /// What is done once the ledger knows.
  var work = Work.nothing

  /// What a move does to numbers.
  enum Work {
    case nothing
    /// Computes the next of the list's steps, for the first time, again, or going backward.
    case forward, replayed, backward
    /// Takes the next of the list's transfers to the slower tier.
    case store
    /// Takes the next of the list's transfers back from there.
    case load

    /// True where a step is computed.
    var computes: Bool {
      switch self {
      case .forward, .replayed, .backward: true
      case .nothing, .store, .load: false
      }
    }
  }

  /// A step that is computed.
  struct Computed {
    /// The step.
    let step: UInt32
    /// How many operations it stands for.
    let operations: UInt32
    /// Bytes of scratch while it runs.
    let scratch: Int
  }

  /// A value's way to the slower tier or back.
  struct Transfer {
    /// How many bytes are copied.
    let bytes: Int
    /// Block of the arena.
    let block: Int
    /// Block of the tier.
    let tierBlock: Int
    /// True for the fetch after which the copy on the tier is not fetched again.
    var isLast = false
  }

  /// Bytes that begin to live (`old` is `nil`), end to live (`new` is `nil`), or change class.
  struct Change {
    // A schedule has as many as actions: packed, it takes half of the bytes. What 48 bits do not
    // count is more than any arena has.
    private let low: UInt32
    private let high: UInt16
    /// Their class before; `nil` where they begin to live.
    let old: AccountClass?
    /// Their class from now on; `nil` where they end.
    let new: AccountClass?

    /// A change of so many bytes.
    init(bytes: Int, old: AccountClass?, new: AccountClass?) {
      low = UInt32(truncatingIfNeeded: bytes)
      high = UInt16(clamping: bytes >> 32)
      (self.old, self.new) = (old, new)
    }

    /// How many.
    var bytes: Int { Int(high) << 32 | Int(low) }
  }

  /// A step that is computed: where it reads and writes.
  struct Call {
    /// The last of its nodes, as an index into those of the joint graph.
    let node: UInt32
    /// The first of its places in `Program.locations`: those of its operands, in order, its first
    /// node's first, without what is inside of it; then those of its results, then that of its
    /// scratch, where there is any.
    let firstLocation: UInt32
    /// True where a forward step is computed the first time.
    let isFirst: Bool
    /// True where it has scratch.
    let hasScratch: Bool
  }

  /// Where a tensor lies while a program runs: each instruction names several, in four bytes each.
  struct Location {
    private let number: Int32

    /// Where the tensor bound to an input lies.
    static func input(_ input: Int) -> Location { Location(number: ~Int32(input)) }
    /// In a block of the arena.
    static func block(_ block: Int) -> Location { Location(number: Int32(block)) }

    /// The input; `nil` for a block.
    var input: Int? { number < 0 ? Int(~number) : nil }
    /// The block of the arena; `nil` for an input.
    var block: Int? { number < 0 ? nil : Int(number) }
  }

  /// A value that is in memory when all moves are done.
  struct Leftover {
    /// The node that made it, and which of its results it is.
    let node: Int
    let result: Int
    /// Bytes of the value.
    let bytes: Int
    /// The class that its bytes are counted in.
    let account: AccountClass
    /// Block of the arena.
    let block: Int
  }
}
