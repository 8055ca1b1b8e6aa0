package import Graphs
package import Tensors

/// A function of tensors to be differentiated, and where to try it.
package struct GradientCheck: Sendable {
  /// Where the entries of an input are drawn from.
  package enum Domain: Sendable {
    /// Any sign, away from 0.
    case real
    /// Between 0.5 and 2.
    case positive
    /// i32 below a bound; no gradient is taken.
    case integer(below: Int)
    /// A bool; no gradient is taken.
    case truth
  }

  package let label: String
  package let inputs: [(shape: Shape, domain: Domain)]
  package let build: @Sendable (inout GraphBuilder, [Operand]) throws -> Operand

  package init(
    _ label: String, _ inputs: [(Shape, Domain)],
    _ build: @escaping @Sendable (inout GraphBuilder, [Operand]) throws -> Operand
  ) {
    self.label = label
    self.inputs = inputs.map { ($0.0, $0.1) }
    self.build = build
  }

  /// One operation applied to the inputs.
  package init(_ operation: Operation, _ inputs: [(Shape, Domain)]) {
    self.init("\(operation)", inputs) { builder, operands in
      try builder.emit(operation, operands)
    }
  }

  /// How the value is made a number: each takes other shortcuts through the rules.
  package enum Loss: CaseIterable, Sendable { case weighted, sum, average }

  /// The graph of the loss.
  package func graph(_ loss: Loss) throws -> Graph {
    var builder = GraphBuilder()
    var operands: [Operand] = []
    for (position, input) in inputs.enumerated() {
      let dtype: DType =
        switch input.domain {
        case .real, .positive: .f64
        case .integer: .i32
        case .truth: .bool
        }
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
    // Nothing has no average.
    let reduction: Reduction = loss == .average && value.shape.count > 0 ? .average : .sum
    builder.setResult(
      try builder.reduce(reduction, value, axes: Array(0..<value.shape.rank)))
    return builder.finished()
  }
}

extension GradientCheck.Domain {
  package func sample(using random: inout SplitMix) -> Double {
    switch self {
    case .real:
      let size = Double.random(in: 0.1...1.5, using: &random)
      return Bool.random(using: &random) ? size : -size
    case .positive: return Double.random(in: 0.5...2, using: &random)
    case .truth: return Double(Int.random(in: 0...1, using: &random))
    case .integer(let bound): return Double(Int.random(in: 0..<bound, using: &random))
    }
  }
}

extension GradientCheck {
  /// Where the inputs of a graph of this check are tried, in the order of its inputs; the same each
  /// time.
  package func point(_ graph: Graph) -> [[Double]] {
    var random = SplitMix(seed: 11)
    return graph.inputs.enumerated().map { position, input in
      let domain = position < inputs.count ? inputs[position].domain : .real
      return (0..<input.shape.count).map { _ in domain.sample(using: &random) }
    }
  }
}
