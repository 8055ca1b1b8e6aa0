import Writing

/// Prints a tree as an indented outline, a node a line; comments and places are left out.
package enum TreePrinter {
  /// The outline of a script's statements; ends with a newline unless there are none.
  package static func text(_ script: Script) -> String {
    script.statements.map { outline($0).text }.joined()
  }

  /// A node a row, from the top: how deep it lies, 0 for the statement, and what it is.
  package static func rows(_ statement: Statement) -> [(depth: Int, text: String)] {
    outline(statement).rows(depth: 0)
  }

  /// An expression's outline; ends with a newline.
  package static func text(_ expression: Expression) -> String {
    outline(expression).text
  }

  /// A line and the lines below it.
  private struct Outline {
    let line: String
    var children: [Outline] = []

    init(_ line: String, _ children: [Outline] = []) {
      self.line = line
      self.children = children
    }

    func rows(depth: Int) -> [(depth: Int, text: String)] {
      [(depth, line)] + children.flatMap { $0.rows(depth: depth + 1) }
    }

    var text: String {
      rows(depth: 0).map { String(repeating: "  ", count: $0.depth) + $0.text + "\n" }.joined()
    }
  }

  // MARK: statements

  private static func outline(_ statement: Statement) -> Outline {
    let outline = outline(statement.kind)
    return statement.isSilenced ? Outline(outline.line + " ;", outline.children) : outline
  }

  private static func outline(_ kind: Statement.Kind) -> Outline {
    switch kind {
    case .expression(let value): return outline(value)
    case .binding(let names, let value): return Outline("let \(list(names))", [outline(value)])
    case .assignment(let target, let operation, let value):
      let word = "assign" + (operation.map { " " + $0.rawValue } ?? "")
      if case .name(let name) = target.kind { return Outline("\(word) \(name)", [outline(value)]) }
      return Outline(word, [outline(target), outline(value)])
    case .function(let function):
      return Outline(
        "function \(function.name.name)", [outline(function.parameters), outline(function.body)])
    case .layer(let layer):
      let members = layer.members.map { member in
        Outline("\(member.kind.rawValue) \(member.name.name)", [outline(member.value)])
      }
      let forward = Outline(
        "forward", [outline(layer.forwardParameters), outline(layer.forward)])
      return Outline(
        "layer \(layer.name.name)", [outline(layer.parameters)] + members + [forward])
    case .strategy(let strategy):
      return Outline(
        "strategy \(strategy.name.name) on \(strategy.subject.rawValue)",
        [outline(strategy.parameters), outline(strategy.body)])
    case .loop(let names, let items, let body):
      return Outline("for \(list(names))", [outline(items), outline(body)])
    case .whileLoop(let condition, let body):
      return Outline("while", [outline(condition), outline(body)])
    case .returning(let value): return Outline("return", value.map { [outline($0)] } ?? [])
    case .breaking: return Outline("break")
    case .continuing: return Outline("continue")
    case .reset(let targets): return Outline("reset", targets.map(outline))
    case .update(let targets, let gradients, let optimizer):
      return Outline(
        "update",
        targets.map(outline) + [Outline("along", [outline(gradients)])] + clause("using", optimizer)
      )
    case .budget(let size, let body):
      return Outline("budget", [outline(size)] + (body.map { [outline($0)] } ?? []))
    case .seed(let value): return Outline("seed", [outline(value)])
    case .importing(let path): return Outline("import", [outline(path)])
    case .test(let name, let options, let body):
      return Outline("test", [outline(name)] + options.map(outline) + [outline(body)])
    case .expect(let condition): return Outline("expect", [outline(condition)])
    case .command(let command):
      return Outline("command \(command.verb.rawValue)", command.arguments.map(outline))
    }
  }

  private static func outline(_ block: Block) -> Outline {
    Outline("block", block.statements.map(outline))
  }

  private static func outline(_ parameters: [Parameter]) -> Outline {
    let children = parameters.map { parameter in
      Outline(parameter.name.name, parameter.defaultValue.map { [outline($0)] } ?? [])
    }
    return Outline("parameters", children)
  }

  private static func outline(_ argument: Argument) -> Outline {
    guard let label = argument.label else { return outline(argument.value) }
    return Outline("\(label.name):", [outline(argument.value)])
  }

  private static func list(_ names: [Identifier]) -> String {
    names.map(\.name).joined(separator: ", ")
  }

  private static func clause(_ word: String, _ value: Expression?) -> [Outline] {
    value.map { [Outline(word, [outline($0)])] } ?? []
  }

  private static func targets(_ targets: [Expression]) -> [Outline] {
    targets.isEmpty ? [] : [Outline("wrt", targets.map(outline))]
  }

  // MARK: expressions

  private static func outline(_ expression: Expression) -> Outline {
    switch expression.kind {
    case .integer(let value): return Outline("integer \(value)")
    case .float(let value): return Outline("float \(value)")
    case .boolean(let value): return Outline("boolean \(value)")
    case .none: return Outline("none")
    case .bytes(let count): return Outline("bytes \(count)")
    case .name(let name): return Outline("name \(name)")
    case .string(let parts): return Outline("string", parts.map(outline))
    case .list(let items): return Outline("list", items.map(outline))
    case .dictionary(let entries):
      return Outline(
        "dictionary", entries.map { Outline("entry", [outline($0.key), outline($0.value)]) })
    case .unary(let unary, let operand): return Outline(unary.rawValue, [outline(operand)])
    case .binary(let binary, let left, let right, _):
      return Outline(binary.rawValue, [outline(left), outline(right)])
    case .approximately(let left, let right, let tolerance):
      return Outline("~=", [outline(left), outline(right)] + clause("within", tolerance))
    case .range(let first, let last, let closed):
      return Outline(closed ? "..." : "..<", [outline(first), outline(last)])
    case .call(let callee, let arguments):
      return Outline("call", [outline(callee)] + arguments.map(outline))
    case .index(let base, let indices):
      return Outline("index", [outline(base)] + indices.map(outline))
    case .field(let base, let field): return Outline("field \(field.name)", [outline(base)])
    case .conditional(let conditional):
      return Outline(
        "if",
        [outline(conditional.condition), outline(conditional.then)]
          + (conditional.otherwise.map { [Outline("else", [outline($0)])] } ?? []))
    case .function(let function):
      return Outline("fn", [outline(function.parameters), outline(function.body)])
    case .gradient(let form): return outline(form)
    case .compare(let form): return outline(form)
    case .pareto(let form): return outline(form)
    case .certify(let form): return outline(form)
    case .train(let form): return outline(form)
    case .predict(let form): return outline(form)
    case .trap(let name, let body): return Outline("trap \(name.name)", [outline(body)])
    case .mixed(let type, let body): return Outline("mixed \(type.name)", [outline(body)])
    case .checkpoint(let saved, let body):
      return Outline("checkpoint", clause("save", saved) + [outline(body)])
    case .evaluate(let body): return Outline("evaluate", [outline(body)])
    case .sketch(let body): return Outline("sketch", [outline(body)])
    case .repetition(let count, let body):
      return Outline("repeat", [outline(count), outline(body)])
    }
  }

  private static func outline(_ part: StringPart) -> Outline {
    switch part {
    case .text(let text): Outline(text.quoted)
    case .interpolation(let value): outline(value)
    }
  }

  // Forms stand apart: what the function above takes of the stack counts for each level of nesting.

  private static func outline(_ form: GradientForm) -> Outline {
    Outline(
      form.verb.rawValue,
      targets(form.wrt) + clause("using", form.optimizer) + clause("with", form.strategy)
        + [outline(form.body)])
  }

  private static func outline(_ form: CompareForm) -> Outline {
    Outline(
      "compare",
      targets(form.wrt) + clause("using", form.optimizer) + clause("across", form.strategies)
        + clause("on", form.workers) + [outline(form.body)])
  }

  private static func outline(_ form: ParetoForm) -> Outline {
    Outline(
      "pareto",
      targets(form.wrt) + clause("using", form.optimizer) + clause("across", form.strategies)
        + [outline(form.body)])
  }

  private static func outline(_ form: CertifyForm) -> Outline {
    Outline("certify", targets(form.wrt) + [outline(form.body)] + clause("with", form.strategy))
  }

  private static func outline(_ form: PredictForm) -> Outline {
    Outline(
      "predict \(form.quantity.name)",
      [outline(form.guess)] + targets(form.wrt) + clause("with", form.strategy)
        + [outline(form.body)])
  }

  private static func outline(_ form: TrainForm) -> Outline {
    let loop = [
      Outline("for \(list(form.names))", [outline(form.batches)]),
      Outline("using", [outline(form.optimizer)]),
    ]
    return Outline(
      "train",
      targets(form.targets) + loop + clause("with", form.strategy) + clause("on", form.workers)
        + clause("accumulate", form.groupSize)
        + (form.updates.map { [Outline("updates \($0.word.rawValue)", [])] } ?? [])
        + (form.mixed.map { [Outline("mixed \($0.name)", [])] } ?? [])
        + [outline(form.body)])
  }
}
