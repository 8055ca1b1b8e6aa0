import CKernels
import Graphs
import Tensors

/// One product of plain matrices: `[m, k] × [k, n]`, operands as stored (before a transpose).
struct Product {
  /// Rows of the result, its columns, and the terms of each sum.
  let m: Int, n: Int, k: Int
  /// True where an operand is stored transposed.
  let transposeLeft: Bool, transposeRight: Bool
  let dtype: DType
  /// Elements between neighbouring rows of an operand as stored.
  let leftRow: Int, rightRow: Int

  /// Multiply-adds, as far as a number holds them.
  private var work: Double { Double(m) * Double(n) * Double(k) }

  /// About how many nanoseconds it takes on one thread: arithmetic, or reading and writing.
  var nanoseconds: Double {
    let width = Double(dtype.byteWidth)
    let numbers = Double(m) * Double(k) + Double(k) * Double(n) + Double(m) * Double(n)
    return max(work / KernelSet.current.multiplyAdds(of: dtype), numbers * width / 16)
  }

  /// Rows and columns of the pieces that are computed alone: of some microseconds, for several
  /// threads, up to a few milliseconds, behind which a product may be asked to stop. A piece reads
  /// all of its rows for each of its columns, so that few and wide ones come first.
  ///
  /// Where a product `goesOn` with more, a piece is of whole rows rather.
  func piece(goesOn: Bool) -> (rows: Int, columns: Int) {
    let nanoseconds = nanoseconds
    guard nanoseconds >= Crew.leastNanoseconds else { return (m, n) }
    if nanoseconds < 100_000 { return shortPiece(ofRows: goesOn) }
    let pieces = max(min(nanoseconds / 20_000, 16), nanoseconds / 4_000_000)
    /// As many lines, each of so many multiply-adds, as a piece has: a multiple of `step`.
    func lines(_ all: Int, _ width: Int, step: Int) -> Int {
      let count = work / pieces / (Double(width) * Double(k))
      return min(all, max(1, Int(min(count, Double(all)) / Double(step))) * step)
    }
    let columns = m > 504 ? min(n, 512) : lines(n, m, step: 64)
    let rows = lines(m, columns, step: m > 192 ? 96 : 48)
    guard rows < m || columns < n else { return halves }
    let stretches = (m - 1) / rows + 1
    if m <= 504 || stretches <= 2 { return (rows, columns) }
    // Each piece copies the right operand anew, so that few are best: an even number of one length,
    // which two threads end together.
    let few = max(8, Int(min(nanoseconds / 4_000_000, Double(m))))
    return ((m - 1) / (min(stretches, few) & ~1) + 1, columns)
  }

  /// Two pieces, which need not end together; one where there is nothing to share.
  private var halves: (rows: Int, columns: Int) {
    if n >= 64 { return (m, (n / 32 + 1) / 2 * 32) }
    return m >= 16 ? ((m + 1) / 2, n) : (m, n)
  }

  /// The pieces of a short product, which end together on two threads: stretches of columns, since
  /// no two then turn the same part of the right operand; of rows where there are few columns.
  private func shortPiece(ofRows: Bool) -> (rows: Int, columns: Int) {
    let pieces = Crew.parts(ofNanoseconds: nanoseconds)
    let strips = n / 32
    if ofRows, n <= 512, m >= 8 * pieces { return ((m + pieces - 1) / pieces, n) }
    if n % 32 == 0, strips % pieces == 0 { return (m, n / pieces) }
    if strips >= 4 * pieces { return (m, (strips + pieces - 1) / pieces * 32) }
    return m >= 8 * pieces ? ((m + pieces - 1) / pieces, n) : halves
  }

  /// Pieces of at most so many elements, for what goes on with each: of whole rows where they are
  /// not long, so that a piece is one stretch of memory, and an even number of them.
  func piece(most: Int) -> (rows: Int, columns: Int) {
    let columns = min(n, 512)
    let least = nanoseconds < Crew.leastNanoseconds || m < 16 ? 1 : 2
    let pieces = max(least, (m * columns - 1) / most + 1)
    return ((m - 1) / (pieces > 1 ? (pieces + 1) & ~1 : 1) + 1, columns)
  }

  /// Where the terms of some rows and columns lie.
  func factors(
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, rows: Range<Int>,
    columns: Range<Int>
  ) -> ck_factors {
    let width = dtype.byteWidth
    return ck_factors(
      terms: k, a: a + rows.lowerBound * width * (transposeLeft ? 1 : leftRow),
      a_row: transposeLeft ? 1 : leftRow, a_term: transposeLeft ? leftRow : 1,
      b: b + columns.lowerBound * width * (transposeRight ? rightRow : 1),
      b_term: transposeRight ? 1 : rightRow, b_column: transposeRight ? rightRow : 1)
  }
}

/// The products of two stacks of matrices, in pieces that are computed alone.
struct ProductPieces {
  /// One of the products.
  let product: Product
  /// How many there are.
  let batch: Int
  /// Rows and columns of a piece.
  let piece: (rows: Int, columns: Int)
  /// Where the operands lie.
  private let from: Spot, with: Spot
  /// For each product the byte where its own operands begin; none where there is one product.
  private let left: [Int], right: [Int]

