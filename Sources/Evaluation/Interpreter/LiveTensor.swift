package import Tensors

/// A tensor that a name leads to.
package struct LiveTensor {
  /// The path to it: `net.layers[0].w`, `x`, `data.x`.
  package let owner: String
  /// Of the tensor, not of its storage, which others may share.
  package let shape: Shape
  /// Its element type.
  package let dtype: DType
  /// The class that the account counts its storage in.
  package let account: AccountClass
  /// Of its storage.
  package let bytes: Int
}
