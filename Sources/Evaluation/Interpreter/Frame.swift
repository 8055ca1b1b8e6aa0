import CMemory
import Glibc

/// What a node sees while it is evaluated: the variables of the running function.
struct Frame {
  /// Variables that only this function uses.
  let slots: UnsafeMutablePointer<Value>
  /// Variables that a function inside this one captured.
  let cells: UnsafeMutablePointer<Cell?>
  /// The variables that the running function captured itself.
  private let running: Unmanaged<Closure>?
  /// Held, as all of a frame is by whoever made it: what is passed down so is not counted again.
  let machine: Interpreter

  /// A frame of a function, or of a statement at top level, which captured nothing.
  @inline(__always)
  init(
    slots: UnsafeMutablePointer<Value>, cells: UnsafeMutablePointer<Cell?>,
    running: Unmanaged<Closure>?, machine: Interpreter
  ) {
    self.slots = slots
    self.cells = cells
    self.running = running
    self.machine = machine
  }

  /// The same, of a function that somebody holds.
  init(
    slots: UnsafeMutablePointer<Value>, cells: UnsafeMutablePointer<Cell?>, closure: Closure?,
    machine: Interpreter
  ) {
    self.init(
      slots: slots, cells: cells, running: closure.map(Unmanaged.passUnretained), machine: machine)
  }

  /// The function that runs; `nil` at top level.
  var closure: Closure? { running?.takeUnretainedValue() }

  /// The value of a variable that the running function captured.
  @inline(__always)
  func value(ofCapture number: Int) -> Value {
    running?._withUnsafeGuaranteedRef { $0.value(ofCapture: number) } ?? .none
  }

  /// A variable that the running function captured; `nil` at top level.
  @inline(__always)
  func cell(ofCapture number: Int) -> Unmanaged<Cell>? {
    running?._withUnsafeGuaranteedRef { $0.cell(ofCapture: number) }
  }

  /// Gives a variable that the running function captured another value.
  @inline(__always)
  func write(_ value: Value, toCapture number: Int) {
    running?._withUnsafeGuaranteedRef { $0.write(value, toCapture: number, machine) }
  }
}

/// The stack of variables: frames take stretches of it.
///
/// A fixed reserve of address space, so that pointers into it stay good; untouched pages cost
/// nothing.
final class VariableStack {
  /// Variables of all open frames, at most: so many of each kind.
  private static let wishedCapacity = 1_000_000
  private let capacity: Int
  private let slots: UnsafeMutablePointer<Value>
  private let cells: UnsafeMutablePointer<Cell?>
  private var slotTop = 0
  private var cellTop = 0
  /// Stretches below these tops hold initialised values.
  private var slotsReady = 0
  private var cellsReady = 0

  /// Reserves the address space, and touches none of it; less where there is no room for all.
  init() {
    var wish = VariableStack.wishedCapacity
    while wish > 4096 {
      if let slots = cm_ask(wish * MemoryLayout<Value>.stride) {
        if let cells = cm_ask(wish * MemoryLayout<Cell?>.stride) {
          self.slots = slots.bindMemory(to: Value.self, capacity: wish)
          self.cells = cells.bindMemory(to: Cell?.self, capacity: wish)
          capacity = wish
          return
        }
        free(slots)
      }
      wish /= 2
    }
    capacity = wish
    slots = .allocate(capacity: wish)
    cells = .allocate(capacity: wish)
  }

  deinit {
    slots.deinitialize(count: slotsReady)
    cells.deinitialize(count: cellsReady)
    free(slots)
    free(cells)
  }

  /// Room for a frame; `nil` where the stack is full.
  @inline(__always)
  func push(slots slotCount: Int, cells cellCount: Int) -> (
    UnsafeMutablePointer<Value>, UnsafeMutablePointer<Cell?>
  )? {
    guard slotTop + slotCount <= capacity,
      cellTop + cellCount <= capacity
    else { return nil }
    let base = (slots + slotTop, cells + cellTop)
    slotTop += slotCount
    cellTop += cellCount
    while slotsReady < slotTop {
      (slots + slotsReady).initialize(to: .none)
      slotsReady += 1
    }
    while cellsReady < cellTop {
      (cells + cellsReady).initialize(to: nil)
      cellsReady += 1
    }
    return base
  }

  /// True where no frame has a variable.
  var isEmpty: Bool { slotTop == 0 && cellTop == 0 }

  /// Hands over what the frames hold, until `visit` gives false.
  func forEachValue(_ visit: (Value) -> Bool) {
    for index in 0..<slotTop {
      guard visit(slots[index]) else { return }
    }
    for index in 0..<cellTop {
      guard let cell = cells[index] else { continue }
      guard visit(cell.value) else { return }
    }
  }

  /// Gives a frame's room back and lets go of what it held.
  @inline(__always)
  func pop(slots slotCount: Int, cells cellCount: Int) {
    for index in (slotTop - slotCount)..<slotTop { slots[index] = .none }
    for index in (cellTop - cellCount)..<cellTop { cells[index] = nil }
    slotTop -= slotCount
    cellTop -= cellCount
  }
}
