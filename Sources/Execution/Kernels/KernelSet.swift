import CKernels
import Tensors

/// A set of kernels: the same code, compiled for some processors. All give the same bits.
package enum KernelSet: String, CaseIterable, Sendable {
  /// For x86-64 processors with AVX-512 (x86-64-v4).
  case avx512
  /// For x86-64 processors with AVX2 and FMA (x86-64-v3).
  case avx2
  /// For every processor of the architecture; where it has no fused multiply-add, products take
  /// some fifty times as long.
  case plain

  private var code: ck_set {
    switch self {
    case .avx512: CK_AVX512
    case .avx2: CK_AVX2
    case .plain: CK_PLAIN
    }
  }

  /// True where this processor can run the set.
  package var isRunnable: Bool { ck_can(Int32(code.rawValue)) != 0 }

  /// The set in use: the first that this processor can run, unless another was chosen.
  package static var current: KernelSet {
    allCases.first { ck_set() == Int32($0.code.rawValue) } ?? .plain
  }

  /// Uses this set, which has to be runnable; not to be called while instructions run.
  package func use() { ck_use(Int32(code.rawValue)) }

  /// About how many multiply-adds a thread does in a nanosecond, where they fill its registers.
  func multiplyAdds(of dtype: DType) -> Double {
    let rate: Double =
      switch self {
      case .avx512: 100
      case .avx2: 50
      case .plain: 1
      }
    return dtype == .f32 ? rate : dtype == .f64 ? rate / 2 : 1
  }
}
