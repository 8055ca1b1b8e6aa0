import Gradients
import GraphLab
import Graphs
import Tensors
import Testing

struct AdjointRuleTests {
  @Test(arguments: AdjointTable.checks.indices)
  func `gradients agree with central differences`(row: Int) throws {
    try AdjointTable.checks[row].run()
  }

  @Test func `every operation that has gradients is in the table`() throws {
    var seen: Set<OperationKind> = []
    for check in AdjointTable.checks {
      for node in try check.graph(.sum).nodes { seen.insert(OperationKind(node.operation)) }
    }
    let withoutGradient: Set<OperationKind> = [
      .argReduce, .topIndices, .oneHot, .random, .fill, .range, .literal, .stopGradient, .update,
      .gradientScale, .accumulate, .exchange, .maxPoolAdjoint,
    ]
    #expect(
      seen.subtracting(withoutGradient)
        == Set(OperationKind.allCases).subtracting(withoutGradient))
  }

  /// Gradients at points where the function has a kink: input values, then the gradient of the sum
  /// of the value.
  private func gradients(
    at point: [[Double]], _ build: (inout GraphBuilder, [Operand]) throws -> Operand
  ) throws -> [[Double]] {
    var builder = GraphBuilder()
    let operands = point.map { values in
      builder.input(Input(kind: .data, shape: [values.count], dtype: .f64, name: ""))
    }
    let value = try build(&builder, operands)
    builder.setResult(try builder.reduce(.sum, value, axes: Array(0..<value.shape.rank)))
    let joint = try JointGraph.differentiate(builder.finished(), wrt: Array(point.indices))
    let run = Interpreter(joint.graph, inputs: point.map { Numbers([$0.count], $0) })
    return joint.gradients.map { $0.value.map { run.value($0).values } ?? [] }
  }

  @Test func `ties share the gradient`() throws {
    let maximum = try gradients(at: [[1, 2, 3], [3, 2, 1]]) { builder, x in
      try builder.binary(.maximum, x[0], x[1])
    }
    #expect(maximum == [[0, 0.5, 1], [1, 0.5, 0]])
    let minimum = try gradients(at: [[1, 2, 3], [3, 2, 1]]) { builder, x in
      try builder.binary(.minimum, x[0], x[1])
    }
    #expect(minimum == [[1, 0.5, 0], [0, 0.5, 1]])
    let best = try gradients(at: [[5, 1, 5, 5, 5]]) { builder, x in
      try builder.reduce(.max, x[0], axes: [0])
    }
    #expect(best == [[0.25, 0, 0.25, 0.25, 0.25]])
    let floor = try gradients(at: [[-1, 0, 1]]) { builder, x in
      try builder.scalar(.maximum, x[0], 0)
    }
    #expect(floor == [[0, 0.5, 1]])
    let clip = try gradients(at: [[-2, -1, 0, 1, 2]]) { builder, x in
      try builder.emit(.clip(low: -1, high: 1), [x[0]])
    }
    #expect(clip == [[0, 1, 1, 1, 0]])
  }

  @Test func `powers are flat at the exponent 0 and in the exponent of no positive base`() throws {
    let found = try gradients(at: [[0, -2, 0, 2], [0, 2, 2, 3]]) { builder, x in
      try builder.binary(.power, x[0], x[1])
    }
    #expect(found[0] == [0, -4, 0, 12])
    #expect(found[1][..<3] == [0, 0, 0])
  }

  @Test(arguments: 0..<120)
  func `gradients of random graphs agree with central differences`(seed: Int) throws {
    try AdjointTable.random(seed).run()
  }
}
