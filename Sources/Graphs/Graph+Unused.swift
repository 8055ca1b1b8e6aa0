extension Graph {
  /// The graph without the nodes that nothing uses, and for each node its new index (`nil` where it
  /// is gone).
  ///
  /// The result, outputs, new states, updates and `roots` count as uses. Regions without nodes go
  /// too; a mark moves to the last node left of its element, and goes where none is; a reversal
  /// goes with any node that it names.
  package func removingUnused(roots: [Operand] = []) -> (graph: Graph, renumbering: Renumbering) {
    let used = usedNodes(roots: roots)
    if regions.isEmpty, !used.contains(false) { return (self, Renumbering(unmoved: nodes.count)) }
    var renumbering = Renumbering(capacity: nodes.count)
    var kept = 0
    for index in nodes.indices {
      renumbering.append(used[index] ? kept : nil)
      if used[index] { kept += 1 }
    }
    var result = Graph()
    result.inputs = inputs
    result.nodes.reserveCapacity(kept)
    for index in nodes.indices where used[index] {
      result.nodes.append(nodes[index])
      Node.renumber(&result.nodes[result.nodes.count - 1], renumbering)
    }
    result.result = self.result.map { $0.renumbered(renumbering) }
    result.outputs = outputs.map { $0.renumbered(renumbering) }
    result.stateUpdates = stateUpdates.map {
      StateUpdate(input: $0.input, value: $0.value.renumbered(renumbering))
    }
    result.marks = remainingMarks(renumbering)
    result.reversals = reversals.compactMap { $0.renumbered(renumbering) }
    result.removeEmptyRegions(of: self)
    return (result, renumbering)
  }

  /// True where the result is computed from one of these inputs, or is one.
  package func resultDepends(on inputs: Set<Int>) -> Bool {
    var depends = [Bool](repeating: false, count: nodes.count)
    func reads(_ operand: Operand) -> Bool {
      switch operand.origin {
      case .input(let input): inputs.contains(input)
      case .node(let node, result: _): depends[node]
      }
    }
    for index in nodes.indices { depends[index] = nodes[index].operands.contains(where: reads) }
    return result.map(reads) ?? false
  }

  private func usedNodes(roots: [Operand]) -> [Bool] {
    var used = [Bool](repeating: false, count: nodes.count)
    for root in roots + outputs + stateUpdates.map(\.value) + (result.map { [$0] } ?? []) {
      if let node = root.node { used[node] = true }
    }
    for index in nodes.indices.reversed() {
      if nodes[index].operation.writesInPlace { used[index] = true }
      guard used[index] else { continue }
      for operand in nodes[index].operands {
        if let node = operand.node { used[node] = true }
      }
    }
    return used
  }

  private func remainingMarks(_ renumbering: Renumbering) -> [Mark] {
    var remaining: [Mark] = []
    var first = 0
    for mark in marks {
      let last = (first..<(mark.node + 1)).last { renumbering[$0] != nil }
      if let last, let node = renumbering[last] {
        remaining.append(mark.at(node))
      }
      first = mark.node + 1
    }
    return remaining
  }

  /// Takes over the regions of `original` that nodes still lie in.
  private mutating func removeEmptyRegions(of original: Graph) {
    var isUsed = [Bool](repeating: false, count: original.regions.count)
    for node in nodes {
      var region = node.region
      while let index = region, !isUsed[index] {
        isUsed[index] = true
        region = original.regions[index].parent
      }
    }
    var renumbering = [Int?](repeating: nil, count: original.regions.count)
    for (index, region) in original.regions.enumerated() where isUsed[index] {
      renumbering[index] = regions.count
      regions.append(
        Region(parent: region.parent.flatMap { renumbering[$0] }, saved: region.saved))
    }
    for (index, node) in nodes.enumerated() {
      guard let region = node.region, renumbering[region] != region else { continue }
      nodes[index] = node.replacing(region: .some(renumbering[region]))
    }
  }
}

extension Operation {
  /// True for what is run for its effect and makes no value.
  package var writesInPlace: Bool {
    switch self {
    case .update, .accumulate(isInPlace: true): true
    case .exchange(let exchange): exchange.isInPlace
    default: false
    }
  }
}

extension Operand {
  /// The same use after nodes have moved; a node that is gone stays as it was.
  package func renumbered(_ renumbering: Renumbering) -> Operand {
    guard let node, let moved = renumbering[node] else { return self }
    return reading(.node(moved, result: result))
  }
}
