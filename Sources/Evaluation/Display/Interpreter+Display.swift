import Syntax

extension Interpreter {
  /// The name of a value's type: `int`, `tensor f32[3]`, `layer dense`.
  package func typeName(of value: Value) -> String {
    switch value {
    case .none: "none"
    case .integer: "int"
    case .float: "float"
    case .boolean: "bool"
    case .bytes: "bytes"
    case .string: "string"
    case .list: "list"
    case .range: "range"
    case .function: "function"
    case .layer(let layer): "layer \(layer.name)"
    case .tensor(let x): "tensor \(x.typeDescription)"
    case .dataSet: "data set"
    case .batches: "batches"
    case .optimizer: "optimizer"
    case .strategy: "strategy"
    case .gradients: "gradients"
    case .plan: "schedule"
    case .record(let record): record.typeName
    }
  }

  /// A value as the REPL shows it: strings in quotes, layers as a tree; several lines where it takes them.
  package func display(_ value: Value) -> String {
    switch value {
    case .string(let text): Interpreter.quoted(text.string)
    case .tensor(let x): display(x)
    case .layer(let layer): LayerTree(layer, machine: self).text
    case .dataSet(let data): display(data)
    case .gradients(let gradients): display(gradients)
    case .plan(let plan): display(plan)
    case .record(let record): display(record)
    case .list(let list):
      "[" + list.elements.map { inline($0, depth: 1) }.joined(separator: ", ") + "]"
    default: inline(value)
    }
  }

  /// A value as `print` and interpolation show it: strings bare, short forms.
  package func text(of value: Value) -> String {
    switch value {
    case .string(let text): text.string
    case .tensor(let x) where x.isConcrete:
      TensorText(x.doubles(), shape: x.shape, dtype: x.dtype).text
    case .record(let record): record.display ?? inline(value)
    default: inline(value)
    }
  }

  /// A value within another: on one line. What is nested deeper than `Interpreter.deepestShown` is an ellipsis.
  func inline(_ value: Value, depth: Int = 0) -> String {
    switch value {
    case .none: "none"
    case .integer(let x): String(x)
    case .float(let x): Display.number(x)
    case .boolean(let x): x ? "true" : "false"
    case .bytes(let x): ByteFormat.text(x)
    case .string(let text): Interpreter.quoted(text.string)
    case .list(let list): depth < Interpreter.deepestShown ? inline(list, depth: depth + 1) : "[…]"
    case .range(let range): "\(range.lower)..<\(range.upper)"
    case .function(let function): "fn \(function.name)"
    case .layer(let layer): signature(of: layer)
    case .tensor(let x):
      x.isConcrete && x.shape.count <= 8 && x.shape.rank < 2
        ? TensorText(x.doubles(), shape: x.shape, dtype: x.dtype).text
        : "tensor \(x.typeDescription)"
    case .dataSet(let data): "\(data.name) (\(data.count) rows)"
    case .batches(let batches): "batches of \(batches.size) rows of \(batches.data.name)"
    case .optimizer(let optimizer): optimizer.spelling
    case .strategy(let strategy): strategy.spelling
    case .gradients(let gradients): "gradients (\(gradients.entries.count))"
    case .plan(let plan): "schedule \(plan.strategy), peak \(ByteFormat.text(plan.peak))"
    case .record(let record):
      record.typeName + "("
        + record.fields.map { "\($0.name): \(inline($0.value, depth: depth + 1))" }
        .joined(separator: ", ") + ")"
    }
  }

  private static let deepestShown = 24

  private func inline(_ list: List, depth: Int) -> String {
    let shown = list.elements.prefix(100).map { inline($0, depth: depth) }
    let rest = list.elements.count - shown.count
    return "[" + (shown + (rest > 0 ? ["… \(rest) more"] : [])).joined(separator: ", ") + "]"
  }

  /// A layer as the call that made it: `dense(2, 64)`.
  func signature(of layer: Layer) -> String {
    if case .chain(let elements) = layer.kind { return "chain of \(elements.count)" }
    let arguments = layer.fields.prefix(layer.argumentCount).map { field in
      if case .layer(let inner) = field.cell.value { return inner.name }
      return inline(field.cell.value)
    }
    return "\(layer.name)(\(arguments.joined(separator: ", ")))"
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text {
      switch character {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      default: quoted.append(character)
      }
    }
    return quoted + "\""
  }

  // MARK: Values of several lines

  private func display(_ x: TensorValue) -> String {
    guard x.isConcrete else { return "tensor \(x.typeDescription), traced" }
    let text = TensorText(x.doubles(), shape: x.shape, dtype: x.dtype).text
    switch x.shape.rank {
    case 0: return text
    case 1: return "\(x.typeDescription) \(text)"
    default: return "\(x.typeDescription)\n\(text)"
    }
  }

  private func display(_ data: DataSet) -> String {
    let columns = data.columns.map { "\($0.name) \($0.tensor.typeDescription)" }
    let bytes = data.columns.reduce(0) { $0 + $1.tensor.byteCount }
    var text =
      "\(data.name): \(data.count) rows, \(ByteFormat.text(bytes)); \(columns.joined(separator: ", "))"
    if !data.classNames.isEmpty { text += "\nclasses: " + data.classNames.joined(separator: ", ") }
    return text
  }

  private func display(_ gradients: GradientsValue) -> String {
    let loss = gradients.loss.doubles().first.map(Display.number) ?? "none"
    let width = gradients.entries.map(\.name.count).max() ?? 0
    let bytes = gradients.entries.reduce(0) { $0 + $1.gradient.byteCount }
    let lines = gradients.entries.map {
      "  " + $0.name.padding(to: width) + "  " + $0.gradient.typeDescription
    }
    let count = gradients.entries.count
    return
      (["loss \(loss); \(count) gradient\(count == 1 ? "" : "s"), \(ByteFormat.text(bytes))"]
      + lines)
      .joined(separator: "\n")
  }

  private func display(_ plan: PlanValue) -> String {
    let run = plan.rehearsal
    return """
      schedule \(plan.strategy): peak \(ByteFormat.text(plan.peak)), \
      \(ByteFormat.text(plan.base.total)) of it outside the schedule
        steps: \(run.forwardSteps) forward + \(run.replayedSteps) replayed, \(run.backwardSteps) backward
        actions: \(plan.schedule.actions.count)
      """
  }

  private func display(_ record: Record) -> String {
    if let display = record.display { return display }
    let width = record.fields.map(\.name.count).max() ?? 0
    return
      ([record.typeName]
      + record.fields.map { "  " + $0.name.padding(to: width) + "  " + inline($0.value) })
      .joined(separator: "\n")
  }
}

extension TensorValue {
  /// Bytes of the elements.
  package var byteCount: Int { shape.count &* dtype.byteWidth }
}

extension String {
  /// The string with spaces behind it up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
