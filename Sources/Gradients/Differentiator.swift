import Graphs
import Tensors

/// One reverse sweep over a graph: the adjoints so far, and the nodes emitted for them.
struct Differentiator {
  /// The graph so far: the forward nodes, then the backward ones in the order in which they were
  /// emitted.
  var builder: GraphBuilder
  /// Nodes of the graph that is differentiated.
  let forwardCount: Int
  /// True where the block goes on: what is emitted are forward nodes of it, to be differentiated in
  /// their turn.
  let isInner: Bool
  /// Which nodes lie on a path from `wrt`.
  var wantsNode: [Bool]
  private var wantsInput: [Bool]
  /// Adjoints of forward values, and of what stands for them, in the value's shape: from the first
  /// contribution until they are used.
  var adjoints: [Operand.Origin: Operand] = [:]
  /// Gradients of the wanted inputs, in the input's shape.
  private(set) var inputAdjoints: [Operand?]
  /// Forward values that backward nodes read, as far as they have come.
  private var readBack: Set<Operand.Origin> = []
  /// Reversals by their last node, those among copied nodes included.
  var reversals: [Int: Graph.Reversal] = [:]
  /// Backward values that were computed again from the value of a reversal, by the values they
  /// stand for.
  var rebuilt: [Operand.Origin: Operand] = [:]

  /// Backward values that were made again of states, by the forward values they stand for.
  private var madeOfStates: [Operand.Origin: Operand] = [:]

  /// True where the sweep is to end.
  private let isCancelled: () -> Bool

  /// Prepares to differentiate a graph with respect to these inputs; those that are not of a
  /// floating type get no gradient.
  init(_ graph: Graph, wrt: [Int], isCancelled: @escaping () -> Bool) {
    self.isCancelled = isCancelled
    builder = GraphBuilder(continuing: graph)
    isInner = false
    forwardCount = graph.nodes.count
    inputAdjoints = Array(repeating: nil, count: graph.inputs.count)
    wantsNode = Array(repeating: false, count: graph.nodes.count)
    wantsInput = Array(repeating: false, count: graph.inputs.count)
    for reversal in graph.reversals { reversals[reversal.output] = reversal }
    for input in wrt { wantsInput[input] = graph.inputs[input].dtype.isFloating }
    followWants(through: graph.nodes.indices)
  }

  /// Prepares to differentiate the nodes of a growing graph from `first` on with respect to values
  /// that were there before; all else that was there is constant.
  init(
    continuing builder: GraphBuilder, from first: Int, wrt: [Operand],
    isCancelled: @escaping () -> Bool
  ) {
    self.isCancelled = isCancelled
    self.builder = builder
    let graph = builder.graph
    isInner = true
    forwardCount = graph.nodes.count
    inputAdjoints = Array(repeating: nil, count: graph.inputs.count)
    wantsNode = Array(repeating: false, count: graph.nodes.count)
    wantsInput = Array(repeating: false, count: graph.inputs.count)
    for value in wrt {
      switch value.origin {
      case .input(let input): wantsInput[input] = value.dtype.isFloating
      case .node(let node, result: _): wantsNode[node] = true
      }
    }
    followWants(through: first..<forwardCount)
  }

  /// Finds which of some nodes lie on a path from `wrt`, from what is known of those before.
  mutating func followWants(through nodes: Range<Int>) {
    while wantsNode.count < nodes.upperBound { wantsNode.append(false) }
    for index in nodes {
      let node = builder.graph.nodes[index]
      wantsNode[index] = node.operands.enumerated().contains { position, operand in
        node.operation.isDifferentiable(at: position) && wants(operand)
      }
    }
  }

  /// True where a value's adjoint is needed.
  func wants(_ operand: Operand) -> Bool {
    switch operand.origin {
    case .input(let index): wantsInput[index]
    case .node(let index, result: _): wantsNode[index] && operand.dtype.isFloating
    }
  }

  /// True where the operand at a position of a node needs a contribution.
  func wants(_ position: Int, of node: Node) -> Bool {
    node.operation.isDifferentiable(at: position) && wants(node.operands[position])
  }

  /// Walks the graph from its value, whose adjoint is `seed`, back to the inputs, or to the node
  /// `first`.
  mutating func sweep(
    from loss: Operand, to first: Int = 0, seed: Double = 1
  ) throws(GradientError) {
    guard wants(loss) else { return }
    if let node = loss.node { begin(node) }
    try contribute(try emit(.fill(seed, loss.dtype, loss.shape), []), to: loss)
    try sweep(first..<forwardCount)
  }

