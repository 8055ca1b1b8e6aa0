import CKernels
import Graphs
import Tensors

/// A node of a step that computes one or several.
struct FusedPart {
  /// An operand of it.
  enum Operand {
    /// What lies in memory.
    case outside(BufferView)
    /// What the part before it makes, read as this type.
    case inside(TensorType)
  }

  /// What it computes.
  let operation: Operation
  /// From what, in the operation's order.
  let operands: [Operand]
  /// What it makes first; `nil` for an update.
  let result: TensorType?
}

extension KernelTable {
  /// The instruction that computes the nodes of a step, which `Fusion` took together: of the last
  /// one the results are written.
  ///
  /// A product is computed piece by piece, each piece by all nodes in turn: in the result, or,
  /// where nothing of a product may be written, before an update or where the result takes over
  /// what is still read, in a tile that stays in cache. What an element is computed from, and in
  /// which order, is the same as alone, so that no bit depends on it. A sum is computed whole, in
  /// `scratch`, and what follows on that.
  static func instruction(
    for parts: [FusedPart], results: [BufferView], scratch: UnsafeMutableRawPointer?,
    context: RunContext
  ) -> Instruction {
    let head = parts[0]
    let operands = head.operands.compactMap(\.outside)
    if parts.count == 1 {
      return instruction(
        for: head.operation, operands: operands, results: results, scratch: scratch,
        context: context)
    }
    guard let made = head.result else {
      preconditionFailure("the head of a group makes a value")
    }
    if case .reduce = head.operation, let scratch {
      return inTurn(parts, made, results, scratch: scratch, context)
    }
    if case .matmul(let left, let right) = head.operation {
      let result = results.first.flatMap { result in
        parts.dropFirst().contains { $0.reads(result) } ? nil : result.pointer
      }
      let pieces = ProductPieces(
        operands[0], operands[1], transposeLeft: left, transposeRight: right, result: made,
        most: result == nil ? Int(CK_TILE_BYTES) / made.dtype.byteWidth : nil,
        goesOn: true)
      let tail = FusedTail(
        parts.dropFirst(), of: made, columns: pieces.product.n, into: results.first)
      return ProductWork(pieces, at: result, tail: tail, context).instruction
    }
    let first = head.takingFirst(of: made.shape)
    return chain(
      [first.part] + parts.dropFirst(), made, at: first.pointer, results, context)
  }

  /// The head whole, in the scratch; then the others, in its place.
  private static func inTurn(
    _ parts: [FusedPart], _ made: TensorType, _ results: [BufferView],
    scratch: UnsafeMutableRawPointer, _ context: RunContext
  ) -> Instruction {
    let head = instruction(
      for: parts[0].operation, operands: parts[0].operands.compactMap(\.outside),
      results: [BufferView(pointer: scratch, shape: made.shape, dtype: made.dtype)], scratch: nil,
      context: context)
    let others = chain(parts.dropFirst(), made, at: scratch, results, context)
    return {
      head()
      others()
    }
  }

  /// Elementwise operations on what lies at `from`, in rows where one of them reads a row, else in
  /// stretches.
  private static func chain(
    _ parts: ArraySlice<FusedPart>, _ made: TensorType, at from: UnsafeMutableRawPointer,
    _ results: [BufferView], _ context: RunContext
  ) -> Instruction {
    let (shape, dtype) = (made.shape, made.dtype)
    let hasRows = parts.contains { part in
      part.operands.contains { operand in
        operand.outside.map { $0.count > 1 && $0.count != shape.count } ?? false
      }
    }
    let columns = hasRows ? shape.axes.last ?? 1 : shape.count
    let rows = shape.count / columns
    let tail = FusedTail(parts, of: made, columns: columns, into: results.first)
    return ElementwiseWork(
      tail, at: from, rows: hasRows ? rows : nil, columns: columns, width: dtype.byteWidth,
      context
    ).instruction
  }
}

/// A tail alone: on rows of a matrix, or on stretches of elements, which threads share.
private final class ElementwiseWork: SharedWork {
  private let tail: FusedTail
  /// Where the first part reads.
  private let from: UnsafeMutableRawPointer
  private let hasRows: Bool
  private let (columns, width): (Int, Int)
  /// What the tail reads when it runs.
  private let running: RunContext

  /// On so many rows, or, without rows, on all of `columns` elements; `width` bytes each.
  init(
    _ tail: FusedTail, at from: UnsafeMutableRawPointer, rows: Int?, columns: Int, width: Int,
    _ context: RunContext
  ) {
    (self.tail, self.from, hasRows) = (tail, from, rows != nil)
    (self.columns, self.width, running) = (columns, width, context)
    let nanoseconds = tail.nanoseconds * (rows == nil ? 1 : Double(columns))
    super.init(count: rows ?? columns, nanoseconds: nanoseconds, asking: context)
  }

  override func run(_ part: Range<Int>) {
    let (rows, columns) = hasRows ? (part, 0..<columns) : (0..<1, part)
    let start = hasRows ? rows.lowerBound * columns.count : columns.lowerBound
    tail.run(
      from: from + start * width, pitch: columns.count, rows: rows, columns: columns, running)
  }
}

extension FusedPart.Operand {
  /// What lies in memory; `nil` for what is inside of the step.
  var outside: BufferView? {
    if case .outside(let view) = self { view } else { nil }
  }
}

extension FusedPart {
  /// True where it reads what lies where the result of the group goes.
  fileprivate func reads(_ result: BufferView) -> Bool {
    operands.contains { $0.outside?.pointer == result.pointer }
  }

  /// An elementwise part whose first operand of the result's shape counts as inside, and where that
  /// lies.
  fileprivate func takingFirst(
    of shape: Shape
  ) -> (part: FusedPart, pointer: UnsafeMutableRawPointer) {
    var place = operands.firstIndex { $0.outside?.shape == shape }
    // The sum so far is read where it lies.
    if case .accumulate = operation { place = 1 }
    guard let place, let view = operands[place].outside else {
      preconditionFailure("the head of a chain reads a tensor of its result's shape")
    }
    var operands = operands
    operands[place] = .inside(view.type)
    return (
      FusedPart(operation: operation, operands: operands, result: result), view.pointer
    )
  }
}
