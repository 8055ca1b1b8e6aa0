package import Graphs

extension JointGraph {
  /// Lets the run update parameters from their gradients: each of `parameters` (indices of inputs)
  /// that has a gradient gets what the plan keeps of it as new inputs, and an update node.
  ///
  /// An update stands at the earliest place where nothing that can still run needs the old
  /// parameter: after its gradient is complete, after the last backward node that reads the
  /// parameter, and after the last one that reads a forward value which depends on the parameter,
  /// since that value may have to be computed again. On a chain, each layer is updated before the
  /// layer below it is differentiated (Lv et al. 2023, "LOMO", fuse gradient and update in the same
  /// way), so that its gradient dies at once. An update belongs to the forward node that the node
  /// before it differentiates.
  ///
  /// Where the plan updates all together, updates stand at the end and read a number that is there
  /// when all gradients are: no schedule can make one of them earlier. In a micro-batch before the
  /// last of its group, a node that adds the gradient to the group's sum stands in the place of the
  /// update; in the last one, the gradient and the sum are added first: in the sum's place where
  /// all are updated together.
  ///
  /// Where several workers train together, an exchange stands between the gradients of a bucket and
  /// what reads them, as soon as the last of them is complete, but not in a micro-batch before the
  /// last; parameters that are averaged, or that their owner sends, are so behind their update. New
  /// values of states are averaged at the end.
  ///
  /// `gradients` names what updates consume, which need not outlive them.
  package mutating func addUpdates(_ plan: UpdatePlan, parameters: [Int]) {
    var insertion = UpdateInsertion(consume self, plan, parameters: parameters)
    insertion.run()
    self = insertion.joint
  }
}

extension JointGraph {
  /// For each input, the last backward node, of those that count, that reads it or a forward value
  /// which depends on it; −1 for none.
  ///
  /// One pass back over the nodes: the last need of a forward value is the latest of the backward
  /// nodes that read it and the last needs of the forward values made from it.
  package func lastNeedOfInputs(where counts: (Node) -> Bool = { _ in true }) -> [Int] {
    var ofNodes = [Int32](repeating: -1, count: graph.nodes.count)
    var ofInputs = [Int](repeating: -1, count: graph.inputs.count)
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      let need = index < forwardCount ? ofNodes[index] : counts(node) ? Int32(index) : -1
      for operand in node.operands {
        switch operand.origin {
        case .input(let input): ofInputs[input] = max(ofInputs[input], Int(need))
        case .node(let source, result: _): ofNodes[source] = max(ofNodes[source], need)
        }
      }
    }
    return ofInputs
  }
}
