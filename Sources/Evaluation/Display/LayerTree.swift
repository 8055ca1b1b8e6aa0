import Reports
import Syntax
import Writing

/// A layer as a tree: its elements and inner layers, the shapes of its parameters, and their bytes.
///
/// A layer that stands in several places is laid out once, so that the work grows with the layers
/// there are.
struct LayerTree {
  private let layer: Layer
  private let machine: Interpreter
  private static let deepest = 24
  /// Lines of one layer, at most; what is beyond is an ellipsis.
  private static let mostLines = 400

  /// A layer or list at a depth, which decides what is cut off.
  private struct Spot: Hashable {
    /// The layer or the list, by identity.
    let thing: ObjectIdentifier
    /// Levels above it.
    let depth: Int
  }
  private var known: [Spot: [Line]] = [:]

  /// Reads nothing yet. `machine` prints the values that layers were made with.
  init(_ layer: Layer, machine: Interpreter) {
    self.layer = layer
    self.machine = machine
  }

  private struct Line: Equatable {
    /// Levels above it, which indent it.
    var depth = 0
    /// Without the indent and the bytes.
    var text: String
    /// Of the parameters in it; 0 where lines below tell them.
    var bytes: Int
  }

  /// The tree of a layer, and a line with the total.
  static func report(of layer: Layer, machine: Interpreter) -> Report {
    var tree = LayerTree(layer, machine: machine)
    return tree.report()
  }

  private mutating func report() -> Report {
    let rows = lines(layer, depth: 0).map { line in
      Outline.Row(
        depth: line.depth, RichText(line.text), bytes: line.bytes > 0 ? line.bytes : nil)
    }
    let parameters = layer.parameters()
    let count = parameters.reduce(0) { $0 + $1.tensor.shape.count }
    let total = parameters.reduce(0) { $0 + $1.tensor.byteCount }
    let isSketch = parameters.contains { $0.tensor.isSketch }
    return Report(
      .chart(.tree(Outline(rows))),
      .note(
        isSketch
          ? "a sketch: \(count) parameters, which would take \(bytes: total)"
          : "\(count) parameters, \(bytes: total)"))
  }

  private mutating func lines(_ layer: Layer, depth: Int) -> [Line] {
    let spot = Spot(thing: ObjectIdentifier(layer), depth: depth)
    if let lines = known[spot] { return lines }
    let lines = cut(layOut(layer, depth: depth))
    known[spot] = lines
    return lines
  }

  private func cut(_ lines: [Line]) -> [Line] {
    guard lines.count > LayerTree.mostLines else { return lines }
    return lines.prefix(LayerTree.mostLines - 1) + [Line(text: "…", bytes: 0)]
  }

  private mutating func layOut(_ layer: Layer, depth: Int) -> [Line] {
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
  private mutating func runs(_ elements: [Value], depth: Int) -> [Line] {
    var result: [Line] = []
    var last: [Line] = []
    var start = 0
    func close(_ end: Int) {
      guard end > start else { return }
      let place = "[\(start)] "
      result += prefixed(end - start > 1 ? place + "\(end - start) × " : place, last)
      start = end
    }
    for (index, element) in elements.enumerated() {
      let lines = lines(of: element, depth: depth)
      if index > start, lines != last { close(index) }
      guard result.count < LayerTree.mostLines else {
        result.append(Line(text: "… \(elements.count - index) more", bytes: 0))
        return result
      }
      last = lines
    }
    close(elements.count)
    return result
  }

  private mutating func lines(of element: Value, depth: Int) -> [Line] {
    switch element {
    case .layer(let layer): return lines(layer, depth: depth)
    case .list(let list):
      let spot = Spot(thing: ObjectIdentifier(list), depth: depth)
      if let lines = known[spot] { return lines }
      let inner = depth < LayerTree.deepest ? runs(list.elements, depth: depth + 1) : nil
      let lines = cut(
        inner.map { [Line(text: "list", bytes: 0)] + indented($0) } ?? [Line(text: "…", bytes: 0)])
      known[spot] = lines
      return lines
    case .function(let function): return [Line(text: function.name, bytes: 0)]
    default: return [Line(text: machine.inline(element), bytes: 0)]
    }
  }

  private func indented(_ lines: [Line]) -> [Line] {
    lines.map { Line(depth: $0.depth + 1, text: $0.text, bytes: $0.bytes) }
  }

  private func prefixed(_ prefix: String, _ lines: [Line]) -> [Line] {
    guard let first = lines.first else { return [] }
    return [Line(depth: first.depth, text: prefix + first.text, bytes: first.bytes)]
      + lines.dropFirst()
  }
}
