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
    case .layer(let layer): LayerTree.text(of: layer, machine: self)
    case .dataSet(let data): display(data)
    case .gradients(let gradients): display(gradients)
    case .plan(let plan): display(plan)
    case .record(let record): display(record)
    default: inline(value)
    }
  }

  /// A value as `print` and interpolation show it: strings bare, short forms.
  package func text(of value: Value) -> String {
    switch value {
    case .string(let text): text.string
    case .tensor(let x): x.tensor.map { TensorText($0).text } ?? inline(value)
    case .record(let record): record.display ?? inline(value)
    default: inline(value)
    }
  }

  /// A value within another: on one line.
  func inline(_ value: Value) -> String { InlineText.of(value) }

  /// A layer as the call that made it: `dense(2, 64)`.
  func signature(of layer: Layer) -> String { InlineText.signature(of: layer) }

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
    guard let tensor = x.tensor else { return "\(x.typeDescription) (traced)" }
    let text = TensorText(tensor).text
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
