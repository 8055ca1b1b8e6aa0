import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

extension GradientCheck {
  /// Compares the gradients with central differences, for every loss.
  func run() throws {
    for loss in Loss.allCases {
      let graph = try graph(loss)
      try graph.verify()
      let point = zip(graph.inputs, self.point(graph)).map { Numbers($0.shape, $1) }
      let floating = graph.inputs.indices.filter { graph.inputs[$0].dtype.isFloating }
      let joint = try JointGraph.differentiate(graph, wrt: floating)
      try joint.graph.verify()
      let backward = joint.graph.nodes[joint.forwardCount...]
      #expect(backward.allSatisfy { $0.differentiates ?? joint.forwardCount < joint.forwardCount })
      let run = Interpreter(joint.graph, inputs: point)
      for gradient in joint.gradients {
        let shape = graph.inputs[gradient.input].shape
        let found = gradient.value.map { run.value($0).values }
        if let value = gradient.value {
          #expect(value.shape.count == shape.count)
          #expect(value.node ?? 0 >= joint.forwardCount)
        }
        for element in 0..<shape.count {
          let expected = centralDifference(graph, point, gradient.input, element)
          let actual = found?[element] ?? 0
          #expect(
            abs(actual - expected) <= 1e-6 * max(1, abs(expected)),
            "\(label) \(loss): \(actual), not \(expected), at input \(gradient.input)[\(element)]")
        }
      }
    }
  }

  private func centralDifference(
    _ graph: Graph, _ point: [Numbers], _ input: Int, _ element: Int
  ) -> Double {
    let step = 1e-5
    func loss(_ shift: Double) -> Double {
      var moved = point
      moved[input].values[element] += shift
      guard let result = graph.result else { return .nan }
      return Interpreter(graph, inputs: moved).value(result).values[0]
    }
    return (loss(step) - loss(-step)) / (2 * step)
  }
}
