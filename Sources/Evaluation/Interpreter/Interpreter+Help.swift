import Schedules
import Syntax

extension Interpreter {
  /// Help on a builtin, a standard layer, a strategy, or a function of the learner's.
  package func help(on name: String) -> HelpEntry? {
    if let entry = Catalogue.entries.first(where: { $0.name == name }) {
      let options = entry.options.map {
        "  \($0.name): \($0.summary)\($0.isRequired ? " (required)" : "")"
      }
      return HelpEntry(
        name: name, signature: signature(of: entry), summary: entry.summary,
        details: ([entry.details] + options + ["Source: \(entry.source)"])
          .joined(separator: "\n"), example: entry.example)
    }
    if name == Interpreter.ans { return Interpreter.helpOnAns }
    guard case .function(let function) = knownCell(name)?.value else { return nil }
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
        details: "`source \(name)` prints it.", example: "")
    case .learnerStrategy(_, let closure):
      return HelpEntry(
        name: name, signature: signature(of: function),
        summary: comment(above: closure.code.range) ?? "A strategy of this session.",
        details: "`source \(name)` prints it.", example: "")
    case .strategyMaker: return nil
    }
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

  /// Every tensor that a name of the session leads to, each storage once, the largest first. `ans`
  /// owns what no other name does.
  package func liveTensors() -> [LiveTensor] {
    var walk = OwnerWalk()
    let (last, named) = (
      bindings.filter { $0.name == Interpreter.ans }, bindings.filter { $0.name != Interpreter.ans }
    )
    for (name, value) in named + last { walk.visit(value, path: name, depth: 0) }
    return walk.found.sorted { ($0.bytes, $1.owner) > ($1.bytes, $0.owner) }
  }
}

/// Goes through what names hold, down to the tensors.
private struct OwnerWalk {
  var found: [LiveTensor] = []
  private var storages: Set<ObjectIdentifier> = []
  private var visited: Set<ObjectIdentifier> = []
  private static let deepest = 1000

  mutating func visit(_ value: Value, path: String, depth: Int) {
    guard depth < OwnerWalk.deepest else { return }
    switch value {
    case .tensor(let x): add(x, path)
    case .list(let list):
      guard visited.insert(ObjectIdentifier(list)).inserted else { return }
      for (index, element) in list.elements.enumerated() {
        visit(element, path: "\(path)[\(index)]", depth: depth + 1)
      }
    case .dictionary(let dictionary):
      guard visited.insert(ObjectIdentifier(dictionary)).inserted else { return }
      for (key, value) in dictionary.entries {
        visit(value, path: "\(path)[\(InlineText.of(key.value))]", depth: depth + 1)
      }
    case .layer(let layer):
      guard visited.insert(ObjectIdentifier(layer)).inserted else { return }
      if case .chain(let elements) = layer.kind {
        for (index, element) in elements.enumerated() {
          visit(element, path: "\(path).layers[\(index)]", depth: depth + 1)
        }
      }
      for field in layer.fields {
        visit(field.cell.value, path: "\(path).\(field.name)", depth: depth + 1)
      }
      if case .declared(let forward) = layer.kind { visit(forward.captures, path, depth) }
    case .record(let record):
      for field in record.fields {
        visit(field.value, path: "\(path).\(field.name)", depth: depth + 1)
      }
    case .dataSet(let data):
      for column in data.columns { add(column.tensor, "\(path).\(column.name)") }
    case .batches(let batches):
      for column in batches.data.columns { add(column.tensor, "\(path).data.\(column.name)") }
    case .gradients(let gradients):
      add(gradients.loss, "\(path).loss")
      for entry in gradients.entries { add(entry.gradient, "\(path)[\(entry.name)]") }
      for (index, output) in gradients.outputs.enumerated() {
        visit(output, path: "\(path).outputs[\(index)]", depth: depth + 1)
      }
    case .optimizer(let optimizer):
      for (place, parameter) in optimizer.parameters.enumerated() {
        for (number, moment) in (optimizer.moments[ObjectIdentifier(parameter)] ?? []).enumerated()
        {
          add(moment, "\(path).moments[\(place)][\(number)]")
        }
      }
      if let function = optimizer.setting.rateFunction {
        visit(.function(function), path: "\(path).lr", depth: depth + 1)
      }
    case .function(let function):
      guard visited.insert(ObjectIdentifier(function)).inserted else { return }
      switch function.kind {
      case .closure(let closure): visit(closure.captures, path, depth)
      case .layerMaker(_, let captures): visit(captures, path, depth)
      case .learnerStrategy(_, let closure): visit(closure.captures, path, depth)
      case .builtin, .strategyMaker: break
      }
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .strategy, .plan: break
    }
  }

  private mutating func visit(_ captures: [Cell], _ path: String, _ depth: Int) {
    for cell in captures {
      visit(cell.value, path: "\(path) (captured \(cell.name))", depth: depth + 1)
    }
  }

  private mutating func add(_ x: TensorValue, _ path: String) {
    guard let tensor = x.tensor, storages.insert(ObjectIdentifier(tensor.storage)).inserted else {
      return
    }
    found.append(
      LiveTensor(
        owner: path, shape: x.shape, dtype: x.dtype, account: tensor.storage.account,
        bytes: tensor.storage.byteCount))
  }
}
