import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Sums of i32 that leave i32 are a fault.
  static func reduce(
    _ operation: Operation, _ reduction: Reduction, _ x: BufferView, axes: [Int],
    into y: BufferView, context: RunContext
  ) -> Instruction {
    switch (reduction, y.dtype) {
    case (.sum, .i32): return wholeSum(operation, x, axes: axes, into: y, context: context)
    case (.sum, .f32), (.sum, .f64), (.sum, .bool), (.average, _), (.max, _), (.min, _): break
    }
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

  /// Sums of i32: exact, or a fault.
  private static func wholeSum(
    _ operation: Operation, _ x: BufferView, axes: [Int], into y: BufferView, context: RunContext
  ) -> Instruction {
    let strides = x.shape.strides
    func loop(_ axes: [Int]) -> StridedLoop {
      StridedLoop(lengths: axes.map { x.shape[$0] }, strides: [axes.map { strides[$0] }])
    }
    let kept = loop(x.shape.axes.indices.filter { !axes.contains($0) })
    let summed = loop(axes)
    let (from, to) = (x.pointer, y.pointer)
    return {
      context.report(
        ck_sum_i32(
          kept.rank, kept.lengths, kept.strides[0], summed.rank, summed.lengths,
          summed.strides[0], from, to),
        in: operation)
    }
  }

  /// The first of equals.
  static func argReduce(
    _ extremum: Extremum, _ x: BufferView, axis: Int, into y: BufferView
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (type, least, from) = (x.dtype.code, Int32(extremum == .least ? 1 : 0), x.pointer)
    let to = y.pointer.assumingMemoryBound(to: Int32.self)
    return { ck_arg_reduce(type, least, from, to, outer, length, inner) }
  }
}
