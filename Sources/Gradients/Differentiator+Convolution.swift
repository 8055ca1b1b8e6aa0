import Graphs

/// The adjoint rules of convolutions. A convolution, its transpose and the adjoint of its weights
/// are linear in each of two of images x, images g and weights w: the adjoint for one operand is
/// the one of the three that makes such a value of the other two.
extension Differentiator {
  /// y = x ∗ w, whose adjoint stands where g does.
  mutating func differentiate(
    _ convolution: Convolution, of node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (x, w) = (node.operands[0], node.operands[1])
    try contribute(convolution, images: adjoint, weights: w, to: 0, of: node)
    try contribute(convolution, images: x, adjoint: adjoint, to: 1, of: node)
  }

  /// x = g ∗ᵀ w, whose adjoint stands where x does.
  mutating func differentiateTransposed(
    _ convolution: Convolution, of node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (g, w) = (node.operands[0], node.operands[1])
    if wants(0, of: node) {
      try contribute(try emit(.conv2d(convolution), [adjoint, w]), to: g)
    }
    try contribute(convolution, images: adjoint, adjoint: g, to: 1, of: node)
  }

  /// w = x ∗ᵀ g, whose adjoint stands where w does.
  mutating func differentiateWeights(
    _ convolution: Convolution, of node: Node, adjoint: Operand
  ) throws(GradientError) {
    let (x, g) = (node.operands[0], node.operands[1])
    try contribute(convolution, images: g, weights: adjoint, to: 0, of: node)
    if wants(1, of: node) {
      try contribute(try emit(.conv2d(convolution), [x, adjoint]), to: g)
    }
  }

  /// The transposed convolution of what stands for g with what stands for w, where the operand at
  /// this position wants it.
  private mutating func contribute(
    _ convolution: Convolution, images g: Operand, weights w: Operand, to position: Int,
    of node: Node
  ) throws(GradientError) {
    guard wants(position, of: node) else { return }
    let x = node.operands[position]
    let transposed = Operation.conv2dTranspose(
      convolution, height: x.shape[1], width: x.shape[2])
    try contribute(try emit(transposed, [g, w]), to: x)
  }

  /// The adjoint of weights from what stands for x and for g, where the operand at this position
  /// wants it.
  private mutating func contribute(
    _ convolution: Convolution, images x: Operand, adjoint g: Operand, to position: Int,
    of node: Node
  ) throws(GradientError) {
    guard wants(position, of: node) else { return }
    let w = node.operands[position]
    let weights = Operation.conv2dWeights(convolution, height: w.shape[0], width: w.shape[1])
    try contribute(try emit(weights, [x, g]), to: w)
  }
}
