import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Scores of some classes at a time: a product, then what it adds to the sums of each row.
  static func linearCrossEntropy(
    _ operation: Operation, _ rule: LabelRule, pieces: Int, _ operands: [BufferView],
    into results: [BufferView], scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    guard let scratch else { return {} }
    let scores = PiecewiseScores(operands[0], operands[1], pieces: pieces)
    let rows = LabelRows(
      operands[2], rule, classes: scores.classes, type: operands[0].dtype, state: scratch)
    let room = scratch + rows.stateBytes
    let parts = scores.parts.map { part in
      [scores.product(part, into: room, context), rows.scan(room, part, context)]
    }
    let (loss, sums) = (results[0].pointer, results[1].pointer)
    return {
      for part in parts { for instruction in part where !context.isStopped { instruction() } }
      rows.finish(into: loss, sums: sums, operation, context)
    }
  }

  /// Computes the scores of each part again, makes slopes of them in their place, and adds what
  /// these give to the adjoints.
  static func linearCrossEntropyAdjoint(
    _ operation: Operation, _ wanted: [ProductPart], _ rule: LabelRule, pieces: Int,
    _ operands: [BufferView], into results: [BufferView], scratch: UnsafeMutableRawPointer?,
    context: RunContext
  ) -> Instruction {
    guard let scratch else { return {} }
    let (g, x, w, labels, sums) = (
      operands[0], operands[1], operands[2], operands[3], operands[4]
    )
    let scores = PiecewiseScores(x, w, pieces: pieces)
    let rows = LabelRows(labels, rule, classes: scores.classes, type: x.dtype, state: scratch)
    func result(_ part: ProductPart) -> BufferView? {
      wanted.firstIndex(of: part).map { results[$0] }
    }
    var instructions: [Instruction] = []
    if let y = result(.x) {
      instructions.append { ck_fill(y.dtype.code, 0, y.pointer, y.count) }
    }
    for part in scores.parts {
      instructions += [
        scores.product(part, into: scratch, context),
        rows.slopes(of: g, scratch, part, sums: sums.pointer, into: scratch, context),
      ]
      if let y = result(.x) {
        instructions.append(scores.addAdjoint(of: part, scratch, to: y.pointer, context))
      }
      if let y = result(.w) {
        instructions.append(scores.weightAdjoint(of: part, scratch, into: y.pointer, context))
      }
    }
    return { for instruction in instructions where !context.isStopped { instruction() } }
  }
}

/// Products of rows x [n, size] with weights [size, classes], of some columns at a time.
struct PiecewiseScores {
  private let x: BufferView, w: BufferView
  private let rows: Int, size: Int
  let classes: Int
  /// The classes of each piece: the last has fewer where they do not divide.
  let parts: [Range<Int>]

  /// Views of contiguous operands, cut into so many pieces.
  init(_ x: BufferView, _ w: BufferView, pieces: Int) {
    (self.x, self.w) = (x, w)
    (size, classes) = (w.shape[0], w.shape[1])
    rows = x.shape.axes.dropLast().reduce(1, *)
    parts = Self.parts(of: classes, pieces: pieces)
  }

  /// So many classes in at most so many pieces.
  static func parts(of classes: Int, pieces: Int) -> [Range<Int>] {
    let width = (classes - 1) / max(pieces, 1) + 1
    return stride(from: 0, to: classes, by: width).map { $0..<min($0 + width, classes) }
  }

  /// Bytes of the scores of the widest piece.
  static func bytes(rows: Int, classes: Int, pieces: Int, _ dtype: DType) -> Int {
    rows * (parts(of: classes, pieces: pieces).first?.count ?? 0) * dtype.byteWidth
  }

  /// Splits a product over its rows, each of which takes so many multiply-adds.
  private func overRows(
    _ count: Int, work: Int, _ context: RunContext, _ body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let rate: Double = KernelSet.current == .plain ? 1 : x.dtype == .f32 ? 50 : 25
    return Crew.instruction(
      count: count, nanoseconds: Double(work) / rate, asking: context, body: body)
  }

  /// The scores of a piece, row by row.
  func product(
    _ part: Range<Int>, into y: UnsafeMutableRawPointer, _ context: RunContext
  ) -> Instruction {
    let (type, width) = (x.dtype.code, x.dtype.byteWidth)
    return overRows(rows, work: size * part.count, context) { range in
      ck_product(
        type, range.count, part.count, size, x.pointer + range.lowerBound * size * width, size, 1,
        w.pointer + part.lowerBound * width, classes, 1,
        y + range.lowerBound * part.count * width, part.count)
    }
  }

  /// Adds slopes @ wᵀ to the adjoint of x: over all pieces, one chain of sums for each element.
  func addAdjoint(
    of part: Range<Int>, _ slopes: UnsafeMutableRawPointer, to y: UnsafeMutableRawPointer,
    _ context: RunContext
  ) -> Instruction {
    let (type, width) = (x.dtype.code, x.dtype.byteWidth)
    return overRows(rows, work: size * part.count, context) { range in
      ck_product_add(
        type, range.count, size, part.count,
        slopes + range.lowerBound * part.count * width, part.count, 1,
        w.pointer + part.lowerBound * width, 1, classes,
        y + range.lowerBound * size * width, size)
    }
  }

  /// xᵀ @ slopes: the columns of the piece of the adjoint of w.
  func weightAdjoint(
    of part: Range<Int>, _ slopes: UnsafeMutableRawPointer, into y: UnsafeMutableRawPointer,
    _ context: RunContext
  ) -> Instruction {
    let (type, width) = (x.dtype.code, x.dtype.byteWidth)
    return overRows(size, work: rows * part.count, context) { range in
      ck_product(
        type, range.count, part.count, rows, x.pointer + range.lowerBound * width, 1, size,
        slopes, part.count, 1,
        y + (range.lowerBound * classes + part.lowerBound) * width, classes)
    }
  }
}
