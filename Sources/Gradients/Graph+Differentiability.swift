package import Graphs

extension Graph {
  /// The inputs that an adjoint of the graph's value comes to.
  package var differentiableInputs: Set<Int> {
    guard let result else { return [] }
    return Set(
      differentiable(from: result).compactMap { origin in
        if case .input(let input) = origin { input } else { nil }
      })
  }

  /// The inputs and results that an adjoint of a value comes to: through the nodes from `first` on
  /// that let one through, and floating-point values alone.
  package func differentiable(from value: Operand, since first: Int = 0) -> Set<Operand.Origin> {
    var isReached = [Bool](repeating: false, count: nodes.count)
    var reached: Set<Operand.Origin> = []
    func reach(_ operand: Operand) {
      guard operand.dtype.isFloating else { return }
      reached.insert(operand.origin)
      if let node = operand.node { isReached[node] = true }
    }
    reach(value)
    for index in nodes.indices.reversed() where index >= first && isReached[index] {
      for (position, operand) in nodes[index].operands.enumerated()
      where nodes[index].operation.isDifferentiable(at: position) {
        reach(operand)
      }
    }
    return reached
  }
}
