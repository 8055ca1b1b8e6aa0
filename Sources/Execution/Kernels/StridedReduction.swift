import CKernels
import Graphs
import Tensors

/// A reduction along some axes, apart from where its tensors lie.
final class StridedReduction {
  private let loop: StridedLoop
  private let code: Int32
  private let (source, target): (DType, DType)
  /// Elements of the result.
  private let count: Int
  /// What each begins with.
  private let first: Double
  /// What each is divided by in the end; `nil` for nothing.
  private let divisor: Double?

  /// Of a tensor of this type, into one of `target`.
  init(_ reduction: Reduction, _ x: TensorType, axes: [Int], into target: DType) {
    let kept = Shape(x.shape.axes.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
    loop = StridedLoop(
      lengths: x.shape.axes,
      strides: [
        kept.strides.enumerated().map { axes.contains($0.offset) ? 0 : $0.element },
        x.shape.strides,
      ])
    code = reduction.code
    (source, self.target, count) = (x.dtype, target, kept.count)
    (first, divisor) =
      switch reduction {
      case .sum: (0, nil)
      case .average: (0, Double(axes.reduce(1) { $0 &* x.shape[$1] }))
      case .max: (-.infinity, nil)
      case .min: (.infinity, nil)
      }
  }

  /// Reduces what lies at `from` into what lies at `to`; asks `context` between pieces whether to
  /// stop.
  func run(
    _ from: UnsafeMutableRawPointer, into to: UnsafeMutableRawPointer, _ context: RunContext
  ) {
    let (width, step, sums) = (source.byteWidth, target.byteWidth, target.code)
    Crew.alone(0..<count, nanoseconds: 2, asking: context) { part in
      ck_fill(sums, first, to + part.lowerBound * step, part.count)
    }
    // The elements of a piece are added up in double precision, and then to what is there.
    loop.inPieces(of: KernelTable.reductionElements, asking: context) { lengths in
      ck_reduce_walk(
        code, source.code, loop.rank, lengths, loop.strides[0], from + loop.start(1) * width,
        to + loop.start(0) * step)
    }
    guard let divisor else { return }
    Crew.alone(0..<count, nanoseconds: 1, asking: context) { part in
      ck_divide_by_count(sums, to + part.lowerBound * step, part.count, divisor)
    }
  }
}
