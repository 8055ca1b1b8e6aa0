import Gradients
import Graphs
import Tensors

/// What tensor parallelism divides of a graph: products with parameters are split by the columns of
/// the parameter and by its rows in turn (Shoeybi et al. 2019, "Megatron-LM", section 3).
///
/// A product of a whole value with a parameter gives each worker some columns of the result; all
/// that is computed of those, attention by its heads included, stays divided, until a product with
/// the next parameter, split by rows, adds the workers' parts up: its result is whole again. A
/// table that is looked up, or that gives the logits of a loss, is split by its entries.
/// Normalisation needs whole rows, and a loss is one number.
struct TensorSplit {
  /// What workers hold of a value.
  private enum Hold {
    /// All of it, each of them.
    case whole
    /// A part each.
    case divided(DividedAxis)
    /// It is made of parameters alone.
    case parameter
    /// It is made of nothing, as random draws are: each makes what it needs.
    case free
  }

  /// From a product that divides to the one that adds up.
  private struct Division {
    /// How many parts there can be: columns, or heads where they are grouped.
    var places: Int
    /// True where columns are grouped by a reshape, as by heads: a group is not divided.
    var isGrouped = false
    /// The division that this one is part of, since a node reads both; itself for none.
    var leader: Int
  }

  private let graph: Graph
  private var divisions: [Division] = []
  private var ofInput: [Hold]
  private var ofNode: [Hold]
  private var ofParameter: [Int: Int] = [:]

  /// Walks the forward nodes of a joint graph.
  init(_ joint: JointGraph) {
    graph = joint.graph
    ofInput = graph.inputs.map { $0.kind == .parameter ? .parameter : .whole }
    ofNode = Array(repeating: .whole, count: graph.nodes.count)
    for index in 0..<joint.forwardCount { ofNode[index] = hold(of: graph.nodes[index]) }
  }

  /// Into how many parts, one for each worker at most, an input is divided; `nil` where each worker
  /// holds all of it.
  func places(ofInput input: Int) -> Int? {
    ofParameter[input].map { divisions[leader($0)].places }
  }

  /// The same for a node's results.
  func places(ofNode node: Int) -> Int? {
    guard case .divided(let axis) = ofNode[node] else { return nil }
    return divisions[leader(axis.division)].places
  }

  /// Most workers that there can be: the fewest heads; `nil` where nothing is divided by heads.
  var mostWorkers: Int? {
    divisions.indices.filter { leader($0) == $0 && divisions[$0].isGrouped }
      .map { divisions[$0].places }.min()
  }

  private func leader(_ division: Int) -> Int {
    var division = division
    while divisions[division].leader != division { division = divisions[division].leader }
    return division
  }

  private func hold(_ operand: Operand) -> Hold {
    switch operand.origin {
    case .input(let input): ofInput[input]
    case .node(let node, result: _): ofNode[node]
    }
  }

  private mutating func hold(of node: Node) -> Hold {
    let holds = node.operands.map(hold)
    var (parameters, free): ([Int], [Int]) = ([], [])
    var isDivided = false
    for (position, hold) in holds.enumerated() {
      switch hold {
      case .parameter: parameters.append(position)
      case .free: free.append(position)
      case .divided: isDivided = true
      case .whole: break
      }
    }
    if free.count == holds.count { return .free }
    if parameters.count == holds.count { return .parameter }
    if isDivided { return divided(node, holds, parameters, free) }
    guard let position = parameters.first, let axis = node.operation.columns(of: position, node)
    else { return .whole }
    let operand = node.operands[position]
    divisions.append(Division(places: operand.shape[axis], leader: divisions.count))
    divide(operand, divisions.count - 1)
    guard case .divided(let result) = node.operation.part else { return .whole }
    let place = node.shape.rank + result
    return .divided(
      DividedAxis(outer: node.shape.outer(of: place), division: divisions.count - 1))
  }

