import Writing

/// Expressions in their canonical layout.
extension Formatter {
  static func layout(_ expression: Expression) -> TextLayout { layout(expression, atLeast: .pipe) }

  /// An expression where only what binds at least as tightly may stand without parentheses.
  static func layout(_ expression: Expression, atLeast minimum: Precedence) -> TextLayout {
    if let precedence = precedence(expression), precedence >= minimum || minimum == .pipe {
      return bare(expression)
    }
    if precedence(expression) == nil, minimum == .pipe { return bare(expression) }
    return .row([.text("("), bare(expression), .text(")")])
  }

  /// How tightly an expression binds; `nil` for `certify`, whose strategy would take in all that
  /// follows it.
  private static func precedence(_ expression: Expression) -> Precedence? {
    switch expression.kind {
    case .certify: nil
    case .binary(let binary, _, _, _): Precedence(of: binary)
    case .approximately: .comparison
    case .range: .range
    case .unary(.not, _): .negation
    case .unary(.negate, _): .unary
    case .integer(let value) where value < 0: .unary
    case .float(let value) where value < 0: .unary
    default: .postfix
    }
  }

  private static func bare(_ expression: Expression) -> TextLayout {
    switch expression.kind {
    case .integer, .float, .bytes: return .text(number(expression))
    case .boolean(let value): return .text(value ? "true" : "false")
    case .none: return .text("none")
    case .string(let parts): return string(parts)
    case .name(let name): return .text(name)
    case .list(let items): return bracketed("[", items.map { layout($0) }, "]")
    case .dictionary(let entries):
      guard !entries.isEmpty else { return .text("[:]") }
      return bracketed(
        "[", entries.map { .row([layout($0.key), .text(": "), layout($0.value)]) }, "]")
    case .unary(.not, let operand):
      return .row([.text("not "), layout(operand, atLeast: .negation)])
    case .unary(.negate, let operand):
      return .row([.text("-"), layout(operand, atLeast: .unary)])
    case .binary(.pipe, _, _, _): return pipe(expression)
    case .binary(.power, let base, let exponent, _):
      return .row([
        layout(base, atLeast: .postfix), .text(" ** "), layout(exponent, atLeast: .unary),
      ])
    case .binary(let binary, let left, let right, _):
      let own = Precedence(of: binary)
      return .row([
        layout(left, atLeast: own == .comparison ? own.tighter : own),
        .text(" \(binary.rawValue) "), layout(right, atLeast: own.tighter),
      ])
    case .approximately(let left, let right, let tolerance):
      return .row([
        layout(left, atLeast: .range), .text(" ~= "), layout(right, atLeast: .range),
        tolerance.map { .row([.text(" within "), layout($0, atLeast: .range)]) } ?? .row([]),
      ])
    case .range(let first, let last, let closed):
      let space = isInfix(first) || isInfix(last) ? " " : ""
      return .row([
        layout(first, atLeast: .sum), .text(space + (closed ? "..." : "..<") + space),
        layout(last, atLeast: .sum),
      ])
    case .call(let callee, let arguments):
      return .row([layout(callee, atLeast: .postfix), layout(arguments)])
    case .index(let base, let indices):
      return .row([
        layout(base, atLeast: .postfix), bracketed("[", indices.map { layout($0) }, "]"),
      ])
    case .field(let base, let field):
      return .row([layout(base, atLeast: .postfix), .text("." + field.name)])
    case .conditional(let conditional): return self.conditional(conditional)
    case .function(let function):
      return .row([.text("fn"), layout(function.parameters), .text(" "), layout(function.body)])
    case .gradient(let form):
      return .row([
        .text(form.verb.rawValue), wrt(form.wrt), clause(" with ", form.strategy), .text(" "),
        layout(form.body),
      ])
    case .compare(let form):
      return .row([
        .text("compare"), wrt(form.wrt), clause(" across ", form.strategies), .text(" "),
        layout(form.body),
      ])
    case .pareto(let form):
      return .row([
        .text("pareto"), wrt(form.wrt), clause(" across ", form.strategies), .text(" "),
        layout(form.body),
      ])
    case .certify(let form):
      return .row([
        .text("certify"), wrt(form.wrt), .text(" "), layout(form.body),
        clause(" with ", form.strategy),
      ])
    case .train(let form): return train(form)
    case .predict(let form):
      return .row([
        .text("predict \(form.quantity.name) = "), layout(form.guess), wrt(form.wrt),
        clause(" with ", form.strategy), .text(" "), layout(form.body),
      ])
    case .trap(let name, let body): return .row([.text("trap \(name.name) "), layout(body)])
    case .checkpoint(let body): return .row([.text("checkpoint "), layout(body)])
    case .evaluate(let body): return .row([.text("evaluate "), layout(body)])
    case .sketch(let body): return .row([.text("sketch "), layout(body)])
    case .repetition(let count, let body):
      return .row([.text("repeat "), layout(count), .text(" "), layout(body)])
    }
  }

