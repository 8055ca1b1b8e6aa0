/// A tree of a statement, with the comments that travel with it.
package struct Statement: Sendable {
  /// Which form it has, with its parts.
  package let kind: Kind
  /// From its first word to its last, without the `;` and the comments.
  package let range: SourceRange
  /// True where a `;` ends it: the result is not printed.
  package let isSilenced: Bool
  /// Whole-line comments (and blank lines, as empty strings) just above it, inside a block.
  package let leading: [String]
  /// The comment behind it on its last line, `#` included.
  package let trailing: String?

  /// A statement with its comments.
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

  /// The forms of a statement.
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
    /// `break`
    case breaking
    /// `continue`
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
  /// In order; empty for `{ }`.
  package let statements: [Statement]
  /// From the opening brace to the closing one.
  package let range: SourceRange
  /// Comment lines between the last statement and the closing brace.
  package let dangling: [String]
  /// The comment behind the opening brace, `#` included.
  package let opening: String?
}

/// `fn square(x) { x * x }`: a function with a name.
package struct FunctionDeclaration: Sendable {
  /// What it is bound to.
  package let name: Identifier
  /// Between its parentheses, in order.
  package let parameters: [Parameter]
  /// What a call evaluates.
  package let body: Block
}

/// `layer NAME(PARAMETERS) { param …, state …, let …, forward(x) { … } }`
package struct LayerDeclaration: Sendable {
  /// What a member is, as its word is typed.
  package enum MemberKind: String, Sendable {
    case parameter = "param"
    case state
    case binding = "let"
  }

  /// `param w = glorot(inputs, outputs)`
  package struct Member: Sendable {
    /// The word it begins with.
    package let kind: MemberKind
    /// What `forward` and the members below call it.
    package let name: Identifier
    /// Behind its `=`: evaluated when the layer is made.
    package let value: Expression
    /// Comments and blank lines just above it, as those of a statement.
    package let leading: [String]
    /// The comment behind it on its line, `#` included.
    package let trailing: String?
  }

  /// What it is bound to.
  package let name: Identifier
  /// Between the parentheses behind its name, in order: what makes the layer.
  package let parameters: [Parameter]
  /// Above `forward`, in order.
  package let members: [Member]
  /// Between the parentheses of `forward`, in order: what a call of the layer passes.
  package let forwardParameters: [Parameter]
  /// What a call of the layer evaluates.
  package let forward: Block
  /// Comments and blank lines just above `forward`.
  package let forwardLeading: [String]
  /// Comment lines between `forward` and the closing brace.
  package let dangling: [String]
  /// From `layer` to the closing brace.
  package let range: SourceRange
  /// The comment behind the opening brace, `#` included.
  package let opening: String?
  /// The comment behind the body of `forward`, `#` included.
  package let forwardTrailing: String?
}

/// `strategy NAME(PARAMETERS) on chain { … }`, or `on graph`.
package struct StrategyDeclaration: Sendable {
  /// What the body decides about: the steps of a chain, or the values of a graph.
  package enum Subject: String, Sendable { case chain, graph }
  /// What it is bound to.
  package let name: Identifier
  /// In order; empty where the parentheses are left out.
  package let parameters: [Parameter]
  /// Behind `on`; the body sees it under that word.
  package let subject: Subject
  /// What gives the schedule.
  package let body: Block
}

/// A statement that begins with a command word.
package struct Command: Sendable {
  /// The command words, as they are typed.
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
    /// `fuse on`, `fuse off`
    case fuse
  }

  /// Which command it is.
  package let verb: Verb
  /// The command word alone.
  package let verbRange: SourceRange
  /// What stands behind the word, in order; a topic of `help` that is an operator stands as a
  /// string.
  package let arguments: [Expression]
}
