import Graphs
import Schedules

/// What the steps of a joint graph's workload are called and where they come from: said by its
/// nodes.
final class GraphWords: StepWords {
  private let nodes: [Node]
  /// Of each step: the last of its nodes.
  private let ends: [Int]
  /// Of each node: the one before it in its step; below 0 for none.
  private let previous: [Int32]

  /// Those of the steps that end with these nodes.
  init(_ graph: Graph, ending steps: [Int], after previous: [Int32]) {
    nodes = graph.nodes
    ends = steps
    self.previous = previous
  }

  func label(ofStep step: Int) -> String { label(ofNode: ends[step]) }

  func operation(ofStep step: Int) -> String { operation(ofNode: ends[step]) }

  func parts(ofStep step: Int) -> [String] {
    Fusion.members(ends[step], previous).dropLast().map(label(ofNode:))
  }

  func place(ofStep step: Int) -> (source: String, line: Int) {
    let place = nodes[ends[step]].place
    return (place.file, place.line)
  }

  func layers(ofStep step: Int) -> [Step.Origin.Layer] {
    nodes[ends[step]].place.layers.map {
      Step.Origin.Layer(kind: $0.kind, path: $0.path, call: $0.number)
    }
  }

  func result(_ place: Int, ofStep step: Int) -> String {
    nodes[ends[step]].operation.resultNames[place]
  }

  func name(ofResult place: Int, ofStep step: Int) -> String? {
    place == 0 ? nodes[ends[step]].name : nil
  }

  private func label(ofNode node: Int) -> String { "\(operation(ofNode: node))#\(node)" }

  private func operation(ofNode node: Int) -> String {
    nodes[node].isCopy ? "copy" : nodes[node].operation.name
  }
}

extension Node {
  /// A broadcast that stretches nothing.
  fileprivate var isCopy: Bool {
    if case .broadcast(let shape) = operation { operands.first?.shape == shape } else { false }
  }
}
