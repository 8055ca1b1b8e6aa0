package import Tensors

/// A tensor in a file: its name, type and shape, and where its bytes lie.
package struct NamedBytes {
  package let name: String
  package let dtype: DType
  package let shape: Shape
  package let bytes: Range<Int>
}
