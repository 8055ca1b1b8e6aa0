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
    /// A node is computed: its place in `Program.calls`.
    case compute(call: Int, Turn)
    case store(Transfer)
    case load(Transfer)
  }

  /// What a computed step is counted as.
  enum Turn { case forward, replayed, backward }

  /// A value's way to the slower tier or back.
  struct Transfer {
    /// How many are copied.
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
    /// How many.
    let bytes: Int
    /// Their class before; `nil` where they begin to live.
    let old: AccountClass?
    /// Their class from now on; `nil` where they end.
    let new: AccountClass?
  }

  /// A node that is computed: where it reads and writes.
  struct Call {
    /// Index into the nodes of the joint graph.
    let node: Int
    /// Where each operand lies, in order.
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
    /// The value, by its number in the workload.
    let value: Int
    /// Bytes of the value.
    let bytes: Int
    /// The class that its bytes are counted in.
    let account: AccountClass
    /// Block of the arena.
    let block: Int
  }
}