  /// Walks nodes from the last to the first, as far as adjoints have come.
  mutating func sweep(_ nodes: Range<Int>) throws(GradientError) {
    var index = nodes.upperBound
    while index > nodes.lowerBound {
      index -= 1
      if index % 256 == 0, isCancelled() { throw .cancelled }
      let results = builder.graph.nodes[index].results.indices
      let adjoints = results.map { takeAdjoint(of: .node(index, result: $0)) }
      guard adjoints.contains(where: { $0 != nil }) else { continue }
      if let reversal = reversals[index], let adjoint = adjoints[0] {
        try reverse(reversal, adjoint: adjoint)
        index = reversal.x1
        continue
      }
      begin(index)
      try differentiate(index, adjoints: adjoints)
    }
  }

  /// The adjoint of a value as far as it has come; it has none from here on.
  mutating func takeAdjoint(of value: Operand.Origin) -> Operand? {
    adjoints.removeValue(forKey: value)
  }

  /// Nodes emitted from here on differentiate a node, which is forward or a copy of one that is.
  mutating func begin(_ node: Int) {
    builder.place = builder.graph.nodes[node].place
    builder.differentiates = isInner ? nil : forwardNode(of: node)
  }

  /// The node itself where it is forward, and the one that it stands for where it is a copy.
  func forwardNode(of node: Int) -> Int? {
    node < forwardCount ? node : builder.graph.nodes[node].differentiates
  }

  /// Adds to the adjoint of an operand's value, in the type of its elements.
  mutating func contribute(
    _ contribution: Operand, to operand: Operand
  ) throws(GradientError) {
    let converted = try cast(contribution, to: operand.dtype)
    let contribution =
      try operand.view.map { (view) throws(GradientError) in
        try scattered(converted, view)
      } ?? converted
    switch operand.origin {
    case .input(let index):
      let contribution = contribution.reshaped(builder.graph.inputs[index].shape)
      if let sum = inputAdjoints[index] {
        inputAdjoints[index] = try emit(.binary(.add), [sum, contribution])
      } else {
        inputAdjoints[index] = contribution
      }
    case .node(let index, let result):
      let contribution = contribution.reshaped(builder.graph.nodes[index].results[result].shape)
      if let sum = adjoints[operand.origin] {
        adjoints[operand.origin] = try emit(.binary(.add), [sum, contribution])
      } else {
        adjoints[operand.origin] = contribution
      }
    }
  }

  /// The adjoint of a whole value from that of a view of it: zeros, with the adjoint where the view
  /// reads.
  private mutating func scattered(
    _ adjoint: Operand, _ view: View
  ) throws(GradientError) -> Operand {
    var adjoint = adjoint.reshaped(view.shape)
    if !view.isInOrder {
      var inverse = view.order
      for (axis, source) in view.order.enumerated() { inverse[source] = axis }
      adjoint = try emit(.permute(inverse), [adjoint])
    }
    return view.isWhole ? adjoint : try emit(.unslice(view.slices, view.base), [adjoint])
  }

  /// The operand, where a forward node copied it out of a tensor that stands outside: read there
  /// again, and the copy need not be kept.
  private func uncopied(_ operand: Operand) -> Operand {
    guard let index = operand.node, index < forwardCount, operand.view == nil else {
      return operand
    }
    let node = builder.graph.nodes[index]
    switch node.operation {
    case .slice, .permute: break
    default: return operand
    }
    guard node.name == nil, node.operands[0].input != nil,
      let view = builder.view(node.operation, node.operands)
    else { return operand }
    return view.reshaped(operand.shape)
  }

  /// The operand, where functions of one tensor made it of a state, as of the running variance of a
  /// batch norm: made again, since the state stands outside, and need not be kept beside it.
  private mutating func remade(_ operand: Operand) throws(GradientError) -> Operand {
    guard !isInner, operand.view == nil, let index = operand.node, index < forwardCount else {
      return operand
    }
    if let made = madeOfStates[operand.origin] { return made.reshaped(operand.shape) }
    var nodes: [Int] = []
    var origin = operand
    while let index = origin.node {
      let node = builder.graph.nodes[index]
      guard node.operation.isOfEachElement, node.name == nil, origin.view == nil else {
        return operand
      }
      nodes.append(index)
      origin = node.operands[0]
    }
    guard let input = origin.input, builder.graph.inputs[input].kind == .state else {
      return operand
    }
    var made = origin
    for index in nodes.reversed() {
      let node = builder.graph.nodes[index]
      made = try emit(node.operation, [made.reshaped(node.operands[0].shape)])
    }
    madeOfStates[operand.origin] = made
    return made.reshaped(operand.shape)
  }

