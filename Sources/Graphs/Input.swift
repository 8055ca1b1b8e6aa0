package import Tensors

/// A tensor that stands outside the graph.
package struct Input: Hashable, Sendable {
  /// What a tensor outside is: learned, a layer's own that a run may change, kept by an optimizer
  /// for a parameter, the sum of a parameter's gradients so far, loaded or given as data, or any
  /// other value of the program.
  package enum Kind: Hashable, Sendable {
    case parameter, state, moment, accumulator, data, constant
  }
  /// What it is to a run.
  package let kind: Kind
  /// Its shape, the same in every run.
  package let shape: Shape
  /// The type of its elements.
  package let dtype: DType
  /// How a learner names it: `layers[0].w`, `x`; may be empty.
  package let name: String

  /// An input; its name may be empty.
  package init(kind: Kind, shape: Shape, dtype: DType, name: String) {
    self.kind = kind
    self.shape = shape
    self.dtype = dtype
    self.name = name
  }
}
