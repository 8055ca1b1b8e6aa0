import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Sums of i32 that leave i32, or of i64 that leave i64, are a fault. Short floats are reduced in
  /// f32, in the scratch.
  static func reduce(
    _ operation: Operation, _ reduction: Reduction, _ x: BufferView, axes: [Int],
    into result: BufferView, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    if reduction == .sum, result.dtype.isIndex {
      return wholeSum(operation, x, axes: axes, into: result, context: context)
    }
    let y = summed(result, in: scratch)
    let walk = StridedReduction(reduction, x.type, axes: axes, into: y.dtype)
    let (from, to) = (x.pointer, y.pointer)
    return rounding(
      y, into: result, after: { walk.run(from, into: to, context) }, context)
  }

  /// Where the numbers of a result are added up: the result itself, or f32 in the scratch where it
  /// is of a short type.
  static func summed(_ y: BufferView, in scratch: UnsafeMutableRawPointer?) -> BufferView {
    guard y.dtype.isShort, let scratch else { return y }
    return BufferView(pointer: scratch, shape: y.shape, dtype: y.dtype.computed)
  }

  /// The instruction, and then what it made rounded to the result, where that is another place.
  static func rounding(
    _ sums: BufferView, into y: BufferView, after instruction: @escaping Instruction,
    _ context: RunContext
  ) -> Instruction {
    if sums.pointer == y.pointer { return instruction }
    let round = cast(sums, into: y, context: context)
    return {
      instruction()
      round()
    }
  }

  /// Elements of a piece of a reduction: few enough to ask often, many enough to round seldom.
  static let reductionElements = 1 << 22

  /// Sums of i32 or i64: exact, or a fault. The places of the result go in pieces.
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
    let (from, to, dtype, width) = (x.pointer, y.pointer, x.dtype, x.dtype.byteWidth)
    let most = max(1, reductionElements / max(1, axes.reduce(1) { $0 &* x.shape[$1] }))
    return {
      kept.inPieces(of: most, asking: context) { lengths in
        context.report(
          ck_sum_whole(
            dtype.code, kept.rank, lengths, kept.strides[0], summed.rank, summed.lengths,
            summed.strides[0], from + kept.start(0) * width, to + kept.start(1) * width,
            context.stopWord),
          on: dtype, in: operation)
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
