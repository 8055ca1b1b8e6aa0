import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Copies elements of `width` bytes with the strides of `loop`: the first tensor's from, the
  /// second's to.
  private static func copy(
    _ loop: StridedLoop, width: Int, from: UnsafeMutableRawPointer, to: UnsafeMutableRawPointer,
    _ context: RunContext
  ) -> Instruction {
    {
      loop.inPieces(tile: 32, asking: context) { lengths in
        ck_copy_walk(
          Int32(width), loop.rank, lengths, loop.strides[0], loop.strides[1],
          from + loop.start(0) * width, to + loop.start(1) * width)
      }
    }
  }

  /// Repeats `x` along the axes that `y` stretches; copies it where it stretches none.
  static func broadcast(
    _ x: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    let loop = StridedLoop(
      lengths: y.shape.axes,
      strides: [x.strides(broadcastTo: y.shape), y.shape.strides])
    return copy(loop, width: y.dtype.byteWidth, from: x.pointer, to: y.pointer, context)
  }

  /// Copies in square tiles where rows become columns.
  static func permute(
    _ x: BufferView, order: [Int], into y: BufferView, context: RunContext
  ) -> Instruction {
    let own = x.strides
    let loop = StridedLoop(
      lengths: y.shape.axes, strides: [order.map { own[$0] }, y.shape.strides], transposing: true)
    return copy(loop, width: y.dtype.byteWidth, from: x.pointer, to: y.pointer, context)
  }

  /// Copies one part after the other.
  static func concat(
    _ parts: [BufferView], axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = y.around(axis)
    let width = y.dtype.byteWidth
    var start = 0
    var copies: [Instruction] = []
    for part in parts {
      let run = part.shape[axis] * inner
      if part.count > 0 {
        let loop = StridedLoop(lengths: [outer, run], strides: [[run, 1], [length * inner, 1]])
        copies.append(
          copy(loop, width: width, from: part.pointer, to: y.pointer + start * width, context))
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
  static func slice(
    _ x: BufferView, _ slices: [AxisSlice], into y: BufferView, context: RunContext
  ) -> Instruction {
    let width = y.dtype.byteWidth
    let (start, strides) = region(of: x.shape, slices)
    let loop = StridedLoop(lengths: slices.map(\.count), strides: [strides, y.shape.strides])
    return copy(loop, width: width, from: x.pointer + start * width, to: y.pointer, context)
  }

  /// The number first, then the operand behind the places before it.
  static func pad(
    _ x: BufferView, _ padding: [AxisPadding], with number: Double, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let slices = zip(padding, x.shape.axes).map { AxisSlice(start: $0.before, count: $1) }
    return unslice(x, slices, around: number, into: y, context: context)
  }

  /// A number, 0 unless given, first, then the slices.
  static func unslice(
    _ g: BufferView, _ slices: [AxisSlice], around number: Double = 0, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let width = y.dtype.byteWidth
    let around = fill(number, into: y, context: context)
    if g.count == 0 { return around }
    let (start, strides) = region(of: y.shape, slices)
    let loop = StridedLoop(
      lengths: slices.map(\.count), strides: [g.shape.strides, strides])
    let write = copy(
      loop, width: width, from: g.pointer, to: y.pointer + start * width, context)
    return {
      around()
      write()
    }
  }

  /// Copies whole stretches behind the axis; an index outside it is a fault.
  static func take(
    _ operation: Operation, _ x: BufferView, _ at: BufferView, axis: Int, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let (outer, length, inner) = x.around(axis)
    let (width, from, to, count) = (y.dtype.byteWidth, x.pointer, y.pointer, at.count)
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    if outer == 1 {
      // Positions, else what is before the axis, go in pieces.
      return Crew.alone(count: count, nanoseconds: Double(inner) + 3, asking: context) { part in
        let start = part.lowerBound
        let position = ck_take(
          Int32(width), from, indices + start, to + start * inner * width, 1, length, inner,
          part.count, context.stopWord)
        context.report(
          position < 0 ? position : position + start, of: indices, allowed: 0..<length,
          in: operation)
      }
    }
    let cost = Double(inner) * Double(count) + 3
    return Crew.alone(count: outer, nanoseconds: cost, asking: context) { part in
      let start = part.lowerBound
      let position = ck_take(
        Int32(width), from + start * length * inner * width, indices,
        to + start * count * inner * width, part.count, length, inner, count, context.stopWord)
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
    let (width, indices) = (y.dtype.byteWidth, at.pointer.assumingMemoryBound(to: Int32.self))
    let cost = Double(inner) * Double(count + length)
    return Crew.alone(count: outer, nanoseconds: cost, asking: context) { part in
      let start = part.lowerBound * inner * width
      let position = ck_take_adjoint(
        type, from + start * count, indices, to + start * length, part.count, length, inner, count,
        context.stopWord)
      context.report(position, of: indices, allowed: 0..<length, in: operation)
    }
  }

  /// An index that is no class is a fault.
  static func oneHot(
    _ operation: Operation, _ at: BufferView, classes: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (type, to, width) = (y.dtype.code, y.pointer, y.dtype.byteWidth)
    let indices = at.pointer.assumingMemoryBound(to: Int32.self)
    return Crew.alone(count: at.count, nanoseconds: Double(classes) + 3, asking: context) { part in
      let start = part.lowerBound
      let position = ck_one_hot(
        type, indices + start, to + start * classes * width, part.count, classes,
        context.stopWord)
      context.report(
        position < 0 ? position : position + start, of: indices, allowed: 0..<classes,
        in: operation)
    }
  }
}
