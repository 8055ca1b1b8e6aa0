import Experiments
import Syntax
import Writing

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
    case .dictionary: "dictionary"
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
    case .record(let record): RecordText.of(record)
    case .list(let list): RecordText.table(of: list)?.joined(separator: "\n") ?? inline(value)
    case .function(let function): signature(of: function)
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

  /// The loss, and a line a gradient: its name, its type, its largest magnitude.
  private func display(_ gradients: GradientsValue) -> String {
    let loss = gradients.loss.doubles().first.map(Display.number) ?? "none"
    let bytes = gradients.entries.reduce(0) { $0 + $1.gradient.byteCount }
    var table = TextTable([.left, .left, .left])
    for entry in gradients.entries {
      let largest = entry.gradient.largestMagnitude.map { "largest " + Display.number($0) } ?? ""
      table.add(entry.name, entry.gradient.typeDescription, largest)
    }
    let count = CountFormat.counted(gradients.entries.count, "gradient")
    return (["loss \(loss); \(count), \(ByteFormat.text(bytes))"] + table.lines(indent: "  "))
      .joined(separator: "\n")
  }

  private func display(_ plan: Plan) -> String {
    let run = plan.rehearsal
    var table = TextTable([.left, .left])
    let outside = ByteFormat.text(plan.base.total)
    table.add("peak", "\(ByteFormat.text(plan.peak)), \(outside) of it outside the schedule")
    table.add("kept", ByteFormat.text(plan.kept))
    table.add(
      "steps",
      "forward \(run.forwardSteps) + \(run.replayedSteps) replayed, backward \(run.backwardSteps)")
    table.add(
      "FLOPs",
      "forward \(CountFormat.brief(run.forwardCost)) + \(CountFormat.brief(run.replayedCost)) replayed, "
        + "backward \(CountFormat.brief(run.backwardCost))")
    if let chain = plan.schedule.chain {
      let stages = CountFormat.counted(chain.chain.length, "stage")
      table.add(
        "chain",
        "\(stages) + \(chain.replayedStages) replayed, \(CountFormat.counted(chain.slots, "slot"))")
    }
    if run.tierTraffic > 0 {
      table.add(
        "tier",
        "\(ByteFormat.text(run.tierPeak)) at most, \(ByteFormat.text(run.tierTraffic)) moved there and back"
      )
    }
    table.add("actions", CountFormat.grouped(plan.schedule.actions.count))
    if let note = plan.schedule.note { table.add("note", note) }
    return (["schedule \(plan.strategy)"] + table.lines(indent: "  ")).joined(separator: "\n")
  }
}

extension TensorValue {
  /// Bytes of the elements.
  package var byteCount: Int { shape.count &* dtype.byteWidth }

  /// The largest magnitude of the elements, NaN where one is NaN; `nil` for no elements or only traced ones.
  var largestMagnitude: Double? {
    guard let tensor, shape.count > 0 else { return nil }
    var largest = 0.0
    for index in 0..<tensor.shape.count {
      guard let x = tensor.element(at: index) else { break }
      if x.isNaN { return x }
      largest = max(largest, abs(x))
    }
    return largest
  }
}

extension String {
  /// The string with spaces behind it up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
