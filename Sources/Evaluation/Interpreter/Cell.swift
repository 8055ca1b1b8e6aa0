/// A variable that outlives a frame: a name at top level, a variable that a function captured, a layer's state.
package final class Cell {
  package let name: String
  /// Set through `Interpreter.write`, which remembers what was there.
  package fileprivate(set) var value: Value
  package fileprivate(set) var isDefined: Bool
  /// The command that wrote it last, so that only the first write of a command is remembered.
  fileprivate var command = -1

  /// Writes again what the running command wrote before. False where this is its first write.
  @inline(__always)
  fileprivate func overwrite(_ value: Value, command: Int) -> Bool {
    guard self.command == command else { return false }
    self.value = value
    return true
  }

  deinit { Teardown.release(&value) }

  init(name: String, value: Value? = nil) {
    self.name = name
    self.value = value ?? .none
    self.isDefined = value != nil
  }
}

/// What was there before a command changed it, so that the command can be undone: law 5.
package struct UndoLog {
  private enum Entry {
    case cell(Cell, Value, isDefined: Bool)
    /// Anything else that a command changed, put back by a closure.
    case other(() -> Void)
  }
  private var entries: [Entry] = []

  /// Writes a cell, remembering its content at its first write since `command` began.
  @inline(__always)
  mutating func write(_ value: Value, to cell: Cell, command: Int) {
    if !cell.overwrite(value, command: command) { remember(cell, value, command) }
  }

  @inline(never)
  private mutating func remember(_ cell: Cell, _ value: Value, _ command: Int) {
    entries.append(.cell(cell, cell.value, isDefined: cell.isDefined))
    cell.command = command
    cell.value = value
    cell.isDefined = true
  }

  /// Remembers how to put back something that is no cell.
  mutating func remember(_ putBack: @escaping () -> Void) { entries.append(.other(putBack)) }

  /// Puts everything back, the latest first, and forgets.
  mutating func rollBack() {
    for entry in entries.reversed() {
      switch entry {
      case .cell(let cell, let value, let isDefined):
        cell.value = value
        cell.isDefined = isDefined
        cell.command = -1
      case .other(let putBack): putBack()
      }
    }
    entries.removeAll()
  }

  /// Takes over what another log remembers; what is written after counts as newer.
  mutating func absorb(_ newer: inout UndoLog) {
    newer.age()
    entries += newer.entries
    newer.entries.removeAll()
  }

  /// Forgets: what was written stays.
  mutating func commit() {
    age()
    entries.removeAll()
  }

  /// Lets the next write of each cell be remembered again.
  private func age() {
    for case .cell(let cell, _, _) in entries { cell.command = -1 }
  }
}
