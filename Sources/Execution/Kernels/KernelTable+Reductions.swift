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
        kept.strides.enumerated().map { axes.contains($0.offset) ? 0 : $0.element },
        x.shape.strides,
      ])
    let reduced = axes.reduce(1) { $0 &* x.shape[$1] }
    let (code, type, from, to, count) =
      (reduction.code, y.dtype.code, x.pointer, y.pointer, y.count)
    let (width, result) = (x.dtype.byteWidth, y.dtype.byteWidth)
    let (first, divisor): (Double, Double?) =
      switch reduction {
      case .sum: (0, nil)
      case .average: (0, Double(reduced))
      case .max: (-.infinity, nil)
      case .min: (.infinity, nil)
      }
    let start = fill(first, into: y, context: context)
    let divide = divisor.map { divisor in
      Crew.alone(count: count, nanoseconds: 1, asking: context) { part in
        ck_divide_by_count(type, to + part.lowerBound * result, part.count, divisor)
      }
    }
    return {
      start()
      // The elements of a piece are added up in double precision, and then to what is there.
      loop.inPieces(of: reductionElements, asking: context) { lengths in
        ck_reduce_walk(
          code, type, loop.rank, lengths, loop.strides[0], from + loop.start(1) * width,
          to + loop.start(0) * result)
      }
      divide?()
    }
  }

  /// Elements of a piece of a reduction: few enough to ask often, many enough to round seldom.
  private static let reductionElements = 1 << 22

  /// Sums of i32: exact, or a fault. The places of the result go in pieces.
  private static func wholeSum(
    _ operation: Operation, _ x: BufferView, axes: [Int], into y: BufferView, context: RunContext
  ) -> Instruction {
    let strides = x.shape.strides
    func loop(_ axes: [Int], _ own: [Int]?) -> StridedLoop {
      StridedLoop(
        lengths: axes.map { x.shape[$0] },
        strides: [axes.map { strides[$0] }] + [own].compactMap(\.self))
    }
    let places = x.shape.axes.indices.filter { !axes.contains($0) }
    let kept = loop(places, Shape(places.map { x.shape[$0] }).strides)
    let summed = loop(axes, nil)
    let (from, to) = (x.pointer, y.pointer)
    let most = max(1, reductionElements / max(1, axes.reduce(1) { $0 &* x.shape[$1] }))
    return {
      kept.inPieces(of: most, asking: context) { lengths in
        context.report(
          ck_sum_i32(
            kept.rank, lengths, kept.strides[0], summed.rank, summed.lengths, summed.strides[0],
            from + kept.start(0) * 4, to + kept.start(1) * 4, context.stopWord),
          in: operation)
      }
    }
  }

  /// The first of equals.
  static func argReduce(
    _ extremum: Extremum, _ x: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (type, least, from) = (x.dtype.code, Int32(extremum == .least ? 1 : 0), x.pointer)
    let to = y.pointer.assumingMemoryBound(to: Int32.self)
    let size = length * inner
    let width = x.dtype.byteWidth
    return Crew.alone(count: outer, nanoseconds: Double(size), asking: context) { part in
      let row = part.lowerBound
      ck_arg_reduce(
        type, least, from + row * size * width, to + row * inner, part.count, length, inner,
        context.stopWord)
    }
  }
}
