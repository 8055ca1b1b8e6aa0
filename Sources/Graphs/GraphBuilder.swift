import Tensors

/// Grows a graph, one operation at a time. Each is checked by the shape rule as it arrives.
package struct GraphBuilder {
  /// The graph so far; nodes that nothing uses are still in it.
  package private(set) var graph: Graph
  /// The region that new nodes belong to.
  package private(set) var region: Int?
  /// The stretch of source that new nodes come from.
  package var place = Place.nowhere
  /// The forward node that new nodes help to differentiate; `nil` while the forward pass is built.
  package var differentiates: Int?

  /// Types of results that nodes had lately.
  private var lateTypes: [[TensorType]] = []
  private static let mostLateTypes = 8

  /// Copies of what views read, by the views in their own shapes.
  var wholes: [Operand: Operand] = [:]

  /// Begins a graph without inputs or nodes.
  package init() { graph = Graph() }

  /// Goes on with a graph, outside any region.
  package init(continuing graph: Graph) { self.graph = graph }

  /// Adds a tensor that stands outside, and gives its value.
  package mutating func input(_ input: Input) -> Operand {
    graph.inputs.append(input)
    return Operand(.input(graph.inputs.count - 1), shape: input.shape, dtype: input.dtype)
  }

  /// Adds a node and gives its value, the first where it has several. An update has none and is not
  /// for here.
  ///
  /// A `permute` that only swaps the last two axes is read through by `matmul` as a transposed
  /// operand; a view that the operation's kernel cannot read is copied first. Throws `ShapeError`
  /// where the operands do not fit; nothing is added then.
  package mutating func emit(
    _ operation: Operation, _ operands: [Operand]
  ) throws(ShapeError) -> Operand {
    try emitAll(operation, operands)[0]
  }

  /// Adds a node and gives all its results, in the order of `Operation.resultNames`.
  package mutating func emitAll(
    _ operation: Operation, _ operands: [Operand]
  ) throws(ShapeError) -> [Operand] {
    let types = shared(try operation.resultTypes(of: operands), operands)
    let (operation, operands) = readable(operation, operands, result: types.first?.shape ?? [])
    return append(
      Node(
        operation: operation, operands: operands, results: types, region: region, place: place,
        differentiates: differentiates))
  }

  /// The same types, so that a long graph writes down once what nodes have in common: of a node
  /// that is read here, or of one that came lately.
  private mutating func shared(_ types: [TensorType], _ operands: [Operand]) -> [TensorType] {
    for operand in operands {
      if let node = operand.node, graph.nodes.indices.contains(node),
        graph.nodes[node].results == types
      {
        return graph.nodes[node].results
      }
    }
    if let known = lateTypes.first(where: { $0 == types }) { return known }
    if lateTypes.count == Self.mostLateTypes { lateTypes.removeFirst() }
    lateTypes.append(types)
    return types
  }

  /// A matmul that reads through permutes of its operands' last two axes; any other operation as it
  /// is.
  func foldingTransposes(
    _ operation: Operation, _ operands: [Operand]
  ) -> (Operation, [Operand]) {
    guard case .matmul(var transposeLeft, var transposeRight) = operation, operands.count == 2
    else { return (operation, operands) }
    var (left, right) = (operands[0], operands[1])
    while let source = transposed(left) {
      left = source
      transposeLeft.toggle()
    }
    while let source = transposed(right) {
      right = source
      transposeRight.toggle()
    }
    return (.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), [left, right])
  }

  /// What a value is the transpose of, in its last two axes; `nil` where it is none, or has a name
  /// of its own.
  func transposed(_ operand: Operand) -> Operand? {
    guard let index = operand.node, operand.view == nil, graph.nodes.indices.contains(index) else {
      return nil
    }
    let node = graph.nodes[index]
    guard case .permute(let order) = node.operation, node.name == nil, node.shape == operand.shape
    else { return nil }
    let rank = order.count
    guard rank >= 2, order == Array(0..<(rank - 2)) + [rank - 1, rank - 2] else { return nil }
    return node.operands.first
  }

  /// The numbers that a value is written down with; `nil` where it is computed or stands outside.
  package func literal(_ operand: Operand) -> [Double]? {
    guard let index = operand.node, operand.view == nil, graph.nodes.indices.contains(index),
      case .literal(let numbers, _, _) = graph.nodes[index].operation
    else { return nil }
    return numbers
  }

  /// Adds a node as it is and gives its results: for copies of nodes that have been checked.
  @discardableResult
  package mutating func append(_ node: Node) -> [Operand] {
    graph.nodes.append(node)
    return node.results.indices.map { graph.value(graph.nodes.count - 1, result: $0) }
  }

  /// Notes a stretch that ends with the last node: its input can be computed from its value.
  package mutating func markReversal(_ reversal: Graph.Reversal) {
    graph.reversals.append(reversal)
  }

  /// Begins a `checkpoint { }` region inside the present one. What the listed operations make, and
  /// values of the listed names, stay when its inside is dropped.
  package mutating func enterRegion(saving saved: [String] = []) {
    graph.regions.append(Graph.Region(parent: region, saved: saved))
    region = graph.regions.count - 1
  }

  /// Ends the innermost region; without effect outside any.
  package mutating func leaveRegion() {
    guard let region else { return }
    self.region = graph.regions[region].parent
  }

  /// Says that an element of an applied chain ends here, or a turn of a loop. One without a node of
  /// its own leaves no mark; where a turn and an element end together, the element does.
  package mutating func mark(_ label: String, isElement: Bool = true) {
    let last = graph.nodes.count - 1
    if let mark = graph.marks.last, mark.node == last, isElement, !mark.isElement {
      graph.marks.removeLast()
    }
    guard last > graph.marks.last?.node ?? -1 else { return }
    graph.marks.append(Graph.Mark(node: last, label: label, isElement: isElement))
  }

  /// Gives the node behind a value the name that `save_only(names: …)` asks for; an input keeps its
  /// own.
  package mutating func name(_ operand: Operand, _ name: String) {
    guard let index = operand.node, graph.nodes.indices.contains(index) else { return }
    graph.nodes[index] = graph.nodes[index].replacing(name: name)
  }

  /// Says what the block's value is.
  package mutating func setResult(_ operand: Operand) {
    graph.result = whole(operand)
  }

  /// Has a value come out beside the block's own.
  package mutating func addOutput(_ operand: Operand) {
    graph.outputs.append(whole(operand))
  }

  /// Has nothing come out beside the block's value.
  package mutating func dropOutputs() { graph.outputs = [] }

  /// Says what a state's value will be once the run is over; replaces what was said before.
  ///
  /// Throws `ShapeError` where the value has another shape or type than the state.
  package mutating func updateState(
    _ input: Int, to value: Operand
  ) throws(ShapeError) {
    guard graph.inputs.indices.contains(input), graph.inputs[input].kind == .state else {
      throw ShapeError(
        .rule(.state(input: input)), operation: "state", shapes: [value.shape])
    }
    let state = graph.inputs[input]
    let rule = ShapeRule(
      operation: .update(.sgd(rate: 0)),
      types: [TensorType(state.shape, state.dtype), TensorType(value.shape, value.dtype)])
    do {
      try rule.alike(0, 1)
    } catch {
      throw ShapeError(error.problem, operation: "state", shapes: error.shapes)
    }
    graph.stateUpdates.removeAll { $0.input == input }
    graph.stateUpdates.append(Graph.StateUpdate(input: input, value: whole(value)))
  }

  /// The graph without the nodes that nothing uses.
  package consuming func finished() -> Graph {
    graph.removingUnused().graph.asserted("the builder")
  }
}
