import Writing

/// Expressions in their canonical layout.
extension Formatter {
  /// An expression where any may stand.
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

  /// An expression without parentheses around it.
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
    case .binary(let operation, let left, let right, _):
      return binary(left, operation, right)
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
      return form("fn", layout(function.parameters), then: function.body)
    case .gradient(let gradient):
      return form(
        gradient.verb.rawValue, wrt(gradient.wrt), clause(" using ", gradient.optimizer),
        clause(" with ", gradient.strategy), then: gradient.body)
    case .compare(let compare):
      return form(
        "compare", wrt(compare.wrt), clause(" using ", compare.optimizer),
        clause(" across ", compare.strategies), clause(" on ", compare.workers),
        then: compare.body)
    case .pareto(let pareto):
      return form(
        "pareto", wrt(pareto.wrt), clause(" using ", pareto.optimizer),
        clause(" across ", pareto.strategies), then: pareto.body)
    case .certify(let certify):
      return .row([
        form("certify", wrt(certify.wrt), then: certify.body), clause(" with ", certify.strategy),
      ])
    case .train(let form): return train(form)
    case .predict(let predict):
      return form(
        "predict \(predict.quantity.name) = ", layout(predict.guess), wrt(predict.wrt),
        clause(" with ", predict.strategy), then: predict.body)
    case .trap(let name, let body): return form("trap \(name.name)", then: body)
    case .checkpoint(let saved, let body):
      let list = saved.map { bracketed("(", [.row([.text("save: "), layout($0)])], ")") }
      return form("checkpoint", list ?? .row([]), then: body)
    case .mixed(let type, let body): return form("mixed \(type.name)", then: body)
    case .evaluate(let body): return form("evaluate", then: body)
    case .sketch(let body): return form("sketch", then: body)
    case .repetition(let count, let body): return form("repeat ", layout(count), then: body)
    }
  }

  private static func train(_ train: TrainForm) -> TextLayout {
    form(
      "train ", targets(train.targets), .text(" for " + list(train.names) + " in "),
      layout(train.batches), .text(" using "), layout(train.optimizer),
      clause(" with ", train.strategy), clause(" on ", train.workers),
      clause(" accumulate ", train.groupSize),
      .text(train.updates.map { " updates " + $0.word.rawValue } ?? ""),
      .text(train.mixed.map { " mixed " + $0.name } ?? ""), then: train.body)
  }

  /// An infix operator between its operands.
  private static func binary(
    _ left: Expression, _ operation: BinaryOperator, _ right: Expression
  ) -> TextLayout {
    let own = Precedence(of: operation)
    let (leftmost, rightmost): (Precedence, Precedence) =
      switch own {
      case .power: (.postfix, .unary)
      case .comparison: (own.tighter, own.tighter)
      default: (own, own.tighter)
      }
    return .row([
      layout(left, atLeast: leftmost), .text(" \(operation.rawValue) "),
      layout(right, atLeast: rightmost),
    ])
  }

  /// True for what stands apart from a range's dots.
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
    case (.float(let value), .float(let spelled)?) where value == spelled:
      guard let unit = Lexer.powers.last(where: { spelling.hasSuffix($0.name) }) else {
        return spelling
      }
      let digits = spelling.dropLast(unit.name.count).prefix { !$0.isWhitespace }
      return digits + " " + unit.name
    case (.bytes(let count), .bytes(let spelled)?) where count == spelled:
      let digits = spelling.prefix { !$0.isWhitespace && !"BKMGT".contains($0) }
      let unit = spelling.drop { !"BKMGT".contains($0) }
      return digits + " " + unit
    case (.integer(let value), _): return String(value)
    case (.float(let value), _): return String(value)
    case (.bytes(let count), _):
      let unit = Lexer.units.last { count % $0.bytes == 0 && count > 0 } ?? Lexer.units[0]
      return "\(count / unit.bytes) \(unit.name)"
    default: return ""
    }
  }

  /// A string between quotes, its interpolations on one line.
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
