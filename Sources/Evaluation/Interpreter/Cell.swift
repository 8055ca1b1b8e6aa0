import Synchronization

/// A variable that outlives a frame: a name at top level, a variable that a function captured, a
/// layer's state.
package final class Cell {
  /// The variable's, as it is declared.
  package let name: String
  /// Set through `Interpreter.write`, which remembers what was there.
  package private(set) var value: Value
  package private(set) var isDefined: Bool
  /// The command that wrote it last, so that only the first write of a command is remembered.
  private var command = -1
  /// The command whose undo record has its content already.
  var recordedBy = -1
  /// True for a name at top level.
  let isTopLevel: Bool
  /// True once `CycleSweep` watches it.
  var isWatched = false

  /// Cells are numbered as they are made.
  let number = Cell.made.add(1, ordering: .relaxed).newValue
  private static let made = Atomic<Int>(0)

  /// The number of the cell made last, in any session.
  static var lastNumber: Int { made.load(ordering: .relaxed) }

  /// Without a value it is not defined: reading a name of the session then fails.
  init(name: String, value: Value? = nil, isTopLevel: Bool = false) {
    self.name = name
    self.isTopLevel = isTopLevel
    self.value = value ?? .none
    self.isDefined = value != nil
  }

  deinit { Teardown.release(&value) }

  /// Writes again what the running command wrote before. False where this is its first write.
  @inline(__always)
  func overwrite(_ value: Value, command: Int) -> Bool {
    guard self.command == command else { return false }
    self.value = value
    return true
  }

  /// The first write of a command.
  func begin(_ value: Value, command: Int) {
    self.command = command
    self.value = value
    isDefined = true
  }

  /// What was written stays: the next write is a first one again.
  func endCommand() { command = -1 }

  /// Gives it back a content that it had.
  func putBack(_ value: Value, isDefined: Bool) {
    self.value = value
    self.isDefined = isDefined
    command = -1
  }
}
