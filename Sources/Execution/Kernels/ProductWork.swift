import CKernels
import Tensors

/// The products of two stacks of matrices, piece by piece, each with what follows on it: threads
/// share the pieces.
///
/// A piece is computed in the result where that is given, else in a tile that stays in the cache.
final class ProductWork: SharedWork {
  private let pieces: ProductPieces
  private let result: Spot?
  private let tail: FusedTail?
  /// What the tail reads when it runs.
  private let running: RunContext

  /// Of two, `result` and `tail`, at least one is given; what a tail reads when it runs, `context`
  /// says.
  init(
    _ pieces: ProductPieces, at result: Spot?, tail: FusedTail? = nil,
    _ context: RunContext
  ) {
    self.pieces = pieces
    self.result = result
    self.tail = tail
    running = context
    let costs = Double(pieces.piece.rows * pieces.piece.columns) * (tail?.nanoseconds ?? 0)
    super.init(
      count: pieces.count, nanoseconds: pieces.nanoseconds + costs, asking: context)
  }

  override func run(_ parts: Range<Int>, at places: Places) {
    let (height, n) = (pieces.product.m, pieces.product.n)
    for part in parts {
      let (index, own, columns) = pieces.place(part)
      let first = index * height + own.lowerBound
      let rows = first..<first + own.count
      guard let result else {
        tail?.run(
          onProduct: pieces.factors(index, rows: own, columns: columns, at: places), rows: rows,
          columns: columns, places, running)
        continue
      }
      let place =
        result.pointer(places)
        + (first * n + columns.lowerBound) * pieces.product.dtype.byteWidth
      pieces.multiply(index, rows: own, columns: columns, at: places, into: place, pitch: n)
      tail?.run(from: place, pitch: n, rows: rows, columns: columns, places, running)
    }
  }
}
