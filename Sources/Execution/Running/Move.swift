import Tensors

/// One action of a schedule, compiled: all that it does to the ledger and to memory, in this order.
struct Move {
  /// What it does to the ledger, as places in `Program.changes`.
  var changes: Range<Int>
  /// Bytes of scratch while it runs.
  var scratch = 0
  /// The step that is computed; `nil` where none is.
  var step: Int?
  /// What is done once the ledger knows.
  var work = Effect.nothing

  /// What a move does to numbers.
  enum Effect {
    case nothing
    /// Nodes are computed: places in `Program.calls`.
    case compute(Range<Int>, Turn)
    case store(Transfer)
    case load(Transfer)
  }

  /// What a computed step is counted as.
  enum Turn { case forward, replayed, backward }

  /// A value's way to the slower tier or back.
  struct Transfer {
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
    let bytes: Int
    let old: AccountClass?
    let new: AccountClass?
  }

  /// A node that is computed: where it reads and writes.
  struct Call {
    let node: Int
    let operands: [Location]
    /// Block of the arena for each result.
    let results: [Int]
    /// Block of the arena for scratch.
    let scratch: Int?
    /// True where a forward step is computed the first time.
    let isFirst: Bool
  }

  /// Where a tensor lies while a program runs.
  enum Location {
    /// Where the tensor bound to an input lies.
    case input(Int)
    /// In a block of the arena.
    case block(Int)
  }

  /// A value that is in memory when all moves are done.
  struct Leftover {
    let value: Int
    let bytes: Int
    let account: AccountClass
    /// Block of the arena.
    let block: Int
  }
}
