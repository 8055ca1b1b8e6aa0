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

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard isPlain else { return try passing(frame, try first(frame), to: callee.evaluate(frame)) }
    let target = try callee.evaluate(frame)
    guard case .function(let function) = target else { return try passing(frame, nil, to: target) }
    if row.count == function.arity {
      let row = row
      return try frame.machine.callDirectly(function.closure, at: range) {
        (place) throws(Fault) in try row.evaluate(place, frame)
      }
    }
    if row.count == 1, let quick = function.quick {
      let argument = try row.evaluate(0, frame)
      try frame.machine.tick(at: range)
      if let value = quick(argument) { return value }
      return try apply(target, [argument], frame)
    }
    return try passing(frame, nil, to: target)
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
        value = .string(Text(word))
      } else {
        value = try argument.node.evaluate(frame)
      }
      passed.append(PassedArgument(label: argument.label, value: value, range: argument.node.range))
    }
    return passed
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
      return frame.closure?.captures[number] ?? Cell(name: "")
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
