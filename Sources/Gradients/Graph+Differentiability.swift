package import Graphs

extension Graph {
  /// The inputs that an adjoint of the graph's value comes to: through operations that let one
  /// through, and floating-point values alone.
  package var differentiableInputs: Set<Int> {
    var isReached = [Bool](repeating: false, count: nodes.count)
    var inputs: Set<Int> = []
    func reach(_ operand: Operand) {
      guard operand.dtype.isFloating else { return }
      switch operand.origin {
      case .input(let input): inputs.insert(input)
      case .node(let node, result: _): isReached[node] = true
      }
    }
    if let result { reach(result) }
    for index in nodes.indices.reversed() where isReached[index] {
      for (position, operand) in nodes[index].operands.enumerated()
      where nodes[index].operation.isDifferentiable(at: position) {
        reach(operand)
      }
    }
    return inputs
  }
}
