package import Tensors

/// A tensor in a file: its name, type and shape, and where its bytes lie.
package struct NamedBytes {
  /// The tensor's name in the file: `layers.0.w`.
  package let name: String
  /// How the file spells its elements.
  package let type: ElementType
  /// The lengths of its axes, outermost first.
  package let shape: Shape
  /// The bytes of its elements, by their places in the file.
  package let bytes: Range<Int>

  /// The type that holds the elements here.
  package var dtype: DType { type.dtype }
}
