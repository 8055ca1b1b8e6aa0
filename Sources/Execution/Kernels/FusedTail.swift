import CKernels
import Graphs
import Tensors

/// What the parts of a group do, one after the other, with a piece of what its head made: rows and
/// columns of a matrix whose last axis is that of the result.
struct FusedTail {
  /// A piece: where it is read and written, and what it is of the whole.
  struct Piece {
    /// The first element, and elements from row to row.
    var from: UnsafeMutableRawPointer
    var pitch: Int
    /// The same of what is written.
    var to: UnsafeMutableRawPointer
    var toPitch: Int
    /// Which rows and columns of the whole these are.
    let rows: Range<Int>
    let columns: Range<Int>
  }

  /// One part's work on a piece.
  private typealias Work = (Piece) -> Void

  private var works: [Work] = []
  /// Where the result begins; `nil` where the last part writes in place.
  private let result: UnsafeMutableRawPointer?
  /// Elements of the whole, and its columns.
  private let count: Int
  private let columns: Int
  private let width: Int
  private let type: DType
  /// About how long an element takes.
  private(set) var nanoseconds = 0.1

  /// Parts that follow a head of this type, each of which has one operand inside of the group. The
  /// whole has so many columns; the last part's result goes to `result`.
  init(
    _ parts: ArraySlice<FusedPart>, of made: TensorType, columns: Int, into result: BufferView?,
    _ context: RunContext
  ) {
    self.result = result?.pointer
    self.columns = columns
    count = made.shape.count
    type = made.dtype
    width = made.dtype.byteWidth
    for part in parts { works.append(work(part, context)) }
  }

  /// All parts in turn; what is between them goes to `tile`.
  func run(
    from: UnsafeMutableRawPointer, pitch: Int, _ tile: UnsafeMutableRawPointer,
    rows: Range<Int>, columns: Range<Int>
  ) {
    var piece = Piece(
      from: from, pitch: pitch, to: tile, toPitch: columns.count, rows: rows, columns: columns)
    for number in works.indices {
      if number == works.count - 1, let result {
        piece.to = result + (rows.lowerBound * self.columns + columns.lowerBound) * width
        piece.toPitch = self.columns
      }
      works[number](piece)
      (piece.from, piece.pitch) = (tile, columns.count)
    }
  }

  private mutating func work(_ part: FusedPart, _ context: RunContext) -> Work {
    let place = part.operands.firstIndex { $0.outside == nil } ?? 0
    let others = part.operands.compactMap(\.outside)
    switch part.operation {
    case .unary(let function): return unary(function)
    case .unaryAdjoint(let function):
      return unaryAdjoint(function, others[0], isAdjoint: place == 0)
    case .binary(let function):
      nanoseconds += 0.15
      return binary(function, others[0], isFirst: place == 0)
    case .scalar(let function, let number, let numberFirst):
      return scalar(function, number, numberFirst: numberFirst)
    case .accumulate(let isInPlace): return accumulate(others[0], isInPlace: isInPlace, context)
    case .update(let rule, let limit, isScaled: _): return update(rule, limit, others, context)
    default: preconditionFailure("no other operation follows in a group")
    }
  }

  // MARK: What parts do

  private mutating func unary(_ function: Unary) -> Work {
    nanoseconds += function.nanoseconds(type)
    let (code, kernel, width) = (
      function.code, type == .f64 ? ck_unary_f64 : ck_unary_f32, width
    )
    return { piece in
      piece.forEachLine(isWhole: true, width) { from, to, _, count in
        kernel(code, from, to, count)
      }
    }
  }

  /// `isAdjoint` says that the piece is g, and the other operand what was saved; else it is the
  /// other way round.
  private mutating func unaryAdjoint(
    _ function: Unary, _ other: BufferView, isAdjoint: Bool
  ) -> Work {
    nanoseconds += function.savesResult ? 0.15 : function.nanoseconds(type)
    let (code, kernel) = (
      function.code, type == .f64 ? ck_unary_adjoint_f64 : ck_unary_adjoint_f32
    )
    let (beside, width, columns) = (other.pointer, width, columns)
    return { piece in
      piece.forEachLine(isWhole: piece.columns.count == columns, width) { from, to, line, count in
        let other = beside + piece.place(line, columns) * width
        kernel(code, isAdjoint ? from : other, isAdjoint ? other : from, to, count)
      }
    }
  }

  private func binary(_ function: Binary, _ other: BufferView, isFirst: Bool) -> Work {
    walk(
      function.code, other.pointer, row: other.count == count && count > 1 ? columns : 0,
      column: other.count == 1 ? 0 : 1, isFirst: isFirst)
  }

