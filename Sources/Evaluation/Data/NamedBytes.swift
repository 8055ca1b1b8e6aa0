import Tensors

/// A tensor in a file: its name, type and shape, and where its bytes lie.
struct NamedBytes {
  let name: String
  let dtype: DType
  let shape: Shape
  let bytes: Range<Int>
}
