import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// What is before the axis goes in pieces; an index outside the axis is a fault.
  static func gather(
    _ operation: Operation, _ x: BufferView, _ at: BufferView, axis: Int, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (width, from, to, count) = (y.dtype.byteWidth, x.pointer, y.pointer, at.shape[axis])
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    let size = count * inner
    return Crew.alone(count: outer, nanoseconds: 2 * Double(size), asking: context) { part in
      let start = part.lowerBound
      let position = ck_gather(
        Int32(width), from + start * length * inner * width, indices + start * size,
        to + start * size * width, part.count, length, inner, count)
      context.report(
        position < 0 ? position : position + start * size, of: indices, allowed: 0..<length,
        in: operation)
    }
  }

  /// Zeros first, then sums in the order of the indices; an index outside the axis is a fault.
  static func gatherAdjoint(
    _ operation: Operation, _ g: BufferView, _ at: BufferView, axis: Int, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = y.around(axis)
    let (width, from, to, count) = (y.dtype.byteWidth, g.pointer, y.pointer, at.shape[axis])
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    let size = count * inner
    let cost = 2 * Double(size) + Double(length * inner)
    return Crew.alone(count: outer, nanoseconds: cost, asking: context) { part in
      let start = part.lowerBound
      let position = ck_gather_adjoint(
        type, from + start * size * width, indices + start * size,
        to + start * length * inner * width, part.count, length, inner, count)
      context.report(
        position < 0 ? position : position + start * size, of: indices, allowed: 0..<length,
        in: operation)
    }
  }

  /// Rows are split over the cores.
  static func topIndices(
    _ x: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = x.dtype.floatingCode, let length = x.shape.axes.last,
      let count = y.shape.axes.last, count > 0
    else { return {} }
    let (from, width) = (x.pointer, x.dtype.byteWidth)
    let to = y.pointer.assumingMemoryBound(to: Int32.self)
    return Crew.instruction(
      count: y.count / count, nanoseconds: 3 * Double(length), asking: context
    ) { part in
      let row = part.lowerBound
      ck_top_indices(
        type, from + row * length * width, to + row * count, part.count, length, count)
    }
  }

  /// Each sum adds its terms in order. Where there is nothing before the axis, its entries go in
  /// pieces, one after the other.
  static func cumulativeSum(
    _ x: BufferView, axis: Int, reversed: Bool, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = x.around(axis)
    let (from, to, back, size) = (x.pointer, y.pointer, Int32(reversed ? 1 : 0), length * inner)
    if outer == 1 {
      return Crew.alone(count: length, nanoseconds: 2 * Double(inner), asking: context) { part in
        ck_cumulative_sum(type, back, from, to, 1, length, inner, part.lowerBound, part.count)
      }
    }
    let width = y.dtype.byteWidth
    return Crew.instruction(count: outer, nanoseconds: 2 * Double(size), asking: context) { part in
      let start = part.lowerBound * size * width
      ck_cumulative_sum(type, back, from + start, to + start, part.count, length, inner, 0, length)
    }
  }

  /// Rows go in pieces.
  static func triangle(
    _ x: BufferView, upper: Bool, diagonal: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    let rank = x.shape.rank
    let (rows, columns) = (x.shape[rank - 2], x.shape[rank - 1])
    let (width, from, to) = (x.dtype.byteWidth, x.pointer, y.pointer)
    guard x.count > 0 else { return {} }
    return Crew.instruction(
      count: x.count / columns, nanoseconds: 0.3 * Double(columns), asking: context
    ) { part in
      for row in part {
        // The first column on or above the diagonal.
        let edge = min(max((row % rows + (upper ? 0 : 1)).saturatingAdd(diagonal), 0), columns)
        let kept = upper ? edge..<columns : 0..<edge
        let (source, target) = (from + row * columns * width, to + row * columns * width)
        if source != target {
          (target + kept.lowerBound * width).copyMemory(
            from: source + kept.lowerBound * width, byteCount: kept.count * width)
        }
        let zeros = upper ? 0..<edge : edge..<columns
        (target + zeros.lowerBound * width).initializeMemory(
          as: UInt8.self, repeating: 0, count: zeros.count * width)
      }
    }
  }
}
