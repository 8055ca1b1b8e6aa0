/// A tree of an expression.
package struct Expression: Sendable {
  package let kind: Kind
  package let range: SourceRange

  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  package indirect enum Kind: Sendable {
    /// `42`
    case integer(Int)
    /// `0.5`, `1e-3`
    case float(Double)
    /// `true`
    case boolean(Bool)
    /// `none`
    case none
    /// `"loss \(x)"`
    case string([StringPart])
    /// `64 KiB`, `1.5 MiB`: the count in bytes
    case bytes(Int)
    /// `x`
    case name(String)
    /// `[1, 2]`
    case list([Expression])
    /// `["a": 1]`, `[:]`: keys and values, in order
    case dictionary([DictionaryEntry])
    /// `-x`, `not x`
    case unary(UnaryOperator, Expression)
    /// `a + b`, and `x |> f`; the range is the operator's own
    case binary(BinaryOperator, Expression, Expression, SourceRange)
    /// `a ~= b within 1e-3`
    case approximately(Expression, Expression, within: Expression?)
    /// `0..<n` (half open), `0...n` (closed)
    case range(Expression, Expression, closed: Bool)
    /// `f(x, axis: 1)`
    case call(Expression, [Argument])
    /// `x[0, 1..<3]`
    case index(Expression, [Expression])
    /// `p.peak`
    case field(Expression, Identifier)
    /// `if a { b } else { c }`
    case conditional(Conditional)
    /// `fn(x) { x / 2 }`
    case function(FunctionLiteral)
    /// `gradient wrt net with sqrt_n { … }` and `plan …`
    case gradient(GradientForm)
    /// `compare wrt net across […] { … }`
    case compare(CompareForm)
    /// `certify { … } with S`
    case certify(CertifyForm)
    /// `pareto { … }`
    case pareto(ParetoForm)
    /// `train net for x, y in batches(…) using adam(…) with sqrt_n { … }`
    case train(TrainForm)
    /// `predict peak = EXPR { … }`
    case predict(PredictForm)
    /// `trap masks { … }`
    case trap(Identifier, Block)
    /// `checkpoint { … }`
    case checkpoint(Block)
    /// `evaluate { … }`: as a plain call would, inside a block that is differentiated
    case evaluate(Block)
    /// `sketch { … }`: layers and tensors with shapes and no bytes
    case sketch(Block)
    /// `repeat 12 { … }`
    case repetition(count: Expression, body: Block)
  }
}

/// One entry of a dictionary: `"a": 1`.
package struct DictionaryEntry: Sendable {
  package let key: Expression
  package let value: Expression

  package init(key: Expression, value: Expression) {
    self.key = key
    self.value = value
  }
}

package enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression)
}

package enum UnaryOperator: String, Sendable, CaseIterable {
  case negate = "-"
  case not = "not"
}

package enum BinaryOperator: String, Sendable, CaseIterable {
  case pipe = "|>"
  case or = "or"
  case and = "and"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case membership = "in"
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixMultiply = "@"
  case power = "**"
}

/// A name where it stands.
package struct Identifier: Sendable {
  package let name: String
  package let range: SourceRange

  package init(_ name: String, _ range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// One argument of a call: `x` or `axis: 1`.
package struct Argument: Sendable {
  package let label: Identifier?
  package let value: Expression

  package init(label: Identifier?, value: Expression) {
    self.label = label
    self.value = value
  }
}

/// One parameter of a function, layer or strategy: `x` or `x = 1`.
package struct Parameter: Sendable {
  package let name: Identifier
  package let defaultValue: Expression?

  package init(name: Identifier, defaultValue: Expression?) {
    self.name = name
    self.defaultValue = defaultValue
  }
}

/// `if a { … } else if b { … } else { … }`: statement and expression alike.
package struct Conditional: Sendable {
  package let condition: Expression
  package let then: Block
  package let otherwise: Block?

  package init(condition: Expression, then: Block, otherwise: Block?) {
    self.condition = condition
    self.then = then
    self.otherwise = otherwise
  }
}

package struct FunctionLiteral: Sendable {
  package let parameters: [Parameter]
  package let body: Block

  package init(parameters: [Parameter], body: Block) {
    self.parameters = parameters
    self.body = body
  }
}

/// `gradient [wrt a, b] [with S] { … }`, and `plan` likewise.
package struct GradientForm: Sendable {
  package enum Verb: String, Sendable { case gradient, plan }
  package let verb: Verb
  package let wrt: [Expression]
  package let strategy: Expression?
  package let body: Block

  package init(verb: Verb, wrt: [Expression], strategy: Expression?, body: Block) {
    self.verb = verb
    self.wrt = wrt
    self.strategy = strategy
    self.body = body
  }
}

/// `compare [wrt a, b] across STRATEGIES { … }`
package struct CompareForm: Sendable {
  package let wrt: [Expression]
  package let strategies: Expression
  package let body: Block

  package init(wrt: [Expression], strategies: Expression, body: Block) {
    self.wrt = wrt
    self.strategies = strategies
    self.body = body
  }
}

/// `certify [wrt a, b] { … } with S`
package struct CertifyForm: Sendable {
  package let wrt: [Expression]
  package let body: Block
  package let strategy: Expression

  package init(wrt: [Expression], body: Block, strategy: Expression) {
    self.wrt = wrt
    self.body = body
    self.strategy = strategy
  }
}

/// `pareto [wrt a, b] [across STRATEGIES] { … }`
package struct ParetoForm: Sendable {
  package let wrt: [Expression]
  package let strategies: Expression?
  package let body: Block

  package init(wrt: [Expression], strategies: Expression?, body: Block) {
    self.wrt = wrt
    self.strategies = strategies
    self.body = body
  }
}

/// `train TARGETS for NAMES in BATCHES using OPTIMIZER [with STRATEGY] [on WORKERS] { … }`
package struct TrainForm: Sendable {
  package let targets: [Expression]
  package let names: [Identifier]
  package let batches: Expression
  package let optimizer: Expression
  package let strategy: Expression?
  package let workers: Expression?
  package let body: Block

  package init(
    targets: [Expression], names: [Identifier], batches: Expression, optimizer: Expression,
    strategy: Expression?, workers: Expression?, body: Block
  ) {
    self.targets = targets
    self.names = names
    self.batches = batches
    self.optimizer = optimizer
    self.strategy = strategy
    self.workers = workers
    self.body = body
  }
}

/// `predict QUANTITY = GUESS [wrt a, b] [with S] { … }`
package struct PredictForm: Sendable {
  package let quantity: Identifier
  package let guess: Expression
  package let wrt: [Expression]
  package let strategy: Expression?
  package let body: Block

  package init(
    quantity: Identifier, guess: Expression, wrt: [Expression], strategy: Expression?, body: Block
  ) {
    self.quantity = quantity
    self.guess = guess
    self.wrt = wrt
    self.strategy = strategy
    self.body = body
  }
}
