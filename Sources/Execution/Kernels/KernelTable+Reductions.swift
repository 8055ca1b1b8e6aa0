import CKernels
import Graphs
import Tensors

extension KernelTable {
  static func reduce(
    _ reduction: Reduction, _ x: BufferView, axes: [Int], into y: BufferView
  ) -> Instruction {
    let kept = Shape(x.shape.axes.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
    let loop = StridedLoop(
      lengths: x.shape.axes,
      strides: [
        kept.strides.enumerated().map { axes.contains($0.offset) ? 0 : $0.element }
      ])
    let reduced = axes.reduce(1) { $0 &* x.shape[$1] }
    let (code, type, from, to, count) =
      (reduction.code, y.dtype.code, x.pointer, y.pointer, y.count)
    switch reduction {
    case .sum, .max, .min:
      return {
        ck_reduce_walk(
          code, type, loop.rank, loop.lengths, loop.strides[0], from, to, count)
      }
    case .average:
      let divisor = Double(reduced)
      return {
        ck_reduce_walk(
          code, type, loop.rank, loop.lengths, loop.strides[0], from, to, count)
        ck_divide_by_count(type, to, count, divisor)
      }
    }
  }

  static func argReduce(
    _ extremum: Extremum, _ x: BufferView, axis: Int, into y: BufferView
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (type, least, from) = (x.dtype.code, Int32(extremum == .least ? 1 : 0), x.pointer)
    let to = y.pointer.assumingMemoryBound(to: Int32.self)
    return { ck_arg_reduce(type, least, from, to, outer, length, inner) }
  }
}
