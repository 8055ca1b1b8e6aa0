/// A tree of an expression.
package struct Expression: Sendable {
  /// Which form it has, with its parts.
  package let kind: Kind
  /// The text that it was read from, without parentheses around it.
  package let range: SourceRange

  /// A node over the text that it was read from.
  package init(_ kind: Kind, _ range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The forms of an expression.
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
    /// `mixed bf16 { … }`: computed in this type as far as that may be
    case mixed(Identifier, Block)
    /// `checkpoint { … }`, `checkpoint(save: ["matmul"]) { … }`
    case checkpoint(saving: Expression?, Block)
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
  /// What stands before the colon: any expression.
  package let key: Expression
  /// What stands behind it.
  package let value: Expression
}

/// A stretch of a string: text with its escapes resolved, or what stands in `\( )`.
package enum StringPart: Sendable {
  case text(String)
  case interpolation(Expression)
}

/// The prefix operators, as they are typed.
package enum UnaryOperator: String, Sendable, CaseIterable {
  case negate = "-"
  case not = "not"
}

/// The infix operators that have a node of their own, as they are typed; `~=`, `..<` and `...` have
/// other nodes.
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
  /// As it is typed.
  package let name: String
  /// The word alone.
  package let range: SourceRange

  /// A word and the place that it is read from, or that stands for it in messages.
  package init(_ name: String, _ range: SourceRange) {
    self.name = name
    self.range = range
  }
}

/// One argument of a call: `x` or `axis: 1`.
package struct Argument: Sendable {
  /// `axis` in `axis: 1`; `nil` where it goes by its place.
  package let label: Identifier?
  /// What is passed.
  package let value: Expression
}

/// One parameter of a function, layer or strategy: `x` or `x = 1`.
package struct Parameter: Sendable {
  /// The name that the body sees.
  package let name: Identifier
  /// What stands behind its `=`; `nil` where a call must give the argument.
  package let defaultValue: Expression?
}

/// `if a { … } else if b { … } else { … }`: statement and expression alike.
package struct Conditional: Sendable {
  /// What stands behind `if`.
  package let condition: Expression
  /// What runs where the condition holds.
  package let then: Block
  /// What stands behind `else`: an `else if` is a block of one conditional. `nil` where there is
  /// none.
  package let otherwise: Block?
}

/// `fn(x) { x / 2 }`: a function without a name.
package struct FunctionLiteral: Sendable {
  /// Between its parentheses, in order.
  package let parameters: [Parameter]
  /// What a call evaluates.
  package let body: Block
}

/// `gradient [wrt a, b] [with S] { … }`, and `plan [wrt a, b] [using O] [with S] { … }`.
package struct GradientForm: Sendable {
  /// Whether it computes, or rehearses only.
  package enum Verb: String, Sendable { case gradient, plan }
  /// The word it begins with.
  package let verb: Verb
  /// What the gradients are taken of; empty where `wrt` is left out.
  package let wrt: [Expression]
  /// Behind `using`; `nil` where that is left out, and for `gradient`.
  package let optimizer: Expression?
  /// Behind `with`; `nil` where that is left out.
  package let strategy: Expression?
  /// What is differentiated.
  package let body: Block
}

/// `compare [wrt a, b] [using O] across STRATEGIES [on WORKERS] { … }`
package struct CompareForm: Sendable {
  /// What the gradients are taken of; empty where `wrt` is left out.
  package let wrt: [Expression]
  /// Behind `using`; `nil` where that is left out.
  package let optimizer: Expression?
  /// Behind `across`: a list of strategies.
  package let strategies: Expression
  /// Behind `on`: a list of workers; `nil` where that is left out.
  package let workers: Expression?
  /// What each strategy runs.
  package let body: Block
}

/// `certify [wrt a, b] { … } with S`
package struct CertifyForm: Sendable {
  /// What the gradients are taken of; empty where `wrt` is left out.
  package let wrt: [Expression]
  /// What is run both plainly and with the strategy.
  package let body: Block
  /// Behind `with`: what is held against the plain run.
  package let strategy: Expression
}

/// `pareto [wrt a, b] [using O] [across STRATEGIES] { … }`
package struct ParetoForm: Sendable {
  /// What the gradients are taken of; empty where `wrt` is left out.
  package let wrt: [Expression]
  /// Behind `using`; `nil` where that is left out.
  package let optimizer: Expression?
  /// Behind `across`: a list of strategies; `nil` where that is left out.
  package let strategies: Expression?
  /// What is planned under each budget.
  package let body: Block
}

/// When a training step updates its parameters.
package struct UpdateTime: Sendable {
  /// The word, as it is written.
  package enum Word: String, Sendable, CaseIterable {
    /// Each as soon as its gradient is complete, in the backward pass.
    case inBackward = "in_backward"
    /// All when all gradients are.
    case atEnd = "at_end"
  }

  /// Which it is.
  package let word: Word
  /// Where the word stands.
  package let range: SourceRange
}

/// `train TARGETS for NAMES in BATCHES using OPTIMIZER [with STRATEGY] [on WORKERS] [accumulate N]
/// [updates WHEN] [mixed TYPE] { … }`
package struct TrainForm: Sendable {
  /// What is trained, in order.
  package let targets: [Expression]
  /// What the columns of a batch are called in the body, in order.
  package let names: [Identifier]
  /// Behind `in`: what is gone over, a step each.
  package let batches: Expression
  /// Behind `using`.
  package let optimizer: Expression
  /// Behind `with`; `nil` where that is left out.
  package let strategy: Expression?
  /// Behind `on`; `nil` where that is left out.
  package let workers: Expression?
  /// Behind `accumulate`: how many batches make an update; `nil` where that is left out.
  package let groupSize: Expression?
  /// Behind `updates`; `nil` where that is left out.
  package let updates: UpdateTime?
  /// Behind `mixed`: an element type; `nil` where that is left out.
  package let mixed: Identifier?
  /// The loss of a batch.
  package let body: Block
}

/// `predict QUANTITY = GUESS [wrt a, b] [with S] { … }`
package struct PredictForm: Sendable {
  /// What is guessed: `peak` in `predict peak = 1 MiB`.
  package let quantity: Identifier
  /// Behind the `=`.
  package let guess: Expression
  /// What the gradients are taken of; empty where `wrt` is left out.
  package let wrt: [Expression]
  /// Behind `with`; `nil` where that is left out.
  package let strategy: Expression?
  /// What is planned and measured.
  package let body: Block
}