  /// Adds a backward node and gives its value, the first where it has several.
  mutating func emit(
    _ operation: Operation, _ operands: [Operand]
  ) throws(GradientError) -> Operand {
    try emitAll(operation, operands)[0]
  }

  /// Adds a backward node and gives all its results.
  mutating func emitAll(
    _ operation: Operation, _ operands: [Operand]
  ) throws(GradientError) -> [Operand] {
    let operands = try operands.map { (operand) throws(GradientError) in
      try remade(uncopied(operand))
    }
    for operand in operands where operand.node ?? forwardCount < forwardCount {
      readBack.insert(operand.origin)
    }
    do {
      return try builder.emitAll(operation, operands)
    } catch {
      throw .shape(error)
    }
  }

  /// True where reading a value in the backward pass keeps nothing that is not kept anyway: it
  /// stands outside, a backward node reads it already, or the rule of the function that made it
  /// will.
  func holds(_ operand: Operand) -> Bool {
    guard let node = operand.node else { return true }
    if readBack.contains(operand.origin) { return true }
    guard case .unary(let function) = builder.graph.nodes[node].operation else { return false }
    return function.savesResult && wants(operand)
  }

  /// The number that a backward value is filled with, where it is a `fill`.
  func constant(_ operand: Operand) -> Double? {
    guard let index = operand.node, index >= forwardCount,
      case .fill(let number, _, _) = builder.graph.nodes[index].operation
    else { return nil }
    return number
  }

  /// The value times a number.
  mutating func scaled(_ operand: Operand, by number: Double) throws(GradientError) -> Operand {
    if let constant = constant(operand) {
      return try emit(.fill(constant * number, operand.dtype, operand.shape), [])
    }
    return try emit(.scalar(.multiply, number, numberFirst: false), [operand])
  }

  /// The adjoint times a factor, in the shape both broadcast to; an adjoint filled with one number
  /// is no tensor of its own then.
  mutating func product(
    _ adjoint: Operand, _ factor: Operand
  ) throws(GradientError) -> Operand {
    let factor = try narrowed(factor)
    if let constant = constant(adjoint), adjoint.shape == factor.shape {
      return try emit(.scalar(.multiply, constant, numberFirst: false), [factor])
    }
    return try emit(.binary(.multiply), [adjoint, factor])
  }

  /// The same factor made again from what it was cast from, where that takes fewer bytes: a mask
  /// is kept as the bool that it is.
  private mutating func narrowed(_ factor: Operand) throws(GradientError) -> Operand {
    guard let index = factor.node, index < forwardCount, factor.view == nil, !holds(factor),
      case .cast(let dtype) = builder.graph.nodes[index].operation,
      let source = builder.graph.nodes[index].operands.first,
      source.dtype.byteWidth < dtype.byteWidth
    else { return factor }
    return try emit(.cast(dtype), [source.reshaped(factor.shape)])
  }

  /// The value in another type; itself where it has that type.
  mutating func cast(_ operand: Operand, to dtype: DType) throws(GradientError) -> Operand {
    operand.dtype == dtype ? operand : try emit(.cast(dtype), [operand])
  }

  /// The value spread over a shape that it broadcasts to.
  mutating func spread(_ operand: Operand, to shape: Shape) throws(GradientError) -> Operand {
    if operand.shape == shape { return operand }
    if operand.shape.count == shape.count { return operand.reshaped(shape) }
    if let constant = constant(operand) {
      return try emit(.fill(constant, operand.dtype, shape), [])
    }
    return try emit(.broadcast(shape), [operand])
  }

  /// The adjoint of broadcasting from a shape: the sum over the axes that were stretched.
  mutating func collected(_ operand: Operand, to shape: Shape) throws(GradientError) -> Operand {
    let lead = operand.shape.rank - shape.rank
    let axes = (0..<operand.shape.rank).filter { axis in
      operand.shape[axis] != 1 && (axis < lead || shape[axis - lead] == 1)
    }
    if axes.isEmpty { return operand.reshaped(shape) }
    if let constant = constant(operand) {
      let terms = axes.reduce(1.0) { $0 * Double(operand.shape[$1]) }
      return try emit(.fill(constant * terms, operand.dtype, shape), [])
    }
    return try emit(.reduce(.sum, axes: axes, keepDims: false), [operand]).reshaped(shape)
  }

  /// A single zero, broadcast where it is used.
  mutating func zero(_ dtype: DType) throws(GradientError) -> Operand {
    try emit(.fill(0, dtype, .scalar), [])
  }
}

extension Operation {
  /// True of functions of one tensor that give an element for each of its elements.
  fileprivate var isOfEachElement: Bool {
    switch self {
    case .unary, .scalar: true
    default: false
    }
  }
}
