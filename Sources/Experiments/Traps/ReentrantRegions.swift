import Graphs

extension Graph {
  /// Inputs that `wrt` names and that only reach the loss through a region none of whose other
  /// inputs depends on anything in `wrt`: what a reentrant checkpoint gives no gradient to.
  func targetsLostByReentrance(_ targets: [Int]) -> Set<Int> {
    let wanted = Set(targets)
    var needsGradient = [Bool](repeating: false, count: nodes.count)
    var outermost = [Int?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      var region = node.region
      while let inner = region, let parent = regions[inner].parent { region = parent }
      outermost[index] = region
    }
    // A region comes alive where a value from outside that needs a gradient enters it.
    var isAlive = [Bool](repeating: false, count: regions.count)
    for (index, node) in nodes.enumerated() {
      let region = outermost[index]
      for operand in node.operands {
        guard let source = operand.node else { continue }
        if let region, outermost[source] != region, needsGradient[source] { isAlive[region] = true }
      }
      let reaches = node.operands.contains { operand in
        if let source = operand.node { return needsGradient[source] }
        return operand.input.map(wanted.contains) ?? false
      }
      needsGradient[index] = reaches && (region.map { isAlive[$0] } ?? true)
    }
    var alive: Set<Int> = []
    for (index, node) in nodes.enumerated() where needsGradient[index] {
      for operand in node.operands { if let input = operand.input { alive.insert(input) } }
    }
    let used = Set(nodes.lazy.flatMap { $0.operands }.compactMap(\.input))
    return wanted.intersection(used).subtracting(alive)
  }
}
