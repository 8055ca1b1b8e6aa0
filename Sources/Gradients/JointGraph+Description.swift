import Graphs

extension JointGraph: CustomStringConvertible {
  /// The inputs, the forward nodes, the backward nodes and updates, then the loss, new states and
  /// gradients: one line each, in the notation of `Graph.description`.
  package var description: String {
    var lines = graph.inputLines + graph.regionLines
    lines.append("forward")
    lines += graph.nodeLines(0..<forwardCount)
    lines.append("backward")
    lines += graph.nodeLines(forwardCount..<graph.nodes.count)
    lines.append("loss \(graph.reading(loss))")
    lines += graph.outputs.map { "output \(graph.reading($0))" }
    lines += graph.stateUpdates.map { "state @\($0.input) ← \(graph.reading($0.value))" }
    lines += gradients.map { gradient in
      "gradient @\(gradient.input) = " + (gradient.value.map(graph.reading) ?? "none")
    }
    return lines.joined(separator: "\n")
  }
}
