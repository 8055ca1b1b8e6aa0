package import Tensors

/// A tensor that a name leads to.
package struct LiveTensor {
  /// The path to it: `net.layers[0].w`, `x`, `data.x`.
  package let owner: String
  package let shape: Shape
  package let dtype: DType
  package let account: AccountClass
  package let bytes: Int
}
