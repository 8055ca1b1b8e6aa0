import Schedules
import Syntax

extension Interpreter {
  /// What a name means, words of the language and traps apart: what the learner bound it to, then
  /// what is predefined.
  package func meanings(of name: String) -> [HelpEntry] {
    var meanings: [HelpEntry] = name == Interpreter.ans ? [Interpreter.helpOnAns] : []
    if let cell = session[name], cell.isDefined {
      meanings += entry(on: cell.value, called: name, in: "A name of this session")
    }
    if let cell = predefined[name] {
      meanings += entry(on: cell.value, called: name, in: "A number")
    }
    return meanings
  }

  private func entry(on value: Value, called name: String, in place: String) -> [HelpEntry] {
    if case .function(let function) = value {
      return entry(on: function, called: name).map { [$0] } ?? []
    }
    return [
      HelpEntry(
        name: name, signature: name, summary: "\(place): \(Diagnostic.describe(value)).",
        details: "", example: "")
    ]
  }

  private func entry(on function: Function, called name: String) -> HelpEntry? {
    switch function.kind {
    case .builtin(let builtin):
      return HelpEntry(
        name: name, signature: builtin.signature, summary: builtin.summary, details: "",
        example: builtin.example)
    case .layerMaker(let code, _):
      let source = code.declaration.range
      return HelpEntry(
        name: name, signature: signature(of: function),
        summary: comment(above: source) ?? "A layer.", details: "`source \(name)` prints it.",
        example: source.source === prelude ? Prelude.examples[code.name] ?? "" : "")
    case .closure(let closure):
      return HelpEntry(
        name: name, signature: signature(of: function),
        summary: comment(above: closure.code.range) ?? "A function of this session.",
        details: "`source \(name)` prints it.", example: example(of: closure.code))
    case .learnerStrategy(_, let closure):
      return HelpEntry(
        name: name, signature: signature(of: function),
        summary: comment(above: closure.code.range) ?? "A strategy of this session.",
        details: "`source \(name)` prints it.", example: "")
    case .strategyMaker(let strategy):
      return Catalogue.entries.first { $0.name == strategy }.map { HelpEntry($0, called: name) }
    }
  }

  private func example(of code: FunctionCode) -> String {
    code.range.source === prelude ? Prelude.examples[code.name] ?? "" : ""
  }

  /// The Cairn text of a layer, a function or a strategy, the comment above it included.
  package func sourceText(of name: String) -> String? {
    guard let value = knownCell(name)?.value else { return nil }
    let range: SourceRange
    switch value {
    case .function(let function):
      switch function.kind {
      case .layerMaker(let code, _): range = code.declaration.range
      case .closure(let closure): range = closure.code.range
      case .learnerStrategy(_, let closure): range = closure.code.range
      case .builtin, .strategyMaker: return nil
      }
    case .layer(let layer):
      guard case .declared = layer.kind else { return nil }
      return layer.name == name ? nil : sourceText(of: layer.name)
    default: return nil
    }
    return (commentLines(above: range).map { $0 + "\n" } ?? "") + range.text
  }

  /// The comment lines just above a declaration; `nil` where there are none.
  private func commentLines(above range: SourceRange) -> String? {
    var lines: [String] = []
    var number = range.start.line - 1
    while number >= 1, range.source.line(number).hasPrefix("# "),
      !range.source.line(number).hasPrefix("# %%")
    {
      lines.insert(range.source.line(number), at: 0)
      number -= 1
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private func comment(above range: SourceRange) -> String? {
    commentLines(above: range).map {
      $0.split(separator: "\n").map { $0.dropFirst(2) }.joined(separator: " ")
    }
  }

  // MARK: Live tensors

  /// Every tensor that a name of the session, or a variable of a running function, leads to, each
  /// storage once, the largest first. `ans` owns what no other does.
  package func liveTensors() -> [LiveTensor] {
    var owners = bindings.filter { $0.name != Interpreter.ans }
    variables.forEachValue { value in
      owners.append(("a running function", value))
      return true
    }
    owners += bindings.filter { $0.name == Interpreter.ans }
    var walk = OwnerWalk()
    walk.visit(owners)
    return walk.found.sorted { ($0.bytes, $1.owner) > ($1.bytes, $0.owner) }
  }
}

extension HelpEntry {
  /// What the catalogue says of a strategy, its options an item a line.
  fileprivate init(_ strategy: Catalogue.Entry, called name: String) {
    let options = strategy.options.map { option in
      "  \(option.name): \(option.summary)\(option.isRequired ? " (required)" : "")"
    }
    self.init(
      name: name, signature: name, kind: "a strategy", summary: strategy.summary,
      details: ([strategy.details] + options + ["Source: \(strategy.source)"])
        .filter { !$0.isEmpty }.joined(separator: "\n"), example: strategy.script)
  }
}