  private static func train(_ form: TrainForm) -> TextLayout {
    .row([
      .text("train "), targets(form.targets), .text(" for " + list(form.names) + " in "),
      layout(form.batches), .text(" using "), layout(form.optimizer),
      clause(" with ", form.strategy), clause(" on ", form.workers), .text(" "),
      layout(form.body),
    ])
  }

  private static func isInfix(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .binary, .approximately, .range: true
    default: false
    }
  }

  /// A row of pipes: on one line, or each `|>` on its own.
  private static func pipe(_ expression: Expression) -> TextLayout {
    var stages: [TextLayout] = []
    var first = expression
    while case .binary(.pipe, let left, let right, _) = first.kind {
      stages.append(.row([.text("|> "), layout(right, atLeast: .or)]))
      first = left
    }
    let rest = TextLayout.joined(stages.reversed(), by: .softBreak(flat: " "))
    return .group(
      .row([layout(first, atLeast: .or), .nest(.row([.softBreak(flat: " "), rest]))]))
  }

  /// All blocks of an `if` on one line, or none.
  private static func conditional(_ conditional: Conditional) -> TextLayout {
    var blocks: [Block] = []
    var heads: [TextLayout] = []
    var next: Conditional? = conditional
    while let current = next {
      next = nil
      heads.append(
        .row([.text(heads.isEmpty ? "if " : " else if "), layout(current.condition), .text(" ")])
      )
      blocks.append(current.then)
      if let otherwise = current.otherwise {
        if let chained = elseIf(otherwise) {
          next = chained
        } else {
          heads.append(.text(" else "))
          blocks.append(otherwise)
        }
      }
    }
    let areShort = blocks.allSatisfy(isShort)
    var row: [TextLayout] = []
    for (head, block) in zip(heads, blocks) {
      row += [head, areShort ? shortLayout(block) : longLayout(block)]
    }
    return areShort ? .group(.row(row)) : .row(row)
  }

  /// The conditional of an `else if`, which the parser wraps in a block without braces.
  private static func elseIf(_ block: Block) -> Conditional? {
    guard block.statements.count == 1,
      case .expression(let expression) = block.statements[0].kind,
      case .conditional(let conditional) = expression.kind,
      expression.range.lower == block.range.lower
    else { return nil }
    return conditional
  }

  // MARK: literals

  /// A number as its source spells it, if the range is its own; else as its value prints.
  private static func number(_ expression: Expression) -> String {
    let range = expression.range
    let spelling = range.upper - range.lower <= 64 ? range.text : ""
    switch (expression.kind, Lexer.literal(spelling)) {
    case (.integer(let value), .integer(let spelled)?) where value == spelled: return spelling
    case (.float(let value), .float(let spelled)?) where value == spelled: return spelling
    case (.bytes(let count), .bytes(let spelled)?) where count == spelled:
      let digits = spelling.prefix { !$0.isWhitespace && !"BKMG".contains($0) }
      let unit = spelling.drop { !"BKMG".contains($0) }
      return digits + " " + unit
    case (.integer(let value), _): return String(value)
    case (.float(let value), _): return String(value)
    case (.bytes(let count), _):
      let unit = Lexer.units.last { count % $0.bytes == 0 && count > 0 } ?? Lexer.units[0]
      return "\(count / unit.bytes) \(unit.name)"
    default: return ""
    }
  }

  private static func string(_ parts: [StringPart]) -> TextLayout {
    var text = "\""
    for part in parts {
      switch part {
      case .text(let part): text += part.escaped
      case .interpolation(let value): text += "\\(" + layout(value).inlineText + ")"
      }
    }
    return .text(text + "\"")
  }
}
