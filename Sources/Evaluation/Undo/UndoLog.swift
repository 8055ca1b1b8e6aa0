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

  /// True where nothing has been changed.
  var isEmpty: Bool { entries.isEmpty }

  /// Writes a cell, remembering its content at its first write since `command` began. True where
  /// this is that write.
  @inline(__always)
  mutating func write(_ value: Value, to cell: Cell, command: Int) -> Bool {
    if cell.overwrite(value, command: command) { return false }
    remember(cell, value, command)
    return true
  }

  @inline(never)
  private mutating func remember(_ cell: Cell, _ value: Value, _ command: Int) {
    entries.append(.cell(cell, cell.value, isDefined: cell.isDefined))
    cell.begin(value, command: command)
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
  mutating func commit() { _ = drained() }

  /// What it remembers, which it forgets; the next write of each cell is remembered again.
  mutating func drained() -> [Entry] {
    for case .cell(let cell, _, _) in entries { cell.endCommand() }
    defer { entries.removeAll() }
    return entries
  }
}
