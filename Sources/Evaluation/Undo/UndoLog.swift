/// What was there before the running command changed it, so that the command can be taken back: law
/// 5.
struct UndoLog {
  /// One thing as it was.
  enum Entry {
    case cell(Cell, Value, isDefined: Bool)
    /// A tensor was given other bytes.
    case backing(TensorValue, TensorValue.Backing)
    /// An optimizer was given moments for a parameter.
    case moments(Optimizer, parameter: TensorValue)
    /// An optimizer counted an update, or was given another rate.
    case optimizer(Optimizer, updateCount: Int, Optimizer.Setting)
  }
  private var entries: [Entry] = []
  /// Counts the stretches, which end where it forgets: a command, or a step of one that stays.
  private var stretch = 0
  /// The last variable that was there when the running stretch began. Going back to then leads to
  /// none of the later ones, so nothing is remembered of them: what they held is free at once.
  private var lastCellBefore = Cell.lastNumber

  /// Writes a cell, remembering its content at its first write in the running stretch. True where
  /// this is that write.
  @inline(__always)
  mutating func write(_ value: Value, to cell: Cell) -> Bool {
    if cell.overwrite(value, stretch: stretch) { return false }
    remember(cell, value)
    return true
  }

  @inline(never)
  private mutating func remember(_ cell: Cell, _ value: Value) {
    if cell.isTopLevel || cell.number <= lastCellBefore {
      entries.append(.cell(cell, cell.value, isDefined: cell.isDefined))
    }
    cell.begin(value, stretch: stretch)
  }

  /// Remembers something that is about to change and that is no cell.
  mutating func remember(_ entry: Entry) { entries.append(entry) }

  /// Puts everything back, the latest first, and forgets.
  mutating func rollBack() {
    for entry in drained().reversed() {
      switch entry {
      case .cell(let cell, let value, let isDefined): cell.putBack(value, isDefined: isDefined)
      case .backing(let tensor, let backing): tensor.backing = backing
      case .moments(let optimizer, let parameter): optimizer.forget(parameter)
      case .optimizer(let optimizer, let count, let setting):
        optimizer.updateCount = count
        optimizer.setting = setting
      }
    }
  }

  /// Forgets: what was written stays.
  mutating func commit() {
    entries.removeAll(keepingCapacity: entries.count < 100)
    begin()
  }

  /// What it remembers, which it forgets; the next write of each cell is remembered again.
  mutating func drained() -> [Entry] {
    defer {
      entries.removeAll()
      begin()
    }
    return entries
  }

  /// A stretch begins.
  private mutating func begin() {
    stretch += 1
    lastCellBefore = Cell.lastNumber
  }

  /// Hands over what it remembers.
  func forEachEntry(_ visit: (Entry) -> Void) { entries.forEach(visit) }

  /// How much it remembers.
  var count: Int { entries.count }

  /// True where nothing was changed in the running stretch that was there before it.
  var isEmpty: Bool { entries.isEmpty }
}
