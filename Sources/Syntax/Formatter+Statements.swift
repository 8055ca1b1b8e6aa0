/// Statements in their canonical layout.
extension Formatter {
  /// A statement with its `;`, without its comments.
  static func layout(_ statement: Statement) -> TextLayout {
    statement.isSilenced ? .row([layout(statement.kind), .text(";")]) : layout(statement.kind)
  }

  private static func layout(_ kind: Statement.Kind) -> TextLayout {
    switch kind {
    case .expression(let expression):
      if case .name(let name) = expression.kind, isCommandAlone(name) {
        return .text("(\(name))")
      }
      return layout(expression)
    case .binding(let names, let value):
      return .row([.text("let " + list(names) + " = "), layout(value)])
    case .assignment(let target, let operation, let value):
      return .row([
        layout(target), .text(" \(operation?.rawValue ?? "")= "), layout(value),
      ])
    case .function(let function):
      return form("fn \(function.name.name)", layout(function.parameters), then: function.body)
    case .layer(let layer): return layout(layer)
    case .strategy(let strategy):
      return form(
        "strategy \(strategy.name.name)",
        strategy.parameters.isEmpty ? .row([]) : layout(strategy.parameters),
        .text(" on \(strategy.subject.rawValue)"), then: strategy.body)
    case .loop(let names, let items, let body):
      return form("for " + list(names) + " in ", layout(items), then: body)
    case .whileLoop(let condition, let body):
      return form("while ", layout(condition), then: body)
    case .returning(let value):
      guard let value else { return .text("return") }
      return .row([.text("return "), layout(value)])
    case .breaking: return .text("break")
    case .continuing: return .text("continue")
    case .reset(let targets): return .row([.text("reset "), self.targets(targets)])
    case .update(let targets, let gradients, let optimizer):
      return .row([
        .text("update "), self.targets(targets), .text(" along "), layout(gradients),
        .text(" using "), layout(optimizer),
      ])
    case .budget(let size, let body):
      let isTaken = body == nil && endsInBareBody(size)
      return .row([
        .text("budget "),
        isTaken ? .row([.text("("), layout(size), .text(")")]) : layout(size),
        body.map { .row([.text(" "), layout($0)]) } ?? .row([]),
      ])
    case .seed(let value): return .row([.text("seed "), layout(value)])
    case .importing(let path): return .row([.text("import "), layout(path)])
    case .test(let name, let options, let body):
      return form(
        "test ", layout(name), options.isEmpty ? .row([]) : .row([.text(" "), layout(options)]),
        then: body)
    case .expect(let condition): return .row([.text("expect "), layout(condition)])
    case .command(let command):
      guard !command.arguments.isEmpty else { return .text(command.verb.rawValue) }
      let arguments = command.arguments.map { topic($0, of: command.verb) }
      return .row([
        .text(command.verb.rawValue + " "), .joined(arguments, by: .text(", ")),
      ])
    }
  }

  /// True for names that are commands where they stand alone on a line.
  private static func isCommandAlone(_ name: String) -> Bool {
    switch Command.Verb(rawValue: name) {
    case .memory, .tensors, .help, .account, .fuse: true
    default: false
    }
  }