  /// Operands as they are stored, of a result of this type; an inner axis is not empty. Pieces have
  /// at most `most` elements, where that is given, and are of whole rows rather where it `goesOn`
  /// with each.
  init(
    _ a: PlacedView, _ b: PlacedView, transposeLeft: Bool, transposeRight: Bool,
    result y: TensorType, most: Int? = nil, goesOn: Bool = false
  ) {
    let (ranks, rank) = ((a.shape.rank, b.shape.rank), y.shape.rank)
    let inner = a.shape[ranks.0 - (transposeLeft ? 2 : 1)]
    let lead = Shape(Array(y.shape.axes.dropLast(2)))
    let leftLead = Shape(Array(a.shape.axes.dropLast(2)))
    let rightLead = Shape(Array(b.shape.axes.dropLast(2)))
    var rows = y.shape[rank - 2]
    var batch = lead.count
    // A plain right operand: the rows of all left matrices make one tall matrix.
    var leftRow = a.strides[ranks.0 - 2]
    if batch > 1, !transposeLeft, rightLead.count == 1, leftLead.count == batch,
      let tall = a.shape.strides(a.strides, readAs: [rows * batch, inner])
    {
      rows *= batch
      batch = 1
      leftRow = tall[0]
    }
    product = Product(
      m: rows, n: y.shape[rank - 1], k: inner, transposeLeft: transposeLeft,
      transposeRight: transposeRight, dtype: y.dtype,
      leftRow: max(leftRow, a.shape[ranks.0 - 1]),
      rightRow: max(b.strides[ranks.1 - 2], b.shape[ranks.1 - 1]))
    self.batch = batch
    piece = most.map(product.piece(most:)) ?? product.piece(goesOn: goesOn)
    (from, with) = (a.spot, b.spot)
    let width = y.dtype.byteWidth
    func offsets(_ operand: Shape, _ strides: [Int]) -> [Int] {
      guard batch > 1 else { return [] }
      return ProductPieces.offsets(operand, Array(strides.dropLast(2)), in: lead)
        .map { $0 * width }
    }
    left = offsets(leftLead, a.strides)
    right = offsets(rightLead, b.strides)
  }

  /// Pieces beside each other.
  private var across: Int { (product.n - 1) / piece.columns + 1 }

  /// Pieces of one product.
  private var each: Int { across * ((product.m - 1) / piece.rows + 1) }

  /// Pieces in all.
  var count: Int { batch * each }

  /// About how many nanoseconds a piece takes on one thread.
  var nanoseconds: Double { product.nanoseconds / Double(each) }

  /// The product that a piece is of, and its rows and columns.
  func place(_ part: Int) -> (index: Int, rows: Range<Int>, columns: Range<Int>) {
    let (index, place) = part.quotientAndRemainder(dividingBy: each)
    let row = place / across * piece.rows
    let column = place % across * piece.columns
    return (
      index, row..<min(row + piece.rows, product.m),
      column..<min(column + piece.columns, product.n)
    )
  }

  /// Computes a piece at `y`, in rows `pitch` elements apart.
  func multiply(
    _ index: Int, rows: Range<Int>, columns: Range<Int>, at places: Places,
    into y: UnsafeMutableRawPointer, pitch: Int
  ) {
    let factors = factors(index, rows: rows, columns: columns, at: places)
    ck_product(
      product.dtype.code, rows.count, columns.count, product.k, factors.a, factors.a_row,
      factors.a_term, factors.b, factors.b_term, factors.b_column, y, pitch)
  }

  /// Where the terms of a piece lie.
  func factors(
    _ index: Int, rows: Range<Int>, columns: Range<Int>, at places: Places
  ) -> ck_factors {
    product.factors(
      from.pointer(places) + (left.isEmpty ? 0 : left[index]),
      with.pointer(places) + (right.isEmpty ? 0 : right[index]), rows: rows, columns: columns)
  }

  /// For each matrix of the result, in order, the element where the operand's matrix starts.
  private static func offsets(_ operand: Shape, _ own: [Int], in lead: Shape) -> [Int] {
    let strides = operand.spread(own, to: lead)
    var offsets = [0]
    for axis in lead.axes.indices {
      offsets = offsets.flatMap { base in
        (0..<lead[axis]).map { base + $0 * strides[axis] }
      }
    }
    return offsets
  }
}

extension KernelTable {
  /// One product where batches can be read as one tall matrix, else one a batch, in pieces that the
  /// threads share: each element of the result is one sum in the order of its terms, so that no
  /// bit depends on how many there are. An inner axis of length 0 gives zeros.
  static func matmul(
    _ a: BufferView, _ b: BufferView, transposeLeft: Bool, transposeRight: Bool,
    into y: BufferView, context: RunContext
  ) -> Instruction {
    let inner = a.shape[a.shape.rank - (transposeLeft ? 2 : 1)]
    if inner == 0 { return fill(0, into: y, context: context) }
    let pieces = ProductPieces(
      PlacedView(a, place: 0), PlacedView(b, place: 1), transposeLeft: transposeLeft,
      transposeRight: transposeRight, result: TensorType(y.shape, y.dtype))
    return ProductWork(pieces, at: Spot(2), context)
      .instruction(at: [a.pointer, b.pointer, y.pointer])
  }

  /// Threads for products and long loops, at least 1. Not to be called while instructions run.
  package static func setThreads(_ count: Int) {
    Crew.threads.store(max(count, 1), ordering: .relaxed)
  }
}
