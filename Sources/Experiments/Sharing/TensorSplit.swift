import Gradients
import Graphs

/// What tensor parallelism divides of a graph: products with parameters are split by the columns of
/// the parameter and by its rows in turn (Shoeybi et al. 2019, "Megatron-LM", section 3).
///
/// A product of a whole value with a parameter gives each worker some columns of the result; all
/// that is computed of those, attention by its heads included, stays divided, until a product with
/// the next parameter, split by rows, adds the workers' parts up: its result is whole again.
/// Normalisation needs whole rows, and a loss is one number.
struct TensorSplit {
  /// What workers hold of a value.
  private enum Hold {
    /// All of it, each of them.
    case whole
    /// A part each.
    case divided
    /// It is made of parameters alone.
    case parameter
  }

  /// For each input: true where each worker holds a part of it.
  private(set) var dividesInput: [Bool]
  /// The same for each node's results.
  private(set) var dividesNode: [Bool]
  private var ofInput: [Hold]
  private var ofNode: [Hold]

  /// Walks the forward nodes of a joint graph.
  init(_ joint: JointGraph) {
    let graph = joint.graph
    ofInput = graph.inputs.map { $0.kind == .parameter ? .parameter : .whole }
    ofNode = Array(repeating: .whole, count: graph.nodes.count)
    dividesInput = Array(repeating: false, count: graph.inputs.count)
    dividesNode = Array(repeating: false, count: graph.nodes.count)
    for index in 0..<joint.forwardCount { place(index, graph) }
    dividesNode = ofNode.map { $0 == .divided }
  }

  private func hold(_ operand: Operand) -> Hold {
    switch operand.origin {
    case .input(let input): ofInput[input]
    case .node(let node, result: _): ofNode[node]
    }
  }

  private mutating func place(_ index: Int, _ graph: Graph) {
    let node = graph.nodes[index]
    let holds = node.operands.map(hold)
    let values = holds.filter { $0 != .parameter }
    guard !values.isEmpty || node.operands.isEmpty else {
      ofNode[index] = .parameter
      return
    }
    let isDivided = values.contains(.divided)
    let meetsParameter = values.count < holds.count
    switch node.operation.part {
    case .product where meetsParameter:
      ofNode[index] = isDivided ? .whole : .divided
      divideParameters(of: node, graph)
    case .lookup where meetsParameter:
      // Each worker has some rows of the table, and what they find is added up.
      ofNode[index] = .whole
      divideParameters(of: node, graph)
    case .wholeRows:
      ofNode[index] = .whole
    case .product, .lookup, .other:
      ofNode[index] = isDivided ? .divided : .whole
      if isDivided { divideParameters(of: node, graph) }
    }
  }

  /// Each worker holds a part of the parameters that a node reads.
  private mutating func divideParameters(of node: Node, _ graph: Graph) {
    for operand in node.operands where hold(operand) == .parameter {
      switch operand.origin {
      case .input(let input): dividesInput[input] = true
      case .node(let source, result: _): divideParameters(of: graph.nodes[source], graph)
      }
    }
  }
}

extension Operation {
  /// What tensor parallelism makes of an operation.
  fileprivate enum Part { case product, lookup, wholeRows, other }

  fileprivate var part: Part {
    switch self {
    case .matmul, .conv2d, .conv2dTranspose: .product
    case .take: .lookup
    case .layerNorm, .crossEntropy: .wholeRows
    default: .other
    }
  }
}
