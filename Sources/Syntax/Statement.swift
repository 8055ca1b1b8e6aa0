/// A tree of a statement, with the comments that travel with it.
package struct Statement: Sendable {
  package let kind: Kind
  package let range: SourceRange
  /// True where a `;` ends it: the result is not printed.
  package let isSilenced: Bool
  /// Whole-line comments (and blank lines, as empty strings) just above it, inside a block.
  package let leading: [String]
  /// The comment behind it on its last line, `#` included.
  package let trailing: String?

  package init(
    _ kind: Kind, _ range: SourceRange, isSilenced: Bool = false, leading: [String] = [],
    trailing: String? = nil
  ) {
    self.kind = kind
    self.range = range
    self.isSilenced = isSilenced
    self.leading = leading
    self.trailing = trailing
  }

  package indirect enum Kind: Sendable {
    /// `x + 1`
    case expression(Expression)
    /// `let x = 1`; several names take the parts of a list: `let a, b = pair`
    case binding([Identifier], Expression)
    /// `x = 2`, `xs[0] = 3`, `net.w = v`; with an operator, `x += 1`
    case assignment(target: Expression, operation: BinaryOperator?, value: Expression)
    /// `fn square(x) { x * x }`
    case function(FunctionDeclaration)
    /// `layer dense(inputs, outputs) { … }`
    case layer(LayerDeclaration)
    /// `strategy thirds(k) on chain { … }`
    case strategy(StrategyDeclaration)
    /// `for x, y in items { … }`
    case loop(names: [Identifier], items: Expression, body: Block)
    /// `while a { … }`
    case whileLoop(condition: Expression, body: Block)
    /// `return x`
    case returning(Expression?)
    case breaking
    case continuing
    /// `update net along g using opt`
    case update(targets: [Expression], gradients: Expression, optimizer: Expression)
    /// `reset net.norm.mean`
    case reset([Expression])
    /// `budget 2 MiB`, `budget none`, `budget 512 KiB { … }`
    case budget(Expression, body: Block?)
    /// `seed 7`
    case seed(Expression)
    /// `import "layers.cairn"`
    case importing(Expression)
    /// `test "name" (points: 3, hint: "…") { … }`
    case test(name: Expression, options: [Argument], body: Block)
    /// `expect a <= b`
    case expect(Expression)
    /// A command word with its arguments: `memory`, `timeline p, q`, `why p, x`, `help revolve`.
    case command(Command)
  }
}

/// Statements between braces; the value of a block is its last expression.
package struct Block: Sendable {
  package let statements: [Statement]
  /// From the opening brace to the closing one.
  package let range: SourceRange
  /// Comment lines between the last statement and the closing brace.
  package let dangling: [String]
  /// The comment behind the opening brace, `#` included.
  package let opening: String?

  package init(
    statements: [Statement], range: SourceRange, dangling: [String] = [], opening: String? = nil
  ) {
    self.opening = opening
    self.statements = statements
    self.range = range
    self.dangling = dangling
  }
}

package struct FunctionDeclaration: Sendable {
  package let name: Identifier
  package let parameters: [Parameter]
  package let body: Block

  package init(name: Identifier, parameters: [Parameter], body: Block) {
    self.name = name
    self.parameters = parameters
    self.body = body
  }
}

/// `layer NAME(PARAMETERS) { param …, state …, let …, forward(x) { … } }`
package struct LayerDeclaration: Sendable {
  package enum MemberKind: String, Sendable {
    case parameter = "param"
    case state
    case binding = "let"
  }

  /// `param w = glorot(inputs, outputs)`
  package struct Member: Sendable {
    package let kind: MemberKind
    package let name: Identifier
    package let value: Expression
    package let leading: [String]
    package let trailing: String?

    package init(
      kind: MemberKind, name: Identifier, value: Expression, leading: [String] = [],
      trailing: String? = nil
    ) {
      self.kind = kind
      self.name = name
      self.value = value
      self.leading = leading
      self.trailing = trailing
    }
  }

  package let name: Identifier
  package let parameters: [Parameter]
  package let members: [Member]
  package let forwardParameters: [Parameter]
  package let forward: Block
  /// Comment lines above `forward`, and those after its body.
  package let forwardLeading: [String]
  package let dangling: [String]
  package let range: SourceRange
  /// The comment behind the opening brace, and the one behind the body of `forward`.
  package let opening: String?
  package let forwardTrailing: String?

  package init(
    name: Identifier, parameters: [Parameter], members: [Member],
    forwardParameters: [Parameter], forward: Block, forwardLeading: [String] = [],
    dangling: [String] = [], range: SourceRange, opening: String? = nil,
    forwardTrailing: String? = nil
  ) {
    self.opening = opening
    self.forwardTrailing = forwardTrailing
    self.name = name
    self.parameters = parameters
    self.members = members
    self.forwardParameters = forwardParameters
    self.forward = forward
    self.forwardLeading = forwardLeading
    self.dangling = dangling
    self.range = range
  }
}

/// `strategy NAME(PARAMETERS) on chain { … }`, or `on graph`.
package struct StrategyDeclaration: Sendable {
  package enum Subject: String, Sendable { case chain, graph }
  package let name: Identifier
  package let parameters: [Parameter]
  package let subject: Subject
  package let body: Block

  package init(name: Identifier, parameters: [Parameter], subject: Subject, body: Block) {
    self.name = name
    self.parameters = parameters
    self.subject = subject
    self.body = body
  }
}

/// A statement that begins with a command word.
package struct Command: Sendable {
  package enum Verb: String, Sendable, CaseIterable {
    /// `memory`: the full account
    case memory
    /// `tensors`: every live tensor and its owner
    case tensors
    /// `plot xs`, `plot [xs, ys]`: lists of numbers as curves
    case plot
    /// `timeline p, q`: bytes over the steps of one or several schedules
    case timeline
    /// `explain p`: the peak in words
    case explain
    /// `why p, x`: why a value is alive
    case why
    /// `step p`: walk a schedule
    case step
    /// `help`, `help TOPIC`
    case help
    /// `source dense`: the Cairn text of a layer or function
    case source
    /// `account full`, `account brief`, `account off`
    case account
  }

  package let verb: Verb
  package let verbRange: SourceRange
  package let arguments: [Expression]

  package init(verb: Verb, verbRange: SourceRange, arguments: [Expression]) {
    self.verb = verb
    self.verbRange = verbRange
    self.arguments = arguments
  }
}
