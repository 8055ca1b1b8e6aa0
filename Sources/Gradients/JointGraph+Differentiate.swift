package import Graphs
import Tensors

extension JointGraph {
  /// Differentiates the value of a block with respect to some of its inputs: reverse accumulation
  /// (Griewank & Walther 2008, chapter 3) that emits graph nodes.
  ///
  /// Backward nodes come in strictly reverse order of the forward nodes they differentiate, so that
  /// each stage's backward is contiguous; only those on a path from `wrt` to the value are made.
  /// Adjoints that meet are added as the second arrives. Each backward node says which forward node
  /// it differentiates: one that adds adjoints is of the node whose contribution came second, and a
  /// copy of a forward node is of that node. Each backward node has the place of its forward node
  /// and lies in no region. `gradients` has one entry for each of `wrt`, in that order; a gradient
  /// is always a backward node, and two inputs may share one.
  ///
  /// `seed` is the adjoint of the value: gradients are that many times as large.
  ///
  /// Throws `GradientError` where the value is not one floating number, or where `isCancelled`,
  /// which is asked every few hundred nodes, comes to be true.
  package static func differentiate(
    _ graph: Graph, wrt: [Int], seed: Double = 1, isCancelled: @escaping () -> Bool = { false }
  ) throws(GradientError) -> JointGraph {
    guard let loss = graph.result else { throw .noResult }
    guard loss.shape.count == 1 else { throw .notScalar(loss.shape) }
    guard loss.dtype.isFloating else { throw .notFloating(loss.dtype) }
    for input in wrt where !graph.inputs.indices.contains(input) { throw .noSuchInput(input) }

    var differentiator = Differentiator(graph, wrt: wrt, isCancelled: isCancelled)
    try differentiator.sweep(from: loss, seed: seed)
    if isCancelled() { throw .cancelled }
    return JointGraph(
      graph: differentiator.builder.graph, forwardCount: graph.nodes.count, loss: loss,
      gradients: wrt.map { Gradient(input: $0, value: differentiator.inputAdjoints[$0]) }
    ).removingUnused()
  }

  /// The joint graph without the nodes that neither the loss, a gradient, a new state nor an update
  /// needs.
  func removingUnused() -> JointGraph {
    let (compact, renumbering) = graph.removingUnused(
      roots: [loss] + gradients.compactMap(\.value))
    return JointGraph(
      graph: compact.asserted("differentiation"),
      forwardCount: renumbering.remaining(ofFirst: forwardCount),
      loss: loss.renumbered(renumbering),
      gradients: gradients.map {
        Gradient(input: $0.input, value: $0.value?.renumbered(renumbering))
      })
  }
}
