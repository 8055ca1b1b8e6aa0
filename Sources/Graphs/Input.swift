package import Tensors

/// A tensor that stands outside the graph.
package struct Input: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case parameter, state, moment, data, constant }
  package let kind: Kind
  package let shape: Shape
  package let dtype: DType
  /// How a learner names it: `layers[0].w`, `x`; may be empty.
  package let name: String

  package init(kind: Kind, shape: Shape, dtype: DType, name: String) {
    self.kind = kind
    self.shape = shape
    self.dtype = dtype
    self.name = name
  }
}
