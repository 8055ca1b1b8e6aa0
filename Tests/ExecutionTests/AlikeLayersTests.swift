import Gradients
import Graphs
import Schedules
import Tensors
import Testing

@testable import Execution

/// A network of layers that are alike needs no more memory for what its instructions do than one
/// of few.
@Suite struct `Layers that are alike` {
  /// What an executor of so many dense layers with relu has in a training step under `strategy`:
  /// instructions, and works that they share.
  private func counts(
    layers: Int, _ strategy: any Strategy
  ) throws -> (instructions: Int, works: Int) {
    var builder = GraphBuilder()
    func input(_ kind: Input.Kind, _ shape: Shape, _ name: String) -> Operand {
      builder.input(Input(kind: kind, shape: shape, dtype: .f32, name: name))
    }
    var h = input(.data, [8, 4], "x")
    for layer in 0..<layers {
      let w = input(.parameter, [4, 4], "w\(layer)")
      let b = input(.parameter, [4], "b\(layer)")
      h = try builder.unary(.relu, builder.binary(.add, builder.matmul(h, w), b))
    }
    builder.setResult(try builder.reduce(.sum, h, axes: [0, 1], keepDims: false))
    let graph = builder.finished()
    let bench = try Bench(graph, graph.inputs.map { Array(repeating: 0.5, count: $0.shape.count) })
    let planned = try bench.program(
      strategy, updating: UpdatePlan(.adam(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8)),
      fusing: true)
    let executor = try Executor(
      planned.program, inputs: try bench.inputs(of: planned), context: RunContext(),
      ledger: bench.ledger, tier: .file)
    #expect(executor.ownWorkCount <= 3)
    return (planned.program.calls.count, executor.sharedWorkCount)
  }

  @Test func `share the work of their products, updates and functions of elements`() throws {
    let few = try counts(layers: 4, KeepAll())
    let many = try counts(layers: 12, KeepAll())
    #expect(many.instructions > 2 * few.instructions)
    #expect(many.works == few.works)
  }

  @Test func `share it with what is computed again`() throws {
    let once = try counts(layers: 12, KeepAll())
    let again = try counts(layers: 12, SqrtN())
    #expect(again.instructions > once.instructions)
    // A replay is work of its own: a draw in it could be another.
    #expect(again.works <= once.works + 2)
  }
}