  private mutating func scalar(_ function: Binary, _ number: Double, numberFirst: Bool) -> Work {
    if function == .power, !numberFirst {
      if number == 2 { return unary(.square) }
      if number == 0.5 { return unary(.sqrt) }
      if number == -1 { return scalar(.divide, 1, numberFirst: true) }
    }
    nanoseconds += 0.15
    let constant = NumberCell(number, dtype: type)
    let walk = walk(function.code, constant.pointer, row: 0, column: 0, isFirst: !numberFirst)
    return { piece in withExtendedLifetime(constant) { walk(piece) } }
  }

  /// A binary function of the piece and of elements that lie `row` and `column` apart.
  private func walk(
    _ code: Int32, _ other: UnsafeMutableRawPointer, row: Int, column: Int, isFirst: Bool
  ) -> Work {
    let (type, width) = (type.code, width)
    return { piece in
      let beside = other + (piece.rows.lowerBound * row + piece.columns.lowerBound * column) * width
      let count = piece.columns.count
      let isDense = piece.pitch == count && piece.toPitch == count
      if isDense, row == count || column == 0 {
        walkLines(
          code, type, 1, piece.rows.count * count, (1, 1), (column, column), piece.from, beside,
          piece.to, isFirst: isFirst)
      } else if piece.toPitch == count {
        walkLines(
          code, type, piece.rows.count, count, (piece.pitch, 1), (row, column), piece.from, beside,
          piece.to, isFirst: isFirst)
      } else {
        for line in 0..<piece.rows.count {
          walkLines(
            code, type, 1, count, (1, 1), (row, column), piece.from + line * piece.pitch * width,
            beside + line * row * width, piece.to + line * piece.toPitch * width, isFirst: isFirst)
        }
      }
    }
  }

  private mutating func accumulate(
    _ sum: BufferView, isInPlace: Bool, _ context: RunContext
  ) -> Work {
    nanoseconds += 0.2
    let (code, all, width, columns) = (type.code, sum.pointer, width, columns)
    return { piece in
      piece.forEachLine(isWhole: piece.columns.count == columns, width) { from, to, line, count in
        let own = all + piece.place(line, columns) * width
        ck_accumulate(code, context.share, own, from, isInPlace ? own : to, count)
      }
    }
  }

  private mutating func update(
    _ rule: UpdateRule, _ limit: Double, _ others: [BufferView], _ context: RunContext
  ) -> Work {
    nanoseconds += 0.15 + 0.1 * Double(others.count - 1)
    let update = Update(
      type: type.code, width: width, limit: limit, scaling: nil, p: others[0].pointer,
      g: others[0].pointer, moments: others.dropFirst().map(\.pointer))
    let (width, columns) = (width, columns)
    return { piece in
      piece.forEachLine(
        isWhole: piece.columns.count == columns, isRead: true, width
      ) { from, _, line, count in
        let start = piece.place(line, columns)
        update.run(rule, start..<start + count, gradient: from, context)
      }
    }
  }
}

extension FusedTail.Piece {
  /// Where the whole has the first element of a row of the piece.
  fileprivate func place(_ line: Int, _ columns: Int) -> Int {
    (rows.lowerBound + line) * columns + self.columns.lowerBound
  }

  /// Calls `body` for each row, or once where rows lie one behind the other, also in what is beside
  /// the piece (`isWhole`): with where it is read and written, its number, and how many elements it
  /// has. With `isRead`, where the piece is written does not matter.
  fileprivate func forEachLine(
    isWhole: Bool, isRead: Bool = false, _ width: Int,
    _ body: (
      _ from: UnsafeMutableRawPointer, _ to: UnsafeMutableRawPointer, _ line: Int, _ count: Int
    ) -> Void
  ) {
    let count = columns.count
    if isWhole, pitch == count, isRead || toPitch == count {
      return body(from, to, 0, rows.count * count)
    }
    for line in 0..<rows.count {
      body(from + line * pitch * width, to + line * toPitch * width, line, count)
    }
  }
}

/// A binary function of `rows` lines of `count` elements each, of strides from line to line and
/// from element to element; `y` is written without gaps. The first operand is x where `isFirst`.
private func walkLines(
  _ code: Int32, _ type: Int32, _ rows: Int, _ count: Int, _ x: (Int, Int), _ other: (Int, Int),
  _ from: UnsafeMutableRawPointer, _ beside: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer,
  isFirst: Bool
) {
  var (lengths, own, strides) = ((rows, count), x, other)
  withUnsafeBytes(of: &lengths) { lengths in
    withUnsafeBytes(of: &own) { own in
      withUnsafeBytes(of: &strides) { strides in
        let skipped = rows == 1 ? 1 : 0
        let rank = Int32(2 - skipped)
        let (n, a, b) = (
          lengths.bindMemory(to: Int.self).baseAddress! + skipped,
          own.bindMemory(to: Int.self).baseAddress! + skipped,
          strides.bindMemory(to: Int.self).baseAddress! + skipped
        )
        _ = ck_binary_walk(
          code, type, rank, n, isFirst ? a : b, isFirst ? b : a, isFirst ? from : beside,
          isFirst ? beside : from, y)
      }
    }
  }
}
