import Execution
import Experiments
import Graphs
import Schedules
import Tensors

/// Blocks made by hand, and a bench to try them on: no language anywhere.
struct BlockLab {
  let ledger = Ledger()
  let bench: Workbench

  /// `isCancelled` is asked while planning and running.
  init(budget: Int? = nil, isCancelled: @escaping @Sendable () -> Bool = { false }) {
    bench = Workbench(
      ledger: ledger, context: RunContext(seed: 3), isCancelled: isCancelled)
    ledger.budget = budget
  }

  /// A tensor of numbers that follow from its place in the graph.
  func tensor(_ shape: Shape, _ account: AccountClass, seed: Int) throws -> Tensor {
    let values = (0..<shape.count).map { Double(($0 * 37 + seed * 11) % 17) / 17 - 0.5 }
    return try Tensor(
      values: values, shape: shape, dtype: .f32, account: account, ledger: ledger)
  }

  /// A chain of layers `tanh(x @ w)` on 8 rows of 6 numbers, and the mean of what comes out.
  ///
  /// With `drops`, each layer drops half of its values; with `counts`, a state is the mean of the
  /// first layer's values so far.
  func chain(
    _ layers: Int, drops: Bool = false, counts: Bool = false
  ) throws -> TracedBlock {
    var builder = GraphBuilder()
    var inputs = [try tensor([8, 6], .data, seed: 0)]
    var targets: [TracedBlock.Target] = []
    var h = builder.input(Input(kind: .data, shape: [8, 6], dtype: .f32, name: "x"))
    let state =
      counts
      ? builder.input(Input(kind: .state, shape: [6], dtype: .f32, name: "mean")) : nil
    if counts { inputs.append(try tensor([6], .state, seed: 5)) }
    for layer in 0..<layers {
      let name = "layers[\(layer)].w"
      let w = builder.input(Input(kind: .parameter, shape: [6, 6], dtype: .f32, name: name))
      inputs.append(try tensor([6, 6], .parameters, seed: layer + 1))
      targets.append(
        TracedBlock.Target(
          name: name, input: builder.graph.inputs.count - 1, shape: [6, 6], dtype: .f32))
      h = try builder.unary(.tanh, builder.matmul(h, w))
      if drops { h = try builder.emit(.dropout(rate: 0.5, site: layer + 1), [h]) }
      if layer == 0, let state, let number = state.input {
        let mean = try builder.reduce(.average, h, axes: [0])
        let next = try builder.binary(
          .add, builder.scalar(.multiply, state, 0.9), builder.scalar(.multiply, mean, 0.1))
        try builder.updateState(number, to: next)
      }
      builder.mark("\(layer) dense")
    }
    builder.setResult(try builder.reduce(.average, h, axes: [0, 1]))
    return TracedBlock(
      graph: builder.finished(), inputs: inputs, targets: targets, states: counts ? ["mean"] : [])
  }
}
