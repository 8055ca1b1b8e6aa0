/// A reversible block in a graph: y₁ = x₁ + F(x₂), y₂ = x₂ + G(y₁) (RevNet, Gomez et al. 2017, equation 1).
///
/// Its backward pass rebuilds the input from the output, x₂ = y₂ − G(y₁), x₁ = y₁ − F(x₂) (equation 2), so that nothing inside
/// it, nor between two of them, is held from the forward pass. All numbers are nodes of the graph.
package struct Reversal: Hashable, Sendable {
  /// What the block is applied to; x₁ and x₂ are its halves along the last axis.
  package var input: Operand
  package var x1: Int
  package var x2: Int
  /// F(x₂) and G(y₁), as the sums read them.
  package var f: Operand
  package var y1: Int
  package var g: Operand
  package var y2: Int
  /// y₁ and y₂ side by side: the block's value.
  package var output: Int

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

  /// The same block after nodes have moved; `nil` where one of them is gone.
  func renumbered(_ renumbering: [Int?]) -> Reversal? {
    guard let x1 = renumbering[x1], let x2 = renumbering[x2], let y1 = renumbering[y1],
      let y2 = renumbering[y2], let output = renumbering[output]
    else { return nil }
    return Reversal(
      input: input.renumbered(renumbering), x1: x1, x2: x2, f: f.renumbered(renumbering), y1: y1,
      g: g.renumbered(renumbering), y2: y2, output: output)
  }
}
