package import Graphs
package import Tensors

/// Why a block has no gradient: facts for a message.
package enum GradientError: Error, Hashable, Sendable {
  /// The block has no value.
  case noResult
  /// The block's value is not a single number.
  case notScalar(Shape)
  /// The block's value is of a type without gradients.
  case notFloating(DType)
  /// There is no such input.
  case noSuchInput(Int)
  /// A gradient is asked for of the mask of an attention, or of what it is computed from.
  case maskOfAttention
  /// An adjoint is not a legal tensor: it would be too large.
  case shape(ShapeError)
  /// It was asked to stop.
  case cancelled
  /// A gradient inside the block is differentiated, and this operation of it has no adjoint rule.
  case noSecondAdjoint(String, Place)
}
