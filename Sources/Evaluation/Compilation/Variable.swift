/// A variable of a function, while it is compiled and after.
///
/// It lives in a slot of the frame until a function inside captures it; then in a cell, and the
/// nodes that were made before are told.
final class Variable {
  /// As it is declared.
  let name: String
  /// Its number among the frame's slots, and among its cells once it is captured.
  let slot: Int
  private(set) var cell: Int?
  /// The nodes that read or write it, while functions inside may still capture it. They are let go
  /// of then, for the code that they are part of may hold the variable in its turn.
  private var users: [any VariableUser] = []
  private var isClosed = false
  /// How many nodes assign it so far.
  var assignments = 0
  /// Set for a layer's states, which `forward` may assign.
  var isState = false

  /// A variable in a slot. Its scope counts the slots.
  init(name: String, slot: Int) {
    self.name = name
    self.slot = slot
  }

  /// A node reads or writes it. Told at once where the variable is captured already.
  func addUser(_ node: any VariableUser) {
    if !isClosed, cell == nil { users.append(node) }
    if let cell { node.moveToCell(cell) }
  }

  /// A function inside captures it: it is the cell of this number of the frame from here on.
  func moveToCell(_ number: Int) {
    guard cell == nil else { return }
    cell = number
    for user in users { user.moveToCell(number) }
    users = []
  }

  /// Its scope ended: no function captures it from here on.
  func close() {
    isClosed = true
    users = []
  }
}

/// A node that reads or writes a variable of the running function.
protocol VariableUser: AnyObject {
  /// From here on the variable is the cell of this number, and no slot.
  func moveToCell(_ number: Int)
}

extension Variable {
  /// Puts a value into the variable's place in a frame.
  @inline(__always)
  func store(
    _ value: Value, slots: UnsafeMutablePointer<Value>, cells: UnsafeMutablePointer<Cell?>
  ) {
    if let cell {
      cells[cell] = Cell(name: name, value: value)
    } else {
      slots[slot] = value
    }
  }
}
