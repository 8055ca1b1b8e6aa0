import DataFiles
import Tensors

/// An array that was read to its end, as numbers.
struct Read {
  let shape: Shape
  let dtype: DType
  let values: [Double]

  /// Reads an npy file.
  init(npy file: [UInt8]) throws(DataFileFault) {
    self.init(try ArrayFile(npy: MemoryStream(file)).read(as: .data, ledger: Ledger()))
  }

  /// Reads an idx file.
  init(idx file: [UInt8]) throws(DataFileFault) {
    self.init(try ArrayFile(idx: MemoryStream(file)).read(as: .data, ledger: Ledger()))
  }

  /// A tensor's numbers.
  init(_ tensor: Tensor) {
    shape = tensor.shape
    dtype = tensor.dtype
    values = tensor.doubles()
  }
}

/// Bytes that do not say how many they are, as a pipe does not.
final class BlindStream: ByteStream {
  private let stream: MemoryStream

  init(_ bytes: [UInt8]) { stream = MemoryStream(bytes) }

  var remaining: Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { stream.read(into: buffer) }
}
