import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Copies elements of `width` bytes with the strides of `loop`: the first tensor's from, the
  /// second's to.
  private static func copy(
    _ loop: StridedLoop, width: Int, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer
  ) -> Instruction {
    let width = Int32(width)
    return {
      ck_copy_walk(width, loop.rank, loop.lengths, loop.strides[0], loop.strides[1], from, to)
    }
  }

  /// Repeats `x` along the axes that `y` stretches; copies it where it stretches none.
  static func broadcast(_ x: BufferView, into y: BufferView) -> Instruction {
    let loop = StridedLoop(
      lengths: y.shape.axes,
      strides: [x.strides(broadcastTo: y.shape), y.shape.strides])
    return copy(loop, width: y.dtype.byteWidth, from: x.pointer, to: y.pointer)
  }

  /// Copies in square tiles where rows become columns.
  static func permute(_ x: BufferView, order: [Int], into y: BufferView) -> Instruction {
    let own = x.strides
    let loop = StridedLoop(
      lengths: y.shape.axes, strides: [order.map { own[$0] }, y.shape.strides], transposing: true)
    return copy(loop, width: y.dtype.byteWidth, from: x.pointer, to: y.pointer)
  }

  /// Copies one part after the other.
  static func concat(_ parts: [BufferView], axis: Int, into y: BufferView) -> Instruction {
    let (outer, length, inner) = y.around(axis)
    let width = y.dtype.byteWidth
    var start = 0
    var copies: [Instruction] = []
    for part in parts {
      let run = part.shape[axis] * inner
      if part.count > 0 {
        let loop = StridedLoop(lengths: [outer, run], strides: [[run, 1], [length * inner, 1]])
        copies.append(copy(loop, width: width, from: part.pointer, to: y.pointer + start * width))
      }
      start += run
    }
    let all = copies
    return { for copy in all { copy() } }
  }

  /// The element that the slices start at, and the strides along them.
  private static func region(
    of shape: Shape, _ slices: [AxisSlice]
  ) -> (start: Int, strides: [Int]) {
    let own = shape.strides
    var start = 0
    for axis in slices.indices { start &+= slices[axis].start &* own[axis] }
    return (start, slices.indices.map { slices[$0].step &* own[$0] })
  }

  /// Copies the entries of the slices, those of negative steps backwards.
  static func slice(_ x: BufferView, _ slices: [AxisSlice], into y: BufferView) -> Instruction {
    let width = y.dtype.byteWidth
    let (start, strides) = region(of: x.shape, slices)
    let loop = StridedLoop(lengths: slices.map(\.count), strides: [strides, y.shape.strides])
    return copy(loop, width: width, from: x.pointer + start * width, to: y.pointer)
  }

  /// Zeros first, then the slices.
  static func unslice(_ g: BufferView, _ slices: [AxisSlice], into y: BufferView) -> Instruction {
    let width = y.dtype.byteWidth
    let zeros = fill(0, into: y)
    if g.count == 0 { return zeros }
    let (start, strides) = region(of: y.shape, slices)
    let loop = StridedLoop(
      lengths: slices.map(\.count), strides: [g.shape.strides, strides])
    let write = copy(loop, width: width, from: g.pointer, to: y.pointer + start * width)
    return {
      zeros()
      write()
    }
  }

  /// Copies whole stretches behind the axis; an index outside it is a fault.
  static func take(
    _ operation: Operation, _ x: BufferView, _ at: BufferView, axis: Int, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (width, from, to, count) = (Int32(y.dtype.byteWidth), x.pointer, y.pointer, at.count)
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    return {
      let position = ck_take(width, from, indices, to, outer, length, inner, count)
      context.report(position, of: indices, allowed: 0..<length, in: operation)
    }
  }

  /// Zeros first, then sums in the order of the indices; an index outside the axis is a fault.
  static func takeAdjoint(
    _ operation: Operation, _ g: BufferView, _ at: BufferView, axis: Int, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = y.around(axis)
    let (type, from, to, count) = (y.dtype.code, g.pointer, y.pointer, at.count)
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    return {
      let position = ck_take_adjoint(type, from, indices, to, outer, length, inner, count)
      context.report(position, of: indices, allowed: 0..<length, in: operation)
    }
  }

  /// An index that is no class is a fault.
  static func oneHot(
    _ operation: Operation, _ at: BufferView, classes: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (type, to, count) = (y.dtype.code, y.pointer, at.count)
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    return {
      let position = ck_one_hot(type, indices, to, count, classes)
      context.report(position, of: indices, allowed: 0..<classes, in: operation)
    }
  }
}
