import Execution
import Tensors

/// What a run gave, in 128 bits for each tensor: enough to tell whether another run gave the same
/// bits, without holding its tensors, whose bytes would weigh in every peak that is compared.
struct RunDigest: Hashable {
  private let tensors: [TensorDigest]

  /// Hashes every tensor that the run gave: the loss, the gradients, the outputs, the new states.
  init(_ record: RunRecord) {
    let results =
      [record.loss] + record.gradients.compactMap(\.self) + record.outputs + record.states
    tensors = results.map(TensorDigest.init)
  }
}

/// Shape, type, and two independent multiplicative hashes of the bytes.
private struct TensorDigest: Hashable {
  let shape: Shape
  let dtype: DType
  private var first: UInt64 = 0xcbf2_9ce4_8422_2325
  private var second: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Hashes the bytes of a tensor, which are not kept.
  init(_ tensor: Tensor) {
    shape = tensor.shape
    dtype = tensor.dtype
    for byte in UnsafeRawBufferPointer(start: tensor.storage.pointer, count: tensor.byteCount) {
      first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      second = (second &+ UInt64(byte)) &* 0xd6e8_feb8_6659_fd93
      second ^= second >> 29
    }
  }
}
