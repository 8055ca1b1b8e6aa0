import Syntax

/// An argument as it was passed.
struct PassedArgument {
  /// Before the colon; `nil` where there is none.
  let label: Identifier?
  /// What it came to.
  let value: Value
  /// Where it stands; where nobody typed it, what called.
  let range: SourceRange
}

/// `f(x, axis: 1)`, and `x |> f` with the piped value as the first argument.
final class CallNode: CodeNode {
  /// An argument as it is typed.
  struct ArgumentNode {
    /// Before the colon; `nil` where there is none.
    let label: Identifier?
    /// What gives its value.
    let node: CodeNode
    /// The argument as a bare word, where it is one: `stages: operations`.
    let word: String?
  }
  private let callee: CodeNode
  private let arguments: [ArgumentNode]
  private let piped: CodeNode?
  /// True where nothing but `row` is passed: no argument is labelled, and none is piped.
  private let isPlain: Bool
  /// The arguments in order.
  private let row: NodeRow
  /// True where an argument is a bare word, which may name an option's value.
  private let hasWords: Bool

  /// `piped` stands to the left of `|>`; `nil` for a plain call.
  init(_ callee: CodeNode, _ arguments: [ArgumentNode], piped: CodeNode?, _ range: SourceRange) {
    self.callee = callee
    self.arguments = arguments
    self.piped = piped
    isPlain = piped == nil && arguments.allSatisfy { $0.label == nil }
    row = NodeRow(arguments.map(\.node))
    hasWords = arguments.contains { $0.word != nil }
    super.init(range)
  }

  /// What `append(x, …)` calls and appends to a variable of the function that runs; `nil` for
  /// other calls.
  func appended(to variable: Variable) -> (callee: CodeNode, element: CodeNode)? {
    guard isPlain, !hasWords, arguments.count == 2,
      (arguments[0].node as? LocalNode)?.slot == variable.slot
    else { return nil }
    return (callee, arguments[1].node)
  }

  /// The same of `append(xs[i], …)` with `i` a variable of the function or a constant, which is
  /// what `place` is too.
  func appended(
    to variable: Variable, at place: CodeNode
  ) -> (list: LocalElementNode, callee: CodeNode, element: CodeNode)? {
    guard isPlain, !hasWords, arguments.count == 2,
      let list = arguments[0].node as? LocalElementNode, list.whole.slot == variable.slot,
      list.place.isSameOperand(as: place)
    else { return nil }
    return (list, callee, arguments[1].node)
  }

  /// The same of `append(x, …)` with a captured variable or a name of the session.
  func appended(to place: OuterPlace) -> (callee: CodeNode, element: CodeNode)? {
    guard isPlain, !hasWords, arguments.count == 2, place.isRead(by: arguments[0].node) else {
      return nil
    }
    return (callee, arguments[1].node)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard isPlain else { return try labelled(frame) }
    let target = try callee.evaluate(frame)
    guard let function = withUnsafePointer(to: target, { $0.function }),
      function._withUnsafeGuaranteedRef({ $0.arity }) == row.count
    else { return try unlabelled(target, frame) }
    defer { withExtendedLifetime(target) {} }
    return try function.borrow { (function) throws(Fault) in
      try function.call(row.nodes, frame, by: self)
    }
  }

  /// A call without labels of all but a function with as many parameters.
  @inline(never)
  private func unlabelled(_ target: Value, _ frame: Frame) throws(Fault) -> Value {
    guard case .function(let function) = target else { return try passing(frame, nil, to: target) }
    if row.count == 1, let quick = function.quick {
      let argument = try row.evaluate(0, frame)
      try frame.machine.tick(at: range)
      if let value = quick(argument) { return value }
      return try apply(target, [argument], frame)
    }
    if row.count == 2, let quick = function.quickPair {
      let (first, second) = (try row.evaluate(0, frame), try row.evaluate(1, frame))
      try frame.machine.tick(at: range)
      if let value = quick(first, second) { return value }
      return try apply(target, [first, second], frame)
    }
    if let value = try inOrder(function, frame) { return value }
    return try passing(frame, nil, to: target)
  }