  /// What workers hold of the result of a node that reads something divided.
  private mutating func divided(
    _ node: Node, _ holds: [Hold], _ parameters: [Int], _ free: [Int]
  ) -> Hold {
    var found: (axis: Int, division: Int)?
    for (position, hold) in holds.enumerated() {
      guard case .divided(let value) = hold else { continue }
      let operand = node.operands[position]
      guard let axis = operand.divided(value) else { continue }
      let division = leader(value.division)
      narrow(division, to: operand.shape[axis], by: operand, of: value)
      let result = node.operation.dividedAxis(
        of: position, along: axis, node.operands, result: node.shape)
      if let found { join(division, found.division) }
      // The product that adds up: its parameter is divided by rows.
      if result == nil, node.operation.part != .other {
        for position in parameters { divide(node.operands[position], division) }
      }
      if let result { found = found ?? (result, division) }
    }
    guard let found, node.shape.axes.indices.contains(found.axis) else { return .whole }
    for position in (node.operation.part == .other ? parameters : []) + free {
      let shape = node.operands[position].shape
      let axis = found.axis + shape.rank - node.shape.rank
      if shape.axes.indices.contains(axis), shape[axis] == node.shape[found.axis] {
        divide(node.operands[position], found.division, along: axis)
      }
    }
    return .divided(
      DividedAxis(outer: node.shape.outer(of: found.axis), division: leader(found.division)))
  }

  /// Columns that an operand groups are divided by groups.
  private mutating func narrow(
    _ division: Int, to count: Int, by operand: Operand, of value: DividedAxis
  ) {
    guard count < divisions[division].places else { return }
    divisions[division].places = count
    guard let node = operand.node else { return }
    let own = graph.nodes[node].results[operand.result].shape
    if let axis = own.axis(behind: value.outer), own[axis] > count {
      divisions[division].isGrouped = true
    }
  }

  private mutating func join(_ one: Int, _ other: Int) {
    let (one, other) = (leader(one), leader(other))
    guard one != other else { return }
    divisions[other].places = min(divisions[other].places, divisions[one].places)
    divisions[other].isGrouped = divisions[other].isGrouped || divisions[one].isGrouped
    divisions[one].leader = other
  }

  /// Each worker holds a part of the parameters that an operand is made of, or, where it is free,
  /// of itself.
  private mutating func divide(_ operand: Operand, _ division: Int, along axis: Int? = nil) {
    switch operand.origin {
    case .input(let input):
      if case .parameter = ofInput[input] { ofParameter[input] = division }
    case .node(let source, result: _):
      let node = graph.nodes[source]
      if case .free = ofNode[source], let axis {
        guard operand.shape == node.shape else { return }
        ofNode[source] = .divided(
          DividedAxis(outer: node.shape.outer(of: axis), division: division))
      }
      for operand in node.operands {
        let other = axis.map { $0 + operand.shape.rank - node.shape.rank } ?? -1
        divide(operand, division, along: operand.shape.axes.indices.contains(other) ? other : nil)
      }
    }
  }
}

extension Operation {
  /// What tensor parallelism makes of an operation that reads a parameter.
  fileprivate enum Part: Hashable {
    /// A product: the result is divided along an axis, counted from the end.
    case divided(Int)
    /// A table of which each worker has some entries: what they find is added up.
    case summed
    case other
  }

  fileprivate var part: Part {
    switch self {
    case .matmul, .conv2d, .conv2dTranspose: .divided(-1)
    case .take, .linearCrossEntropy: .summed
    default: .other
    }
  }

  /// The axis of a parameter by which it is divided where all else is whole; `nil` where it is not.
  fileprivate func columns(of position: Int, _ node: Node) -> Int? {
    let rank = node.operands[position].shape.rank
    return switch self {
    case .matmul(_, let right) where position == 1: right ? rank - 2 : rank - 1
    case .conv2d, .conv2dTranspose: position == 1 ? rank - 1 : nil
    case .take(let axis): position == 0 ? axis : nil
    case .linearCrossEntropy: position == 1 ? rank - 1 : nil
    default: nil
    }
  }
}
