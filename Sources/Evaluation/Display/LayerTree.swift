import Syntax

/// A layer as a tree: its elements and inner layers, the shapes of its parameters, and their bytes.
struct LayerTree {
  private let layer: Layer
  private let machine: Interpreter
  private static let deepest = 24

  init(_ layer: Layer, machine: Interpreter) {
    self.layer = layer
    self.machine = machine
  }

  private struct Line: Equatable {
    var text: String
    var bytes: Int
  }

  var text: String {
    var lines = lines(layer, depth: 0)
    let count = layer.parameters().reduce(0) { $0 + $1.tensor.shape.count }
    let total = layer.parameters().reduce(0) { $0 + $1.tensor.byteCount }
    let width = lines.map(\.text.count).max() ?? 0
    lines = lines.map { line in
      Line(
        text: line.bytes > 0
          ? line.text.padding(to: width) + "  " + ByteFormat.text(line.bytes) : line.text,
        bytes: line.bytes)
    }
    return (lines.map(\.text) + ["\(count) parameters, \(ByteFormat.text(total))"])
      .joined(separator: "\n")
  }

  private func lines(_ layer: Layer, depth: Int) -> [Line] {
    let bytes = layer.parameters().reduce(0) { $0 + $1.tensor.byteCount }
    guard depth < LayerTree.deepest else { return [Line(text: "…", bytes: bytes)] }
    if case .chain(let elements) = layer.kind {
      return [Line(text: "chain", bytes: 0)] + indented(runs(elements, depth: depth + 1))
    }
    var head = machine.signature(of: layer)
    var inner: [Line] = []
    for field in layer.fields {
      switch field.cell.value {
      case .tensor(let x) where field.kind == .parameter:
        head += "  \(field.name) \(x.typeDescription)"
      case .tensor(let x) where field.kind == .state:
        head += "  state \(field.name) \(x.typeDescription)"
      case .layer(let child):
        inner += prefixed("\(field.name): ", lines(child, depth: depth + 1))
      case .list(let list) where list.elements.contains(where: isLayer):
        inner.append(Line(text: "\(field.name):", bytes: 0))
        inner += indented(runs(list.elements, depth: depth + 1))
      default: break
      }
    }
    return [Line(text: head, bytes: inner.isEmpty ? bytes : 0)] + indented(inner)
  }

  private func isLayer(_ value: Value) -> Bool { if case .layer = value { true } else { false } }

  /// Elements in order, equal neighbours as one with a count.
  private func runs(_ elements: [Value], depth: Int) -> [Line] {
    var result: [Line] = []
    var last: [Line] = []
    var count = 0
    func close(_ index: Int) {
      guard count > 0 else { return }
      let place = "[\(index - count)] "
      result += prefixed(count > 1 ? place + "\(count) × " : place, last)
    }
    for (index, element) in elements.enumerated() {
      let lines: [Line]
      switch element {
      case .layer(let layer): lines = self.lines(layer, depth: depth)
      case .list(let list):
        lines =
          depth < LayerTree.deepest
          ? [Line(text: "list", bytes: 0)] + indented(runs(list.elements, depth: depth + 1))
          : [Line(text: "…", bytes: 0)]
      case .function(let function): lines = [Line(text: function.name, bytes: 0)]
      default: lines = [Line(text: machine.inline(element), bytes: 0)]
      }
      if lines == last, count > 0 {
        count += 1
      } else {
        close(index)
        last = lines
        count = 1
      }
    }
    close(elements.count)
    return result
  }

  private func indented(_ lines: [Line]) -> [Line] {
    lines.map { Line(text: "  " + $0.text, bytes: $0.bytes) }
  }

  private func prefixed(_ prefix: String, _ lines: [Line]) -> [Line] {
    guard let first = lines.first else { return [] }
    return [Line(text: prefix + first.text, bytes: first.bytes)] + lines.dropFirst()
  }
}
