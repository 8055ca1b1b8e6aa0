import Synchronization

/// A variable that outlives a frame: a name at top level, a variable that a function captured, a
/// layer's state.
package final class Cell: Owned {
  // A network has several for each layer: their order leaves no gaps.
  /// True once something was written to it.
  package private(set) var isDefined: Bool
  /// True for a name at top level.
  let isTopLevel: Bool
  /// True once `CycleSweep` watches it.
  var isWatched = false
  /// The variable's, as it is declared.
  package let name: String
  /// Set through `Interpreter.write`, which remembers what was there.
  package private(set) var value: Value
  private var recorder: Int32 = -1
  /// The stretch of an `UndoLog` in which it was written last, so that only the first write of a
  /// stretch is remembered.
  private var stretch = -1
  /// How often it was written.
  private(set) var writes = 0

  /// Cells are numbered as they are made.
  let number = Cell.made.add(1, ordering: .relaxed).newValue
  private static let made = Atomic<Int>(0)

  /// The number of the cell made last, in any session.
  static var lastNumber: Int { made.load(ordering: .relaxed) }

  /// The command whose undo record has its content already.
  var recordedBy: Int {
    get { Int(recorder) }
    set { recorder = Int32(truncatingIfNeeded: newValue) }
  }

  /// Without a value it is not defined: reading a name of the session then fails.
  init(name: String, value: Value? = nil, isTopLevel: Bool = false) {
    self.name = name
    self.isTopLevel = isTopLevel
    self.value = value ?? .none
    self.isDefined = value != nil
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    if let part = value.owned { visit(part) }
  }

  deinit { Teardown.release(&value) }

  /// Writes again what was written in the same stretch before. False where this is its first write.
  @inline(__always)
  func overwrite(_ value: Value, stretch: Int) -> Bool {
    guard self.stretch == stretch else { return false }
    self.value = value
    writes &+= 1
    return true
  }

  /// The first write of a stretch.
  func begin(_ value: Value, stretch: Int) {
    self.stretch = stretch
    self.value = value
    writes &+= 1
    isDefined = true
  }

  /// Gives it back a content that it had.
  func putBack(_ value: Value, isDefined: Bool) {
    self.value = value
    writes &+= 1
    self.isDefined = isDefined
    stretch = -1
  }
}