  /// A call with labels, or of what is piped.
  @inline(never)
  private func labelled(_ frame: Frame) throws(Fault) -> Value {
    guard piped == nil else {
      return try passing(frame, try first(frame), to: callee.evaluate(frame))
    }
    let target = try callee.evaluate(frame)
    if case .function(let function) = target, let value = try inOrder(function, frame) {
      return value
    }
    return try passing(frame, nil, to: target)
  }

  /// A call of a function of the language with labels or without some arguments; `nil` for others.
  private func inOrder(_ function: Function, _ frame: Frame) throws(Fault) -> Value? {
    guard !hasWords, function.arity > 0,
      let order = order(for: function.closure.code, frame.machine)
    else {
      return nil
    }
    return try call(function, order, frame)
  }

  /// A call with labels or without some arguments, whose order is known.
  @inline(never)
  private func call(
    _ function: Function, _ order: Order, _ frame: Frame
  ) throws(Fault) -> Value {
    let body = function.body
    return try frame.machine.callDirectly(body, at: range) { (inside) throws(Fault) in
      for place in 0..<row.count {
        body.store(
          try row.evaluate(place, frame), inParameter: order.parameters[place], of: inside)
      }
      // Defaults may use what was given.
      for (parameter, node) in order.missing {
        body.store(try node?.evaluate(inside) ?? .none, inParameter: parameter, of: inside)
      }
    }
  }

  /// How the arguments fill the parameters of a function of the language.
  private final class Order {
    let code: FunctionCode
    /// The parameter of each argument.
    let parameters: [Int]
    /// Parameters that take their defaults, with what gives these.
    let missing: [(parameter: Int, node: CodeNode?)]

    init(_ code: FunctionCode, _ places: [Int?], count: Int) {
      self.code = code
      var parameters = [Int](repeating: 0, count: count)
      var missing: [(parameter: Int, node: CodeNode?)] = []
      for (parameter, place) in places.enumerated() {
        if let place {
          parameters[place] = parameter
        } else {
          missing.append((parameter, code.parameters[parameter].defaultValue))
        }
      }
      (self.parameters, self.missing) = (parameters, missing)
    }
  }

  /// The order for the function that was called last.
  private var order: Order?

  /// The order for a function; `nil` where its call needs more: messages of the standard
  /// functions tell of the call.
  private func order(for code: FunctionCode, _ machine: Interpreter) -> Order? {
    if let order, order.code === code { return order }
    guard code.range.source !== machine.prelude else { return nil }
    let passed = arguments.map {
      PassedArgument(label: $0.label, value: .none, range: $0.node.range)
    }
    guard let places = try? passed.places(in: code.parameters) else { return nil }
    order = Order(code, places, count: arguments.count)
    return order
  }

  /// A plain call whose arguments are known.
  @inline(never)
  func apply(_ target: Value, _ values: [Value], _ frame: Frame) throws(Fault) -> Value {
    let passed = zip(values, arguments).map { value, argument in
      PassedArgument(label: nil, value: value, range: argument.node.range)
    }
    return try frame.machine.call(target, passed, at: range)
  }

  private func first(_ frame: Frame) throws(Fault) -> PassedArgument? {
    guard let piped else { return nil }
    return PassedArgument(label: nil, value: try piped.evaluate(frame), range: piped.range)
  }

  /// The call of anything with anything.
  @inline(never)
  private func passing(
    _ frame: Frame, _ first: PassedArgument?, to target: Value
  ) throws(Fault) -> Value {
    let machine = frame.machine
    var words: Set<String> = []
    if case .function(let function) = target {
      if hasWords { words = machine.words(of: function) }
      if case .layerMaker = function.kind, let first {
        let layer = try machine.call(target, pass(frame, words: words), at: range)
        return try machine.call(layer, [first], at: range)
      }
    }
    var passed = try pass(frame, words: words)
    if let first { passed.insert(first, at: 0) }
    return try machine.call(target, passed, at: range)
  }

