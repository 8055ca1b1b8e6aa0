import CKernels
import COpenBLAS
import Graphs
import Tensors

extension KernelTable {
  /// One product of plain matrices: `[m, k] × [k, n]`, operands as stored (before a transpose).
  private struct Product {
    /// Rows of the result, its columns, and the terms of each sum.
    let m: Int, n: Int, k: Int
    /// True where an operand is stored transposed.
    let transposeLeft: Bool, transposeRight: Bool
    /// Elements between neighbouring rows of an operand as stored.
    let leftRow: Int, rightRow: Int
    /// True where BLAS can index it.
    var fits: Bool { max(m, n, k, leftRow, rightRow) <= Int(Int32.max) }
    /// Rows and columns of the result that are computed together: some ten milliseconds of work,
    /// behind which a product may be asked to stop.
    var piece: (rows: Int, columns: Int) {
      let most = Double(1 << 29)
      guard Double(m) * Double(n) * Double(k) > most else { return (m, n) }
      /// As many lines of a result, each of so many multiply-adds, as `most` allows.
      func lines(_ all: Int, _ work: Double) -> Int {
        min(all, max(256, Int(min(most / work, Double(all))) & ~255))
      }
      let columns = lines(n, Double(min(m, 256)) * Double(k))
      return (lines(m, Double(columns) * Double(k)), columns)
    }
  }

  /// One product of BLAS where batches can be read as one tall matrix, else one a batch; integers
  /// are multiplied by a plain loop. An inner axis of length 0 gives zeros.
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
      rightRow: max(b.strides[ranks.1 - 2], b.shape[ranks.1 - 1]))
    if batch == 1 {
      let (from, with, to) = (a.pointer, b.pointer, y.pointer)
      let only = single(product, y.dtype, context)
      return { only(from, with, to) }
    }
    let width = y.dtype.byteWidth
    let (left, right) = (
      offsets(leftLead, Array(a.strides.dropLast(2)), in: lead),
      offsets(rightLead, Array(b.strides.dropLast(2)), in: lead)
    )
    let each = single(product, y.dtype, context)
    let (from, with, to) = (a.pointer, b.pointer, y.pointer)
    let size = product.m * product.n * width
    return {
      for index in 0..<batch where !context.isStopped {
        each(from + left[index] * width, with + right[index] * width, to + index * size)
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

  /// Multiplies the matrices at two places into a third.
  private typealias Multiply = (
    UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer
  ) -> Void

  private static func single(
    _ product: Product, _ dtype: DType, _ context: RunContext
  ) -> Multiply {
    guard product.fits, dtype.isFloating else { return plain(product, dtype, context) }
    let whole = blas(product, dtype)
    let width = dtype.byteWidth
    let (rows, columns) = product.piece
    if rows >= product.m, columns >= product.n {
      return { a, b, y in whole(a, b, y, Int32(product.m), Int32(product.n)) }
    }
    return { a, b, y in
      for i in stride(from: 0, to: product.m, by: rows) {
        for j in stride(from: 0, to: product.n, by: columns) where !context.isStopped {
          whole(
            a + i * width * (product.transposeLeft ? 1 : product.leftRow),
            b + j * width * (product.transposeRight ? product.rightRow : 1),
            y + (i * product.n + j) * width, Int32(min(rows, product.m - i)),
            Int32(min(columns, product.n - j)))
        }
      }
    }
  }

  /// Multiplies so many rows of the left operand by so many columns of the right one.
  private typealias MultiplyPart = (
    UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int32, Int32
  ) -> Void

  private static func blas(_ product: Product, _ dtype: DType) -> MultiplyPart {
    let (row, k) = (Int32(product.n), Int32(product.k))
    let left = product.transposeLeft ? CblasTrans : CblasNoTrans
    let right = product.transposeRight ? CblasTrans : CblasNoTrans
    let (leftRow, rightRow) = (Int32(product.leftRow), Int32(product.rightRow))
    switch dtype {
    case .f32:
      return { a, b, y, m, n in
        cblas_sgemm(
          CblasRowMajor, left, right, m, n, k, 1, a.assumingMemoryBound(to: Float.self),
          leftRow, b.assumingMemoryBound(to: Float.self), rightRow, 0,
          y.assumingMemoryBound(to: Float.self), row)
      }
    case .f64:
      return { a, b, y, m, n in
        cblas_dgemm(
          CblasRowMajor, left, right, m, n, k, 1, a.assumingMemoryBound(to: Double.self),
          leftRow, b.assumingMemoryBound(to: Double.self), rightRow, 0,
          y.assumingMemoryBound(to: Double.self), row)
      }
    // Those are multiplied by a plain loop.
    case .i32, .bool: return { _, _, _, _, _ in }
    }
  }

  /// Integers, and matrices with an axis that BLAS cannot count.
  private static func plain(
    _ product: Product, _ dtype: DType, _ context: RunContext
  ) -> Multiply {
    let (type, left, right) =
      (dtype.code, Int32(product.transposeLeft ? 1 : 0), Int32(product.transposeRight ? 1 : 0))
    let width = dtype.byteWidth
    // The loop reads a transposed left operand with as many columns as it computes rows.
    let rows = product.transposeLeft ? product.m : max(1, product.piece.rows / 8)
    return { a, b, y in
      for i in stride(from: 0, to: product.m, by: rows) where !context.isStopped {
        ck_matmul_plain(
          type, left, right, min(rows, product.m - i), product.n, product.k,
          a + i * product.k * width, b, y + i * product.n * width)
      }
    }
  }

  /// Bytes of address space that OpenBLAS maps for a thread's first product. It asks again and again
  /// where they cannot be had.
  private static let mappedByProducts = 128 << 20

  /// Has OpenBLAS map what products take, where the address space is limited: later products then
  /// need no more of it. False where there is no room.
  package static func prepareProducts() -> Bool {
    guard let left = AddressSpace.left else { return true }
    guard left > mappedByProducts + 1 << 20 else { return false }
    var (a, b, y) = (Float(1), Float(1), Float(0))
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, 1, 1, 1, 1, &a, 1, &b, 1, 0, &y, 1)
    return true
  }

  /// Threads for products and long loops, at least 1. Not to be called while instructions run.
  package static func setThreads(_ count: Int) {
    Crew.threads.store(max(count, 1), ordering: .relaxed)
    // Where address space is limited, OpenBLAS has one thread, since each maps as much.
    if AddressSpace.limit == nil { openblas_set_num_threads(Int32(clamping: max(count, 1))) }
  }
}
