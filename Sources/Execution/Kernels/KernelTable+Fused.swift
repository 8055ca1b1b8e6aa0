import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// The work of a call of several nodes, which `Fusion` took together, or of a product or a
  /// function of each element alone: what calls of layers that are alike share. `nil` for any other
  /// operation.
  ///
  /// A product is computed piece by piece, each piece by all nodes in turn: in the result, or,
  /// where nothing of a product may be written, before an update or where the result takes over
  /// what is still read, in a tile that stays in cache. What an element is computed from, and in
  /// which order, is the same as alone, so that no bit depends on it. A sum is computed whole, in
  /// the scratch, and what follows on that.
  static func work(of call: PlacedCall, context: RunContext) -> PlacedWork? {
    let head = call.parts[0]
    let others = call.parts.dropFirst()
    guard let made = head.result else { return nil }
    switch head.operation {
    case .matmul(let left, let right):
      if others.isEmpty, made.dtype.isShort || made.shape.count == 0 { return nil }
      let operands = head.operands.compactMap(\.outside)
      // Without a term a product is zeros.
      guard operands[0].shape[operands[0].shape.rank - (left ? 2 : 1)] > 0 else { return nil }
      let result = call.results.first
      let isInTiles = !others.isEmpty && (call.writesOver || result == nil)
      let pieces = ProductPieces(
        operands[0], operands[1], transposeLeft: left, transposeRight: right, result: made,
        most: isInTiles ? Int(CK_TILE_BYTES) / made.dtype.byteWidth : nil,
        goesOn: !others.isEmpty)
      let tail =
        others.isEmpty
        ? nil : FusedTail(others, of: made, columns: pieces.product.n, into: result)
      return ProductWork(pieces, at: isInTiles ? nil : result?.spot, tail: tail, context)
    case .reduce where !others.isEmpty:
      guard let scratch = call.scratch else {
        preconditionFailure("the head of a group that is a sum has scratch")
      }
      return SumWork(call, made, in: Spot(scratch), context)
    default:
      if others.isEmpty { return FunctionWork(head, into: call.results.first, context) }
      let first = head.takingFirst(of: made.shape)
      return ElementwiseWork(
        [first.part] + others, made, at: first.spot, into: call.results.first, context)
    }
  }
}

/// A sum whole, in the scratch; then the others, in its place.
private final class SumWork: PlacedWork {
  private let sum: StridedReduction
  private let (from, scratch): (Spot, Spot)
  private let others: ElementwiseWork
  private let context: RunContext

  /// That of a call whose head is a sum of this type.
  init(_ call: PlacedCall, _ made: TensorType, in scratch: Spot, _ context: RunContext) {
    guard case .reduce(let reduction, let axes, _) = call.parts[0].operation,
      let summed = call.parts[0].operands[0].outside
    else { preconditionFailure("a sum reads what lies in memory") }
    sum = StridedReduction(reduction, summed.type, axes: axes, into: made.dtype)
    from = summed.spot
    self.scratch = scratch
    self.context = context
    others = ElementwiseWork(
      Array(call.parts.dropFirst()), made, at: scratch, into: call.results.first, context)
  }

  override func run(at places: Places) {
    sum.run(from.pointer(places), into: scratch.pointer(places), context)
    others.run(at: places)
  }
}

/// A tail alone: on rows of a matrix, where one of its parts reads a row, or on stretches of
/// elements, which threads share.
private final class ElementwiseWork: SharedWork {
  private let tail: FusedTail
  /// Where the first part reads.
  private let from: Spot
  private let hasRows: Bool
  private let (columns, width): (Int, Int)
  /// What the tail reads when it runs.
  private let running: RunContext

  /// Operations on what lies at `from`, of a type; the last one's result goes to `result`.
  init(
    _ parts: [FusedPart], _ made: TensorType, at from: Spot, into result: PlacedView?,
    _ context: RunContext
  ) {
    let count = made.shape.count
    hasRows = parts.contains { part in
      part.operands.contains { operand in
        operand.outside.map { $0.count > 1 && $0.count != count } ?? false
      }
    }
    columns = hasRows ? made.shape.axes.last ?? 1 : count
    width = made.dtype.byteWidth
    tail = FusedTail(parts[...], of: made, columns: columns, into: result)
    (self.from, running) = (from, context)
    super.init(
      count: hasRows ? count / columns : columns,
      nanoseconds: tail.nanoseconds * (hasRows ? Double(columns) : 1), asking: context)
  }

  override func run(_ part: Range<Int>, at places: Places) {
    let (rows, columns) = hasRows ? (part, 0..<columns) : (0..<1, part)
    let start = hasRows ? rows.lowerBound * columns.count : columns.lowerBound
    tail.run(
      from: from.pointer(places) + start * width, pitch: columns.count, rows: rows,
      columns: columns, places, running)
  }
}

extension FusedPart {
  /// An elementwise part whose first operand of the result's shape counts as inside, and where that
  /// lies.
  fileprivate func takingFirst(of shape: Shape) -> (part: FusedPart, spot: Spot) {
    var place = operands.firstIndex { $0.outside?.shape == shape }
    // The sum so far is read where it lies.
    if case .accumulate = operation { place = 1 }
    guard let place, let view = operands[place].outside else {
      preconditionFailure("the head of a chain reads a tensor of its result's shape")
    }
    var operands = operands
    operands[place] = .inside(view.type)
    return (FusedPart(operation: operation, operands: operands, result: result), view.spot)
  }
}