  private func pass(_ frame: Frame, words: Set<String>) throws(Fault) -> [PassedArgument] {
    var passed: [PassedArgument] = []
    passed.reserveCapacity(arguments.count)
    for argument in arguments {
      let value: Value
      if let word = argument.word, words.contains(word) {
        value = .string(.of(word))
      } else {
        value = try argument.node.evaluate(frame)
      }
      passed.append(PassedArgument(label: argument.label, value: value, range: argument.node.range))
    }
    return passed
  }
}

extension Function {
  /// Calls a function of the language with as many arguments as it has parameters.
  @inline(never)
  fileprivate func call(
    _ arguments: NodeRow.Nodes, _ frame: Frame, by node: CallNode
  ) throws(Fault) -> Value {
    try frame.machine.callDirectly(self, at: node.range) { (place) throws(Fault) in
      try arguments.evaluate(place, frame)
    }
  }
}

/// `fn(x) { … }` and `fn name(x) { … }`: captures its variables.
final class FunctionNode: CodeNode {
  private let code: FunctionCode

  /// `code` is compiled once; what it captures is looked up each time it is evaluated.
  init(_ code: FunctionCode, _ range: SourceRange) {
    self.code = code
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let closure = Closure(code: code, captures: captured(by: code, in: frame))
    return .function(Function(kind: .closure(closure), name: code.name))
  }
}

/// The cells that a function captures in a frame.
func captured(by code: FunctionCode, in frame: Frame) -> [Cell] {
  code.captures.map { origin in
    switch origin {
    case .cell(let variable):
      // A variable that is captured before its `let` has run gets its cell here.
      guard let number = variable.cell else { return Cell(name: variable.name) }
      if let cell = frame.cells[number] { return cell }
      let cell = Cell(name: variable.name)
      frame.cells[number] = cell
      return cell
    case .capture(let number):
      return frame.cell(ofCapture: number)?.takeUnretainedValue() ?? Cell(name: "")
    }
  }
}

/// `layer dense(…) { … }`
final class LayerNode: CodeNode {
  private let code: LayerCode

  /// `code` is compiled once; what it captures is looked up each time it is evaluated.
  init(_ code: LayerCode, _ range: SourceRange) {
    self.code = code
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    .function(
      Function(
        kind: .layerMaker(code, captures: captured(by: code.maker, in: frame)), name: code.name))
  }
}

/// `strategy thirds(k) on chain { … }`
final class StrategyNode: CodeNode {
  private let declaration: StrategyDeclaration
  private let code: FunctionCode

  /// `code` is the body, whose first parameter is the chain or the graph.
  init(_ declaration: StrategyDeclaration, _ code: FunctionCode, _ range: SourceRange) {
    self.declaration = declaration
    self.code = code
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let closure = Closure(code: code, captures: captured(by: code, in: frame))
    return .function(
      Function(kind: .learnerStrategy(declaration, closure), name: declaration.name.name))
  }
}

/// `repeat 12 { … }`: a list of the block's values.
final class RepetitionNode: CodeNode {
  private let count: CodeNode
  private let body: CodeNode

  /// `count` is evaluated once, `body` so often.
  init(_ count: CodeNode, body: CodeNode, _ range: SourceRange) {
    self.count = count
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try count.evaluate(frame)
    guard case .integer(let turns) = value, turns >= 0 else {
      throw Fault(.expected(.integerFromZero, found: value, as: .count, at: count.range))
    }
    guard turns <= Interpreter.longestList else {
      throw Fault(.tooLong(.list, limit: Interpreter.longestList, at: count.range))
    }
    var values: [Value] = []
    for _ in 0..<turns {
      try frame.machine.tick(at: range)
      values.append(try body.evaluate(frame))
    }
    return try frame.machine.list(values.count, at: range) { values }
  }
}
