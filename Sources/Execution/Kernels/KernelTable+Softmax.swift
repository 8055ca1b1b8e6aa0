import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Independent slabs of `size` elements; the body gets the byte where a part starts, and its
  /// slabs.
  private static func rows(
    _ outer: Int, of size: Int, _ dtype: DType, _ context: RunContext,
    body: @escaping (Int, Int) -> Void
  ) -> Instruction {
    let bytes = size * dtype.byteWidth
    let cost =
      switch dtype {
      case .f32: 0.8
      case .f64, .i32, .bool: 5.0
      }
    return Crew.instruction(
      count: outer, nanoseconds: Double(size) * cost, asking: context
    ) { part in
      body(part.lowerBound * bytes, part.count)
    }
  }

  /// The greatest of each row is taken off before `exp`, so that none overflows.
  static func softmax(
    _ x: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = x.around(axis)
    let (from, to) = (x.pointer, y.pointer)
    return rows(outer, of: length * inner, y.dtype, context) { start, count in
      ck_softmax(type, from + start, to + start, count, length, inner, context.stopWord)
    }
  }

  /// s · (g − Σ g·s) along the axis, where s is the softmax.
  static func softmaxAdjoint(
    _ g: BufferView, _ s: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = s.around(axis)
    let (from, value, to) = (g.pointer, s.pointer, y.pointer)
    return rows(outer, of: length * inner, y.dtype, context) { start, count in
      ck_softmax_adjoint(
        type, from + start, value + start, to + start, count, length, inner, context.stopWord)
    }
  }

  /// x − log Σ exp x along the axis.
  static func logSoftmax(
    _ x: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = x.around(axis)
    let (from, to) = (x.pointer, y.pointer)
    return rows(outer, of: length * inner, y.dtype, context) { start, count in
      ck_log_softmax(type, from + start, to + start, count, length, inner, context.stopWord)
    }
  }

  /// g − exp(l) · Σ g along the axis, where l is the log-softmax.
  static func logSoftmaxAdjoint(
    _ g: BufferView, _ l: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = l.around(axis)
    let (from, value, to) = (g.pointer, l.pointer, y.pointer)
    return rows(outer, of: length * inner, y.dtype, context) { start, count in
      ck_log_softmax_adjoint(
        type, from + start, value + start, to + start, count, length, inner, context.stopWord)
    }
  }

  /// log Σ exp x along the axis.
  static func logSumExp(
    _ x: BufferView, axis: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (outer, length, inner) = x.around(axis)
    let (from, to) = (x.pointer, y.pointer)
    return rows(outer, of: length * inner, y.dtype, context) { start, count in
      let row = length > 0 ? start / length : 0
      ck_log_sum_exp(type, from + start, to + row, count, length, inner, context.stopWord)
    }
  }

  /// On one thread; a label that is no class is a fault.
  static func crossEntropy(
    _ operation: Operation, _ x: BufferView, _ labels: BufferView, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (rows, classes) = (labels.count, x.shape.axes.last ?? 1)
    let (from, to) = (x.pointer, y.pointer)
    let indices = labels.pointer.assumingMemoryBound(to: Int32.self)
    return {
      let position = ck_cross_entropy(
        type, from, indices, to, rows, classes, context.stopWord)
      context.report(position, of: indices, allowed: 0..<classes, in: operation)
    }
  }

  /// On one thread; a label that is no class is a fault.
  static func crossEntropyAdjoint(
    _ operation: Operation, _ g: BufferView, _ x: BufferView, _ labels: BufferView,
    into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (rows, classes) = (labels.count, x.shape.axes.last ?? 1)
    let (seed, from, to) = (g.pointer, x.pointer, y.pointer)
    let indices = labels.pointer.assumingMemoryBound(to: Int32.self)
    return {
      let position = ck_cross_entropy_adjoint(
        type, seed, from, indices, to, rows, classes, context.stopWord)
      context.report(position, of: indices, allowed: 0..<classes, in: operation)
    }
  }
}
