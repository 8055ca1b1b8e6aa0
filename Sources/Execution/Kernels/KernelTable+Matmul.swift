import CKernels
import Graphs
import Tensors

/// One product of plain matrices: `[m, k] × [k, n]`, operands as stored (before a transpose).
private struct Product {
  /// Rows of the result, its columns, and the terms of each sum.
  let m: Int, n: Int, k: Int
  /// True where an operand is stored transposed.
  let transposeLeft: Bool, transposeRight: Bool
  /// Elements between neighbouring rows of an operand as stored.
  let leftRow: Int, rightRow: Int
  let dtype: DType

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
  var piece: (rows: Int, columns: Int) {
    let nanoseconds = nanoseconds
    guard nanoseconds >= Crew.leastNanoseconds else { return (m, n) }
    if nanoseconds < 100_000 { return shortPiece }
    let pieces = max(min(nanoseconds / 20_000, 16), nanoseconds / 4_000_000)
    /// As many lines, each of so many multiply-adds, as a piece has: a multiple of `step`.
    func lines(_ all: Int, _ width: Int, step: Int) -> Int {
      let count = work / pieces / (Double(width) * Double(k))
      return min(all, max(1, Int(min(count, Double(all)) / Double(step))) * step)
    }
    let columns = m > 504 ? min(n, 512) : lines(n, m, step: 64)
    return (lines(m, columns, step: m > 192 ? 96 : 48), columns)
  }

  /// The pieces of a short product, which end together on two threads: stretches of columns, since
  /// no two then turn the same part of the right operand; of rows where there are few columns.
  private var shortPiece: (rows: Int, columns: Int) {
    let pieces = Crew.parts(ofNanoseconds: nanoseconds)
    let strips = n / 32
    if n % 32 == 0, strips % pieces == 0 { return (m, n / pieces) }
    if strips >= 4 * pieces { return (m, (strips + pieces - 1) / pieces * 32) }
    return m >= 8 * pieces ? ((m + pieces - 1) / pieces, n) : (m, n)
  }

  /// Multiplies some rows of the matrix at `a` by some columns of that at `b`, into those of `y`.
  func multiply(
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, into y: UnsafeMutableRawPointer,
    rows: Range<Int>, columns: Range<Int>
  ) {
    let width = dtype.byteWidth
    ck_product(
      dtype.code, rows.count, columns.count, k,
      a + rows.lowerBound * width * (transposeLeft ? 1 : leftRow),
      transposeLeft ? 1 : leftRow, transposeLeft ? leftRow : 1,
      b + columns.lowerBound * width * (transposeRight ? rightRow : 1),
      transposeRight ? 1 : rightRow, transposeRight ? rightRow : 1,
      y + (rows.lowerBound * n + columns.lowerBound) * width, n)
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
    let (ranks, rank) = ((a.shape.rank, b.shape.rank), y.shape.rank)
    let inner = a.shape[ranks.0 - (transposeLeft ? 2 : 1)]
    if inner == 0 { return fill(0, into: y, context: context) }
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
    let product = Product(
      m: rows, n: y.shape[rank - 1], k: inner, transposeLeft: transposeLeft,
      transposeRight: transposeRight, leftRow: max(leftRow, a.shape[ranks.0 - 1]),
      rightRow: max(b.strides[ranks.1 - 2], b.shape[ranks.1 - 1]), dtype: y.dtype)
    let piece = product.piece
    let (from, with, to) = (a.pointer, b.pointer, y.pointer)
    if batch == 1, piece == (product.m, product.n) {
      let (rows, columns) = (0..<product.m, 0..<product.n)
      return { product.multiply(from, with, into: to, rows: rows, columns: columns) }
    }
    let across = (product.n - 1) / piece.columns + 1
    let pieces = across * ((product.m - 1) / piece.rows + 1)
    if batch == 1 {
      return Crew.instruction(
        count: pieces, nanoseconds: product.nanoseconds / Double(pieces), asking: context
      ) { parts in
        for part in parts {
          let row = part / across * piece.rows
          let column = part % across * piece.columns
          product.multiply(
            from, with, into: to, rows: row..<min(row + piece.rows, product.m),
            columns: column..<min(column + piece.columns, product.n))
        }
      }
    }
    let width = y.dtype.byteWidth
    let (left, right) = (
      offsets(leftLead, Array(a.strides.dropLast(2)), in: lead),
      offsets(rightLead, Array(b.strides.dropLast(2)), in: lead)
    )
    let size = product.m * product.n * width
    return Crew.instruction(
      count: batch * pieces, nanoseconds: product.nanoseconds / Double(pieces), asking: context
    ) { parts in
      for part in parts {
        let (index, place) = part.quotientAndRemainder(dividingBy: pieces)
        let row = place / across * piece.rows
        let column = place % across * piece.columns
        product.multiply(
          from + left[index] * width, with + right[index] * width, into: to + index * size,
          rows: row..<min(row + piece.rows, product.m),
          columns: column..<min(column + piece.columns, product.n))
      }
    }
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

  /// Threads for products and long loops, at least 1. Not to be called while instructions run.
  package static func setThreads(_ count: Int) {
    Crew.threads.store(max(count, 1), ordering: .relaxed)
  }
}