  /// True for an expression that ends in `plan { }` or `pareto { }`, whose block would be taken
  /// for that of the statement.
  private static func endsInBareBody(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .gradient(let form):
      form.verb == .plan && form.wrt.isEmpty && form.optimizer == nil && form.strategy == nil
    case .pareto(let form): form.wrt.isEmpty && form.optimizer == nil && form.strategies == nil
    case .evaluate, .sketch: true
    case .binary(_, _, let last, _), .range(_, let last, _), .unary(_, let last):
      endsInBareBody(last)
    case .approximately(_, let right, let tolerance): endsInBareBody(tolerance ?? right)
    case .certify(let form): endsInBareBody(form.strategy)
    default: false
    }
  }

  /// An argument of a command; an operator is a topic of `help` without quotes.
  private static func topic(_ argument: Expression, of verb: Command.Verb) -> TextLayout {
    if verb == .help, case .string(let parts) = argument.kind, parts.count == 1,
      case .text(let text) = parts[0], Symbol(rawValue: text)?.isOperator ?? false
    {
      return .text(text)
    }
    return layout(argument)
  }

  /// True where the body of a layer is on several lines, whatever its parameters are on.
  private static func isBroken(_ layer: LayerDeclaration) -> Bool {
    let last = layer.parameters.last
    let end = last.map { $0.defaultValue?.range.upper ?? $0.name.range.upper }
    let behind = SourceRange(
      layer.range.source, end ?? layer.name.range.upper, layer.range.upper)
    return behind.text.drop { $0 != "{" }.utf8.contains(UInt8(ascii: "\n"))
  }

  /// A layer; on one line where it was on one line, holds nothing but `forward`, and fits.
  private static func layout(_ layer: LayerDeclaration) -> TextLayout {
    let head = TextLayout.row([
      .text("layer \(layer.name.name)"), layout(layer.parameters), .text(" "),
    ])
    let isShort =
      layer.members.isEmpty && layer.opening == nil && layer.dangling.isEmpty
      && layer.forwardLeading.isEmpty && layer.forwardTrailing == nil
      && !isBroken(layer)
    let forward = TextLayout.row([.text("forward"), layout(layer.forwardParameters), .text(" ")])
    if isShort, Formatter.isShort(layer.forward) {
      return .row([
        head,
        .group(
          .row([
            .text("{"),
            .nest(.row([.softBreak(flat: " "), forward, layout(layer.forward)])),
            .softBreak(flat: " "), .text("}"),
          ])),
      ])
    }
    var lines = Lines()
    for member in layer.members {
      lines.add(comments: member.leading)
      let value = TextLayout.row([
        .text("\(member.kind.rawValue) \(member.name.name) = "), layout(member.value),
      ])
      lines.add(.row([value, .inline(";")]), trailing: member.trailing)
    }
    lines.add(comments: layer.forwardLeading)
    lines.add(.row([forward, layout(layer.forward)]), trailing: layer.forwardTrailing)
    lines.add(comments: layer.dangling)
    return .row([head, braces(opening: layer.opening, lines.layout)])
  }

  /// `a, b`
  static func list(_ names: [Identifier]) -> String {
    names.map(\.name).joined(separator: ", ")
  }

  /// What begins with words and ends in a block, with a space before that.
  static func form(
    _ head: String, _ parts: TextLayout..., then body: Block
  ) -> TextLayout {
    .row([.text(head)] + parts + [.text(" "), layout(body)])
  }

  /// A word and an expression, or nothing.
  static func clause(_ word: String, _ expression: Expression?) -> TextLayout {
    guard let expression else { return .row([]) }
    return .row([.text(word), layout(expression)])
  }

  /// ` wrt a, b`, or nothing.
  static func wrt(_ targets: [Expression]) -> TextLayout {
    targets.isEmpty ? .row([]) : .row([.text(" wrt "), self.targets(targets)])
  }

  /// True for an expression whose first word begins a form with a block.
  private static func beginsWithForm(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .call(let base, _), .index(let base, _), .field(let base, _): beginsWithForm(base)
    case .conditional, .function, .gradient, .compare, .pareto, .train, .predict, .trap,
      .mixed, .checkpoint, .evaluate, .sketch, .repetition:
      true
    default: false
    }
  }

  /// `net, head.w`: targets with commas between; one in parentheses where its first word
  /// would begin a form.
  static func targets(_ targets: [Expression]) -> TextLayout {
    let items = targets.map { target in
      let layout = layout(target, atLeast: .postfix)
      return beginsWithForm(target) ? .row([.text("("), layout, .text(")")]) : layout
    }
    return .joined(items, by: .text(", "))
  }
}
