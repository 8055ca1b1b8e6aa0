/// A variable that outlives a frame: a name at top level, a variable that a function captured, a layer's state.
package final class Cell {
  package let name: String
  /// Set through `Interpreter.write`, which remembers what was there.
  package fileprivate(set) var value: Value
  package fileprivate(set) var isDefined: Bool
  /// The command that wrote it last, so that only the first write of a command is remembered.
  fileprivate var command = -1

  init(name: String, value: Value? = nil) {
    self.name = name
    self.value = value ?? .none
    self.isDefined = value != nil
  }
}

/// What cells held before a command, so that it can be undone: law 5.
package struct UndoLog {
  private var entries: [(cell: Cell, value: Value, isDefined: Bool)] = []

  package var isEmpty: Bool { entries.isEmpty }

  /// Writes a cell, remembering its content at its first write since `command` began.
  @inline(__always)
  mutating func write(_ value: Value, to cell: Cell, command: Int) {
    if cell.command != command {
      entries.append((cell, cell.value, cell.isDefined))
      cell.command = command
    }
    cell.value = value
    cell.isDefined = true
  }

  /// Puts every cell back, the latest first, and forgets.
  mutating func rollBack() {
    for entry in entries.reversed() {
      entry.cell.value = entry.value
      entry.cell.isDefined = entry.isDefined
      entry.cell.command = -1
    }
    entries.removeAll()
  }

  /// Forgets: what was written stays.
  mutating func commit() {
    for entry in entries { entry.cell.command = -1 }
    entries.removeAll()
  }
}
