import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Parts of the pairs apart from each other, added in order.
  static func pairLoss(
    _ loss: PairLoss, _ a: BufferView, _ b: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (code, delta, count) = (loss.code, loss.delta, a.count)
    let (first, second, to) = (a.pointer, b.pointer, y.pointer)
    let (size, width) = (Int(CK_LOSS_PART), a.dtype.byteWidth)
    let sums = OrderedSum(
      of: (count + size - 1) / size, nanoseconds: Double(size), asking: context
    ) { parts, sums in
      let pairs = parts.lowerBound * size..<min(parts.upperBound * size, count)
      let start = pairs.lowerBound * width
      ck_pair_loss(
        code, type, delta, first + start, second + start, sums, pairs.count, context.stopWord)
    }
    return { ck_fill(type, sums.value() / Double(count), to, 1) }
  }

  /// Each pair's alone.
  static func pairLossAdjoint(
    _ loss: PairLoss, _ operands: [BufferView], into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (code, delta, width) = (loss.code, loss.delta, y.dtype.byteWidth)
    let (g, a, b, to) = (operands[0], operands[1].pointer, operands[2].pointer, y.pointer)
    let count = Double(y.count)
    return Crew.instruction(count: y.count, nanoseconds: 1, asking: context) { part in
      let start = part.lowerBound * width
      ck_pair_loss_adjoint(
        code, type, g.number / count, delta, a + start, b + start, to + start, part.count)
    }
  }

  /// A cross entropy whose labels are read by a rule: all classes in one piece.
  static func crossEntropy(
    _ operation: Operation, _ rule: LabelRule, _ x: BufferView, _ labels: BufferView,
    into y: BufferView, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    guard let scratch else { return {} }
    let rows = LabelRows(
      labels, rule, classes: x.shape.axes.last ?? 1, type: y.dtype, state: scratch)
    let (from, to) = (x.pointer, y.pointer)
    let scan = rows.scan(from, 0..<rows.classes, context)
    return {
      scan()
      rows.finish(into: to, sums: nil, operation, context)
    }
  }

  /// The same for its adjoint; it may take over the logits.
  static func crossEntropyAdjoint(
    _ operation: Operation, _ rule: LabelRule, _ operands: [BufferView], into y: BufferView,
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    guard let scratch else { return {} }
    let (g, x, labels) = (operands[0], operands[1], operands[2])
    let rows = LabelRows(
      labels, rule, classes: x.shape.axes.last ?? 1, type: y.dtype, state: scratch)
    let sums = scratch + rows.stateBytes
    let (from, to) = (x.pointer, y.pointer)
    let scan = rows.scan(from, 0..<rows.classes, context)
    let slopes = rows.slopes(of: g, from, 0..<rows.classes, sums: sums, into: to, context)
    return {
      scan()
      // The loss goes to the first place of the state, which nobody reads after the sums.
      rows.finish(into: scratch, sums: sums, operation, context)
      slopes()
    }
  }
}

extension PairLoss {
  fileprivate var code: Int32 {
    switch self {
    case .binaryCrossEntropy: Int32(CK_BINARY_CROSS_ENTROPY.rawValue)
    case .absolute: Int32(CK_ABSOLUTE_ERROR.rawValue)
    case .huber: Int32(CK_HUBER.rawValue)
    }
  }
}

extension BufferView {
  /// The number in a scalar.
  var number: Double {
    dtype == .f32 ? Double(pointer.load(as: Float.self)) : pointer.load(as: Double.self)
  }
}

/// Rows of scores with labels, which a cross entropy goes through by some classes at a time.
struct LabelRows {
  let count: Int
  let classes: Int
  let dtype: DType
  private let type: Int32
  private let labels: UnsafeMutablePointer<Int32>
  private let smoothing: Double
  private let ignored: Int32?
  private let state: UnsafeMutablePointer<ck_label_row>

  /// Bytes of what is known of each row.
  static func stateBytes(rows: Int) -> Int { rows * MemoryLayout<ck_label_row>.stride }

  /// `state` has room for as much.
  init(
    _ labels: BufferView, _ rule: LabelRule, classes: Int, type dtype: DType,
    state: UnsafeMutableRawPointer
  ) {
    count = labels.count
    self.classes = classes
    self.dtype = dtype
    type = dtype.floatingCode ?? 0
    self.labels = labels.pointer.assumingMemoryBound(to: Int32.self)
    smoothing = rule.smoothing
    // What no i32 holds is no label of any row.
    ignored = rule.ignored.flatMap(Int32.init(exactly:))
    self.state = state.assumingMemoryBound(to: ck_label_row.self)
  }

  var stateBytes: Int { Self.stateBytes(rows: count) }

  /// Calls `body` with a pointer to the label that does not count; null for none.
  private func withIgnored<Result>(_ body: (UnsafePointer<Int32>?) -> Result) -> Result {
    guard var label = ignored else { return body(nil) }
    return body(&label)
  }

  private func eachRow(
    of width: Int, _ context: RunContext, _ body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let nanoseconds = Double(width) * (dtype == .f32 ? 1 : 5)
    return Crew.instruction(count: count, nanoseconds: nanoseconds, asking: context, body: body)
  }

  /// Adds some classes, whose scores lie at `x`, to what is known of each row.
  func scan(
    _ x: UnsafeMutableRawPointer, _ part: Range<Int>, _ context: RunContext
  ) -> Instruction {
    let bytes = part.count * dtype.byteWidth
    return eachRow(of: part.count, context) { rows in
      ck_label_rows(
        type, x + rows.lowerBound * bytes, part.count, part.lowerBound,
        labels + rows.lowerBound, state + rows.lowerBound, rows.count, context.stopWord)
    }
  }

  /// The loss, and the logarithm of each row's sum; a label that is no class is a fault.
  func finish(
    into y: UnsafeMutableRawPointer, sums: UnsafeMutableRawPointer?, _ operation: Operation,
    _ context: RunContext
  ) {
    let position = withIgnored {
      ck_label_loss(type, state, labels, $0, smoothing, y, sums, count, classes)
    }
    context.report(position, of: labels, allowed: 0..<classes, in: operation)
  }

  /// The slopes of the loss in some classes' scores, times g; they may take over the scores.
  func slopes(
    of g: BufferView, _ x: UnsafeMutableRawPointer, _ part: Range<Int>,
    sums: UnsafeMutableRawPointer, into y: UnsafeMutableRawPointer, _ context: RunContext
  ) -> Instruction {
    let (bytes, width) = (part.count * dtype.byteWidth, dtype.byteWidth)
    return eachRow(of: part.count, context) { rows in
      withIgnored { ignored in
        let share = g.number / Double(ck_label_count(labels, ignored, count))
        ck_label_slopes(
          type, share, x + rows.lowerBound * bytes, part.count, part.lowerBound, classes,
          labels + rows.lowerBound, ignored, smoothing, sums + rows.lowerBound * width,
          y + rows.lowerBound * bytes, rows.count, context.stopWord)
      }
    }
  }
}
