package import Syntax

/// Anything that is called like a function.
package final class Function: Owned {
  /// What is called, and what it gives.
  package enum Kind {
    /// A function of the language.
    case closure(Closure)
    /// A function of the interpreter.
    case builtin(Builtin)
    /// Makes a layer with fresh parameters: the code, with what the declaration captured.
    case layerMaker(LayerCode, captures: [Cell])
    /// Makes a built-in strategy from its options.
    case strategyMaker(String)
    /// Makes a learner's strategy: the declaration, and the function with its body.
    case learnerStrategy(StrategyDeclaration, Closure)
  }
  /// Decides how a call of it goes.
  package let kind: Kind
  /// As messages call it; `fn` for a literal.
  package let name: String
  /// What a call of a function of the language runs: another's, which nobody calls, for all else.
  let closure: Closure
  /// The same, not counted.
  let body: FunctionBody
  /// How many parameters a function of the language has; −1 for all else.
  let arity: Int
  /// What a builtin gives for one plain argument: see `Builtin.quick`.
  let quick: Builtin.Quick?
  /// What it gives for two: see `Builtin.quickPair`.
  let quickPair: Builtin.QuickPair?
  /// True for the builtin `append`.
  let isAppend: Bool

  /// `name` is what messages call it.
  init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
    if case .closure(let closure) = kind {
      (self.closure, arity) = (closure, closure.code.arity)
    } else {
      (closure, arity) = (.none, -1)
    }
    body = FunctionBody(closure)
    if case .builtin(let builtin) = kind {
      (quick, quickPair) = (builtin.quick, builtin.quickPair)
      isAppend = builtin.name == "append"
    } else {
      (quick, quickPair, isAppend) = (nil, nil, false)
    }
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    switch kind {
    case .closure(let closure), .learnerStrategy(_, let closure): closure.captures.forEach(visit)
    case .layerMaker(_, let captures): captures.forEach(visit)
    case .builtin, .strategyMaker: break
    }
  }
}

/// The code of a function, compiled once.
package final class FunctionCode {
  /// One parameter: where its argument goes, and its default.
  struct ParameterCode {
    /// As it is declared, and as labels of arguments name it.
    let name: String
    /// Where a call puts the argument in its frame.
    let variable: Variable
    /// Evaluated in the function's own frame where no argument is given; `nil` where one is
    /// required.
    let defaultValue: CodeNode?
  }

  /// As it is declared: `fn` for a literal, empty for a statement at top level.
  let name: String
  /// The declaration, or the statement.
  let range: SourceRange
  /// In order of declaration.
  private(set) var parameters: [ParameterCode] = []
  /// Where each parameter's argument goes once all is compiled: its slot, or −1 − its cell.
  private var places: [Int] = []
  /// Its value is the function's, unless `return` gives one.
  private(set) var body: CodeNode
  /// The body, not counted.
  private(set) var entry: Unmanaged<CodeNode>
  /// How many variables of its frame only it uses.
  var slotCount = 0
  /// How many variables of its frame functions inside it captured.
  var cellCount = 0
  /// Where each captured variable comes from in the function around it.
  var captures: [CaptureOrigin] = []

  /// Code without parameters and body: the compiler adds them.
  init(name: String, range: SourceRange) {
    self.name = name
    self.range = range
    self.body = ConstantNode(.none, range)
    entry = .passUnretained(body)
  }

  /// How many parameters it has.
  var arity: Int { parameters.count }

  /// Evaluates the body in a frame of its size.
  func evaluate(_ frame: Frame) throws(Fault) -> Value { try entry.evaluate(frame) }

  /// Adds a parameter behind those that are there.
  func addParameter(_ parameter: ParameterCode) { parameters.append(parameter) }

  /// All is compiled: the variables stay where they are.
  func finish(with body: CodeNode) {
    self.body = body
    entry = .passUnretained(body)
    places = parameters.map { $0.variable.cell.map { -1 - $0 } ?? $0.variable.slot }
  }

  /// Puts an argument of a call in its place in a frame.
  @inline(__always)
  func store(
    _ value: consuming Value, inParameter number: Int, slots: UnsafeMutablePointer<Value>,
    cells: UnsafeMutablePointer<Cell?>
  ) {
    let place = places[number]
    if place >= 0 {
      slots[place] = value
    } else {
      cells[-1 - place] = Cell(name: parameters[number].name, value: value)
    }
  }
}

/// What a call of a function runs, not counted: whoever has it holds the function.
struct FunctionBody {
  /// The code with what it captured.
  let closure: Unmanaged<Closure>
  private let code: Unmanaged<FunctionCode>

  /// That of a function of the language.
  init(_ closure: Closure) {
    self.closure = .passUnretained(closure)
    code = .passUnretained(closure.code)
  }

  /// How many variables its frame has.
  @inline(__always)
  var size: (slots: Int, cells: Int) {
    code._withUnsafeGuaranteedRef { ($0.slotCount, $0.cellCount) }
  }

  /// What gives its value.
  @inline(__always)
  var entry: Unmanaged<CodeNode> { code._withUnsafeGuaranteedRef { $0.entry } }

  /// Puts an argument of a call in its place in a frame.
  @inline(__always)
  func store(_ value: Value, inParameter number: Int, of frame: Frame) {
    code._withUnsafeGuaranteedRef {
      $0.store(value, inParameter: number, slots: frame.slots, cells: frame.cells)
    }
  }
}

/// Where a function finds a variable that it captures, at the moment it is made.
enum CaptureOrigin {
  /// A captured variable of the function around.
  case cell(Variable)
  /// Captured by the function around in its turn.
  case capture(Int)
}

/// A function's code with the variables that it captured.
package final class Closure {
  /// What a call runs.
  let code: FunctionCode
  /// How many variables it captured.
  private let count: Int
  /// These, each counted once.
  private let cells: UnsafeMutablePointer<Unmanaged<Cell>>

  /// `captures` are as many as `code.captures`, in their order.
  init(code: FunctionCode, captures: [Cell]) {
    self.code = code
    count = captures.count
    cells = .allocate(capacity: captures.count)
    for (number, cell) in captures.enumerated() {
      (cells + number).initialize(to: .passRetained(cell))
    }
  }

  deinit {
    for number in 0..<count { cells[number].release() }
    cells.deallocate()
  }

  /// The variables that it captured, in the order of `code.captures`.
  var captures: [Cell] { (0..<count).map { cells[$0].takeUnretainedValue() } }

  /// The value of a variable that it captured.
  @inline(__always)
  func value(ofCapture number: Int) -> Value {
    cells[number]._withUnsafeGuaranteedRef { $0.value }
  }

  /// A variable that it captured.
  @inline(__always)
  func cell(ofCapture number: Int) -> Unmanaged<Cell> { cells[number] }

  /// Gives a variable that it captured another value, which the command's undoing takes back.
  @inline(__always)
  func write(_ value: Value, toCapture number: Int, _ machine: Interpreter) {
    cells[number]._withUnsafeGuaranteedRef { machine.write(value, to: $0) }
  }

  /// Stands where there is none.
  nonisolated(unsafe) fileprivate static let none = Closure(
    code: FunctionCode(name: "", range: SourceRange(SourceText(name: "", text: ""), 0, 0)),
    captures: [])
}
