import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// About how long an element takes, on a processor of 2023: two passes that read, and one that
  /// writes.
  private static let nanoseconds = 0.4

  /// Rows are split over the cores; each writes its statistics besides. Those of an `rms` norm have
  /// no mean, and its operands no offset.
  static func layerNorm(
    _ operands: [BufferView], epsilon: Double, into results: [BufferView], context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    let size = operands[1].count
    let rows = results[1].count
    let width = results[0].dtype.byteWidth
    let (x, gain) = (operands[0].pointer, operands[1].pointer)
    let offset = operands.count > 2 ? operands[2].pointer : nil
    let (y, scale) = (results[0].pointer, results[results.count - 1].pointer)
    let mean = results.count > 2 ? results[1].pointer : nil
    return Crew.instruction(
      count: rows, nanoseconds: Double(size) * nanoseconds, asking: context
    ) { part in
      let (row, start) = (part.lowerBound * width, part.lowerBound * size * width)
      ck_layer_norm(
        type, epsilon, x + start, gain, offset, y + start, mean.map { $0 + row }, scale + row,
        part.count, size, context.stopWord)
    }
  }

  /// The adjoint of rows of short floats: their means are found again, in the scratch, first.
  static func layerNormAdjointWithMeans(
    _ operation: Operation, _ operands: [BufferView], _ results: [BufferView],
    _ scratch: UnsafeMutableRawPointer, _ context: RunContext
  ) -> Instruction {
    let (x, scale) = (operands[1], operands[3])
    let mean = BufferView(pointer: scratch, shape: scale.shape, dtype: scale.dtype)
    let means = reduce(
      operation, .average, x, axes: [x.shape.rank - 1], into: mean, scratch: nil, context: context)
    let adjoint = instruction(
      for: operation, operands: Array(operands.prefix(3)) + [mean, scale], results: results,
      scratch: scratch + scale.shape.byteCount(of: scale.dtype).lines, context: context)
    return {
      means()
      adjoint()
    }
  }

  /// Sums over rows first, a range of columns a thread: the adjoint of x may take over what they
  /// read.
  static func layerNormAdjoint(
    _ operands: [BufferView], _ parts: [NormalizationPart], into results: [BufferView],
    context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    func result(_ part: NormalizationPart) -> UnsafeMutableRawPointer? {
      parts.firstIndex(of: part).map { results[$0].pointer }
    }
    let width = results[0].dtype.byteWidth
    let (rows, size) = (operands[3].count, operands[2].count)
    let (g, x, gain) = (operands[0].pointer, operands[1].pointer, operands[2].pointer)
    let mean = operands.count > 4 ? operands[3].pointer : nil
    let scale = operands[operands.count - 1].pointer
    let (gains, offsets) = (result(.gain), result(.offset))
    let sums =
      gains == nil && offsets == nil
      ? nil
      : Crew.instruction(
        count: size, nanoseconds: Double(rows) * nanoseconds, asking: context
      ) { part in
        ck_layer_norm_sums(
          type, g, x, mean, scale, gains, offsets, rows, size, part.lowerBound, part.count,
          context.stopWord)
      }
    let adjoint = result(.x).map { y in
      Crew.instruction(
        count: rows, nanoseconds: Double(size) * nanoseconds, asking: context
      ) { part in
        let (row, start) = (part.lowerBound * width, part.lowerBound * size * width)
        ck_layer_norm_adjoint(
          type, g + start, x + start, gain, mean.map { $0 + row }, scale + row, y + start,
          part.count, size, context.stopWord)
      }
    }
    return {
      sums?()
      adjoint?()
    }
  }
}
