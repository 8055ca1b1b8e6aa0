package import Tensors

/// A tensor in a file: its name, type and shape, and where its bytes lie.
package struct NamedBytes {
  package let name: String
  /// How the file spells its elements.
  package let type: ElementType
  package let shape: Shape
  package let bytes: Range<Int>

  /// The type that holds the elements here.
  package var dtype: DType { type.dtype }
}
