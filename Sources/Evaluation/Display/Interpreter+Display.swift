import Experiments
package import Reports
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

  /// A value as a session shows it: strings in quotes, layers as a tree.
  package func report(of value: Value) -> Report {
    switch value {
    case .tensor(let x): report(of: x)
    case .layer(let layer): LayerTree.report(of: layer, machine: self)
    case .dataSet(let data): report(of: data)
    case .gradients(let gradients): report(of: gradients)
    case .plan(let plan): report(of: plan)
    case .record(let record): RecordText.report(of: record)
    case .list(let list):
      RecordText.table(of: list).map { Report($0) } ?? Report(.verbatim(inline(value)))
    case .function(let function): Report(.code(signature(of: function)))
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .dictionary, .batches,
      .optimizer,
      .strategy:
      Report(.verbatim(inline(value)))
    }
  }

  /// A value as the REPL shows it, drawn for a terminal; several lines where it takes them.
  package func display(_ value: Value) -> String { TerminalRenderer().text(report(of: value)) }

  /// A value as `print` and interpolation show it: strings bare, short forms.
  package func text(of value: Value) -> String {
    switch value {
    case .string(let text): text.string
    case .integer(let number): String(number)
    case .tensor(let x): x.shownNumbers.map { TensorText($0).text } ?? inline(value)
    case .record(let record):
      record.display.map { TerminalRenderer().text($0) } ?? inline(value)
    case .none, .float, .boolean, .bytes, .list, .range, .dictionary, .function, .layer, .dataSet,
      .batches, .optimizer, .strategy, .gradients, .plan:
      inline(value)
    }
  }

  /// A value within another: on one line.
  func inline(_ value: Value) -> String { InlineText.of(value) }

  /// A layer as the call that made it: `dense(2, 64)`.
  func signature(of layer: Layer) -> String { InlineText.signature(of: layer) }

  // MARK: Values of several lines

  private func report(of x: TensorValue) -> Report {
    guard let tensor = x.shownNumbers else { return Report(.line("\(x.placeholder)")) }
    let text = TensorText(tensor).text
    switch x.shape.rank {
    case 0: return Report(.verbatim(text))
    case 1: return Report(.verbatim("\(x.typeDescription) \(text)"))
    default: return Report(.line("\(x.typeDescription)"), .verbatim(text))
    }
  }

  private func report(of data: DataSet) -> Report {
    let columns = data.columns.map { "\($0.name) \($0.type.dtype)\($0.type.shape)" }
    var report = Report(
      .line(
        """
        \(strong: data.name): \(data.count) \(data.rowNoun), \(bytes: data.byteCount); \
        \(columns.joined(separator: ", "))
        """))
    if !data.classNames.isEmpty {
      report.append(.line("classes: \(data.classNames.joined(separator: ", "))"))
    }
    if !data.featureNames.isEmpty {
      let more = data.featureNames.count - 8
      let names = data.featureNames.prefix(8) + (more > 0 ? ["… \(more) more"] : [])
      report.append(.line("features: \(names.joined(separator: ", "))"))
    }
    if let alphabet = data.alphabet, alphabet.unit == .character {
      let text = Text.of(alphabet.decode(0..<alphabet.count))
      report.append(.line("alphabet of \(alphabet.count): \(inline(.string(text)))"))
    }
    return report
  }

  /// The loss, and a line a gradient: its name, its type, its largest magnitude.
  private func report(of gradients: GradientsValue) -> Report {
    let loss = gradients.loss.doubles().first.map(NumberFormat.number) ?? "none"
    let bytes = gradients.entries.reduce(0) { $0 + $1.gradient.byteCount }
    let shown = gradients.outputs.map { inline($0) }.joined(separator: ", ")
    let outputs: RichText = shown.isEmpty ? "" : "; outputs \(shown)"
    var table = ReportTable(.left(), .left(), .left())
    for entry in gradients.entries {
      let largest =
        entry.gradient.largestMagnitude.map { "largest " + NumberFormat.number($0) } ?? ""
      table.add("\(name: entry.name)", "\(entry.gradient.typeDescription)", "\(largest)")
    }
    return Report(
      .section(
        .init(
          """
          loss \(loss); \(count: gradients.entries.count, "gradient"), \(bytes: bytes)\(outputs)
          """, [.table(table)])))
  }

  private func report(of plan: Plan) -> Report {
    let run = plan.rehearsal
    var facts: [Report.Facts.Fact] = [
      .init(
        "peak", "\(bytes: plan.peak), \(bytes: plan.base.total) of it outside the schedule"),
      .init("kept", "\(bytes: plan.kept)"),
      .init(
        "steps",
        """
        forward \(run.forwardSteps) + \(run.replayedSteps) replayed, \
        backward \(run.backwardSteps)
        """),
      .init(
        "FLOPs",
        """
        forward \(flops: run.forwardCost) + \(flops: run.replayedCost) replayed, \
        backward \(flops: run.backwardCost)
        """),
    ]
    if let chain = plan.schedule.chain, let replayed = plan.replayedStages {
      facts.append(
        .init(
          "chain",
          """
          \(count: chain.chain.length, "stage") + \(replayed) replayed, \
          \(count: chain.slots, "slot")
          """))
    }
    if run.tierTraffic > 0 {
      facts.append(
        .init(
          "tier",
          "\(bytes: run.tierPeak) at most, \(bytes: run.tierTraffic) moved there and back"))
    }
    facts.append(.init("actions", "\(count: plan.schedule.actions.count)"))
    if let note = plan.schedule.note { facts.append(.init("note", RichText(note.reading))) }
    return Report(
      .section(.init("schedule \(name: plan.strategy)", [.facts(.init(facts))])))
  }
}

extension TensorValue {
  /// The largest magnitude of the elements, NaN where one is NaN; `nil` for no elements or only
  /// traced ones.
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
