package import Graphs

extension Graph {
  /// The inputs that an adjoint of the graph's value comes to.
  package var differentiableInputs: Set<Int> {
    guard let result else { return [] }
    var isReached = [Bool](repeating: false, count: inputs.count)
    forEachDifferentiable(from: result) { operand in
      if let input = operand.input { isReached[input] = true }
    }
    return Set(isReached.indices.filter { isReached[$0] })
  }

  /// The inputs and results that an adjoint of a value comes to: through the nodes from `first` on
  /// that let one through, and floating-point values alone.
  package func differentiable(from value: Operand, since first: Int = 0) -> Set<Operand.Origin> {
    var reached: Set<Operand.Origin> = []
    forEachDifferentiable(from: value, since: first) { reached.insert($0.origin) }
    return reached
  }

  /// Hands over each use of them on the way back from the value.
  private func forEachDifferentiable(
    from value: Operand, since first: Int = 0, _ visit: (Operand) -> Void
  ) {
    var isReached = [Bool](repeating: false, count: nodes.count)
    func reach(_ operand: Operand) {
      guard operand.dtype.isFloating else { return }
      visit(operand)
      if let node = operand.node { isReached[node] = true }
    }
    reach(value)
    for index in nodes.indices.reversed() where index >= first && isReached[index] {
      for (position, operand) in nodes[index].operands.enumerated()
      where nodes[index].operation.isDifferentiable(at: position) {
        reach(operand)
      }
    }
  }
}
