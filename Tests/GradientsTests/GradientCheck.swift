import Gradients
import Graphs
import Tensors
import Testing

/// A function of tensors to be differentiated, and where to try it.
struct GradientCheck: Sendable {
  /// Where the entries of an input are drawn from.
  enum Domain: Sendable {
    /// Any sign, away from 0.
    case real
    /// Between 0.5 and 2.
    case positive
    /// i32 below a bound; no gradient is taken.
    case integer(below: Int)
  }

  let label: String
  let inputs: [(shape: Shape, domain: Domain)]
  let build: @Sendable (inout GraphBuilder, [Operand]) throws -> Operand

  init(
    _ label: String, _ inputs: [(Shape, Domain)],
    _ build: @escaping @Sendable (inout GraphBuilder, [Operand]) throws -> Operand
  ) {
    self.label = label
    self.inputs = inputs.map { ($0.0, $0.1) }
    self.build = build
  }

  /// One operation applied to the inputs.
  init(_ operation: Operation, _ inputs: [(Shape, Domain)]) {
    self.init("\(operation)", inputs) { builder, operands in
      try builder.emit(operation, operands)
    }
  }

  /// How the value is made a number: each takes other shortcuts through the rules.
  enum Loss: CaseIterable { case weighted, sum, average }

  /// The graph of the loss.
  func graph(_ loss: Loss) throws -> Graph {
    var builder = GraphBuilder()
    var operands: [Operand] = []
    for (position, input) in inputs.enumerated() {
      let dtype: DType = if case .integer = input.domain { .i32 } else { .f64 }
      operands.append(
        builder.input(
          Input(kind: .data, shape: input.shape, dtype: dtype, name: "x\(position)")))
    }
    var value = try build(&builder, operands)
    if loss == .weighted {
      let weights = builder.input(
        Input(kind: .constant, shape: value.shape, dtype: .f64, name: "weights"))
      value = try builder.emit(.binary(.multiply), [value, weights])
    }
    let reduction: Reduction = loss == .average ? .average : .sum
    builder.setResult(
      try builder.reduce(reduction, value, axes: Array(0..<value.shape.rank)))
    return builder.finished()
  }

  /// Compares the gradients with central differences, for every loss.
  func run() throws {
    for loss in Loss.allCases {
      let graph = try graph(loss)
      try graph.verify()
      // The average of nothing is not a number.
      if loss == .average, graph.nodes.last?.operands[0].shape.count == 0 { continue }
      var random = SplitMix(seed: 11)
      let point = graph.inputs.enumerated().map { position, input in
        let domain = position < inputs.count ? inputs[position].domain : .real
        return Numbers(input.shape) { _ in domain.sample(using: &random) }
      }
      let floating = graph.inputs.indices.filter { graph.inputs[$0].dtype.isFloating }
      let joint = try JointGraph.differentiate(graph, wrt: floating)
      try joint.graph.verify()
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

extension GradientCheck.Domain {
  func sample(using random: inout SplitMix) -> Double {
    switch self {
    case .real:
      let size = Double.random(in: 0.1...1.5, using: &random)
      return Bool.random(using: &random) ? size : -size
    case .positive: return Double.random(in: 0.5...2, using: &random)
    case .integer(let bound): return Double(Int.random(in: 0..<bound, using: &random))
    }
  }
}
