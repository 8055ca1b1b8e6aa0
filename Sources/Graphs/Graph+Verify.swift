import Tensors

/// What is wrong with a graph: a fault of the code that built it, never of a script.
package enum GraphFault: Error, Hashable, Sendable {
  /// An operand of a node does not come before it, or does not exist.
  case order(node: Int, operand: Int)
  /// A use reads a result that the node does not have.
  case result(node: Int?, operand: Int)
  /// A use disagrees with the value it reads in type or in the number of elements.
  case use(node: Int?, operand: Int)
  /// The types of a node's results are not what its rule gives.
  case type(node: Int)
  /// A node's operands do not fit.
  case rule(node: Int, ShapeError)
  /// A node says that it differentiates one that is no forward node before it.
  case differentiates(node: Int)
  /// An update is read as a value.
  case effect(node: Int, operand: Int)
  /// A region is inside itself or a later one, or does not exist.
  case region(Int)
  /// A region's nodes do not lie side by side.
  case scattered(region: Int, node: Int)
  /// Marks do not ascend, or one is outside the graph.
  case mark(Int)
  /// A reversal's nodes are not what it says, or two have the same output.
  case reversal(Int)
  /// A state update whose input is no state, or is updated twice.
  case state(Int)
}

extension Graph {
  /// Checks what every graph holds to: operands come before uses and agree with the values they
  /// read, shapes follow from the rules, regions nest and are contiguous, marks ascend, reversals
  /// have their form. Throws the first `GraphFault`.
  package func verify() throws(GraphFault) {
    for index in nodes.indices { try verifyNode(index) }
    if let result { try verifyUse(result, of: nil, at: 0) }
    for (position, output) in outputs.enumerated() {
      try verifyUse(output, of: nil, at: position)
    }
    var updated: Set<Int> = []
    for (position, update) in stateUpdates.enumerated() {
      guard inputs.indices.contains(update.input), updated.insert(update.input).inserted,
        inputs[update.input].kind == .state, inputs[update.input].shape == update.value.shape,
        inputs[update.input].dtype == update.value.dtype
      else { throw .state(position) }
      try verifyUse(update.value, of: nil, at: position)
    }
    try verifyRegions()
    var last = -1
    for (position, mark) in marks.enumerated() {
      guard mark.node > last, mark.node < nodes.count else { throw .mark(position) }
      last = mark.node
    }
    var outputs: Set<Int> = []
    for (position, reversal) in reversals.enumerated() {
      guard isWellFormed(reversal), outputs.insert(reversal.output).inserted else {
        throw .reversal(position)
      }
    }
  }

  private func verifyNode(_ index: Int) throws(GraphFault) {
    let node = nodes[index]
    for (position, operand) in node.operands.enumerated() {
      try verifyUse(operand, of: index, at: position)
    }
    let types: [TensorType]
    do {
      types = try node.operation.resultTypes(of: node.operands)
    } catch {
      throw .rule(node: index, error)
    }
    guard types == node.results else { throw .type(node: index) }
    for (position, operand) in node.operands.enumerated() where operand.view != nil {
      guard node.operation.reads(operand, result: node.shape) else {
        throw .use(node: index, operand: position)
      }
    }
    if let forward = node.differentiates {
      guard (0..<index).contains(forward), nodes[forward].differentiates == nil else {
        throw .differentiates(node: index)
      }
    }
  }

  private func verifyUse(
    _ operand: Operand, of user: Int?, at position: Int
  ) throws(GraphFault) {
    let type: TensorType
    switch operand.origin {
    case .input(let input):
      guard inputs.indices.contains(input) else {
        throw .order(node: user ?? nodes.count, operand: position)
      }
      type = TensorType(inputs[input].shape, inputs[input].dtype)
    case .node(let node, let result):
      guard node >= 0, node < user ?? nodes.count else {
        throw .order(node: user ?? nodes.count, operand: position)
      }
      guard !nodes[node].operation.writesInPlace else {
        throw .effect(node: user ?? nodes.count, operand: position)
      }
      guard nodes[node].results.indices.contains(result) else {
        throw .result(node: user, operand: position)
      }
      type = nodes[node].results[result]
    }
    // What a view reads of the value is checked as a slice of it is.
    let view = operand.view ?? View(whole: type.shape)
    guard type.shape.count == view.base.count, type.dtype == operand.dtype,
      view.order.sorted() == Array(view.base.axes.indices),
      (try? Operation.slice(view.slices).resultTypes(ofTypes: [TensorType(view.base, type.dtype)]))
        != nil,
      view.shape.count == operand.shape.count
    else { throw .use(node: user, operand: position) }
  }

  private func verifyRegions() throws(GraphFault) {
    for (index, region) in regions.enumerated() {
      guard region.parent ?? -1 >= -1, region.parent ?? -1 < index else { throw .region(index) }
    }
    // The last node seen of each region, nested regions' nodes included.
    var last = [Int?](repeating: nil, count: regions.count)
    for (index, node) in nodes.enumerated() {
      var region = node.region
      while let current = region {
        guard regions.indices.contains(current) else { throw .region(current) }
        guard last[current] ?? index - 1 >= index - 1 else {
          throw .scattered(region: current, node: index)
        }
        last[current] = index
        region = regions[current].parent
      }
    }
  }
}
