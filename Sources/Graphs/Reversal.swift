extension Graph {
  /// A stretch of forward nodes whose input can be computed from its value (Gomez et al. 2017, "The
  /// Reversible Residual Network", equations 6 to 8): with the input cut into halves x₁ and x₂,
  ///
  /// ```
  /// y₁ = x₁ + F(x₂)        x₂ = y₂ − G(y₁)
  /// y₂ = x₂ + G(y₁)        x₁ = y₁ − F(x₂)
  /// ```
  ///
  /// The nodes lie side by side: the two slices, F's nodes, y₁, G's nodes, y₂, and the concat of
  /// both. Another stretch lies outside, or wholly inside F or G.
  package struct Reversal: Hashable, Sendable {
    /// What is cut into halves.
    package let input: Operand
    /// The node that cuts out the first half of the input.
    package let x1: Int
    /// The node that cuts out the second half of the input, right after the first.
    package let x2: Int
    /// F(x₂), in the shape of a half.
    package let f: Operand
    /// The node x₁ + F(x₂).
    package let y1: Int
    /// G(y₁), in the shape of a half.
    package let g: Operand
    /// The node x₂ + G(y₁).
    package let y2: Int
    /// The node that joins y₁ and y₂.
    package let output: Int

    /// A stretch, unchecked: `isWellFormed` says whether the graph has it.
    package init(
      input: Operand, x1: Int, x2: Int, f: Operand, y1: Int, g: Operand, y2: Int, output: Int
    ) {
      self.input = input
      self.x1 = x1
      self.x2 = x2
      self.f = f
      self.y1 = y1
      self.g = g
      self.y2 = y2
      self.output = output
    }

    /// The nodes that make F(x₂), those that it does not use included.
    package var nodesOfF: Range<Int> { (x2 + 1)..<max(y1, x2 + 1) }

    /// The nodes that make G(y₁).
    package var nodesOfG: Range<Int> { (y1 + 1)..<max(y2, y1 + 1) }

    /// The same stretch after nodes have moved; `nil` where one that it names is gone.
    package func renumbered(_ renumbering: Renumbering) -> Reversal? {
      guard let x1 = renumbering[x1], let x2 = renumbering[x2], let y1 = renumbering[y1],
        let y2 = renumbering[y2], let output = renumbering[output]
      else { return nil }
      return Reversal(
        input: input.renumbered(renumbering), x1: x1, x2: x2, f: f.renumbered(renumbering),
        y1: y1, g: g.renumbered(renumbering), y2: y2, output: output)
    }
  }

  /// True where a stretch has the form that `Reversal` describes. Its nodes hold to their own
  /// rules.
  func isWellFormed(_ reversal: Reversal) -> Bool {
    let (x1, x2, y1, y2) = (reversal.x1, reversal.x2, reversal.y1, reversal.y2)
    let output = reversal.output
    guard x1 >= 0, x2 == x1 &+ 1, x2 < y1, y1 < y2, output == y2 &+ 1, output < nodes.count else {
      return false
    }
    func isSlice(_ index: Int) -> Bool {
      guard case .slice = nodes[index].operation else { return false }
      return nodes[index].operands == [reversal.input]
    }
    func isSum(_ index: Int, of operands: [Operand]) -> Bool {
      nodes[index].operation == .binary(.add) && nodes[index].operands == operands
    }
    let rank = nodes[output].shape.rank
    return isSlice(x1) && isSlice(x2) && nodes[x1].shape == nodes[x2].shape
      && isSum(y1, of: [value(x1), reversal.f]) && isSum(y2, of: [value(x2), reversal.g])
      && reversal.f.shape == nodes[x2].shape && reversal.g.shape == nodes[y1].shape
      && nodes[output].operation == .concat(axis: rank - 1)
      && nodes[output].operands == [value(y1), value(y2)]
      && nodes[output].shape == reversal.input.shape
  }
}
