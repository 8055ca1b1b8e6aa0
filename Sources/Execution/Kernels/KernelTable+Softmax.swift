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
    return Crew.instruction(
      count: outer, nanoseconds: nanoseconds(ofRow: size, dtype), asking: context
    ) { part in
      body(part.lowerBound * bytes, part.count)
    }
  }

  private static func nanoseconds(ofRow size: Int, _ dtype: DType) -> Double {
    switch dtype {
    case .f32: Double(size) * 0.8
    case .f64, .f16, .bf16, .i32, .i64, .bool: Double(size) * 5
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

  /// Rows apart from each other, added in order; a label that is no class is a fault.
  static func crossEntropy(
    _ operation: Operation, _ x: BufferView, _ labels: BufferView, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    guard let type = x.dtype.floatingCode else { return {} }
    let (rows, classes) = (labels.count, x.shape.axes.last ?? 1)
    let (from, to, bytes) = (x.pointer, y.pointer, classes * x.dtype.byteWidth)
    let indices = labels.pointer.assumingMemoryBound(to: Int32.self)
    let losses = OrderedSum(
      of: rows, nanoseconds: nanoseconds(ofRow: classes, x.dtype), asking: context
    ) { part, losses in
      ck_cross_entropy(
        type, from + part.lowerBound * bytes, indices + part.lowerBound, losses, part.count,
        classes, context.stopWord)
    }
    return {
      let sum = losses.value()
      if context.isStopped { return }
      ck_fill(type, sum / Double(rows), to, 1)
      let position = firstOutside(indices, count: rows, classes)
      context.report(position, of: indices, allowed: 0..<classes, in: operation)
    }
  }

  /// The first label that is no class; −1 for none.
  private static func firstOutside(
    _ labels: UnsafePointer<Int32>, count: Int, _ classes: Int
  ) -> Int {
    for row in 0..<count where labels[row] < 0 || Int(labels[row]) >= classes { return row }
    return -1
  }

  /// Rows apart from each other; a label that is no class is a fault.
  static func crossEntropyAdjoint(
    _ operation: Operation, _ g: BufferView, _ x: BufferView, _ labels: BufferView,
    into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (count, classes) = (labels.count, x.shape.axes.last ?? 1)
    let (seed, from, to) = (g.pointer, x.pointer, y.pointer)
    let indices = labels.pointer.assumingMemoryBound(to: Int32.self)
    let slopes = rows(count, of: classes, x.dtype, context) { start, rows in
      let first = start / (classes * x.dtype.byteWidth)
      ck_cross_entropy_adjoint(
        type, seed, count, from + start, indices + first, to + start, rows, classes,
        context.stopWord)
    }
    return {
      slopes()
      if context.isStopped { return }
      let position = firstOutside(indices, count: count, classes)
      context.report(position, of: indices, allowed: 0..<classes, in: operation)
    }
  }
}
