import CKernels
import Graphs
import Tensors

/// What the parts of a group do, one after the other, with a piece of what its head made: rows and
/// columns of a matrix whose last axis is that of the result.
final class FusedTail {
  /// One for each part.
  private let parts: UnsafeMutablePointer<ck_part>
  private let count: Int
  /// Numbers that parts read.
  private var constants: [NumberCell] = []
  /// Where the result begins; `nil` where the last part writes in place.
  private let result: UnsafeMutableRawPointer?
  /// Elements of the whole, and its columns.
  private let all: Int
  private let columns: Int
  private let type: DType
  private var update: TailUpdate?
  private let context: RunContext
  /// About how long an element takes.
  private(set) var nanoseconds = 0.0

  /// Parts that follow a head of this type, each of which has one operand inside of the group. The
  /// whole has so many columns; the last part's result goes to `result`.
  init(
    _ parts: ArraySlice<FusedPart>, of made: TensorType, columns: Int, into result: BufferView?,
    _ context: RunContext
  ) {
    self.result = result?.pointer
    self.columns = columns
    self.context = context
    all = made.shape.count
    type = made.dtype
    count = parts.count
    self.parts = .allocate(capacity: count)
    self.parts.initialize(repeating: ck_part(), count: count)
    for (number, part) in parts.enumerated() { self.parts[number] = describe(part) }
  }

  deinit { parts.deallocate() }

  /// All parts in turn, on a piece that lies at `from` in rows `pitch` elements apart.
  func run(
    from: UnsafeMutableRawPointer, pitch: Int, rows: Range<Int>, columns: Range<Int>
  ) {
    var piece = piece(rows, columns)
    (piece.from, piece.pitch) = (UnsafeRawPointer(from), pitch)
    withUpdate { update, count in
      ck_tail(type.code, parts, count, update, context.share, &piece)
    }
  }

  /// The same on a piece of a product, which is computed first.
  func run(onProduct factors: ck_factors, rows: Range<Int>, columns: Range<Int>) {
    var (factors, piece) = (factors, piece(rows, columns))
    withUpdate { update, count in
      ck_product_tail(type.code, &factors, parts, count, update, context.share, &piece)
    }
  }

  private func piece(_ rows: Range<Int>, _ columns: Range<Int>) -> ck_piece {
    ck_piece(
      from: nil, pitch: 0, is_tile: 0, result: result, result_pitch: self.columns,
      row: rows.lowerBound, column: columns.lowerBound, rows: rows.count, columns: columns.count)
  }

  /// Calls `body` with what an update reads now, and with how many parts there are to do.
  @inline(__always)
  private func withUpdate(_ body: (UnsafePointer<ck_update>?, Int) -> Void) {
    guard let update else { return body(nil, count) }
    // No group has more than one update, which is its last part.
    var numbers = update.update.numbers(update.rule, context)
    body(&numbers, context.skipsUpdates ? count - 1 : count)
  }

  private func describe(_ part: FusedPart) -> ck_part {
    let place = part.operands.firstIndex { $0.outside == nil } ?? 0
    let others = part.operands.compactMap(\.outside)
    switch part.operation {
    case .unary(let function): return unary(function)
    case .unaryAdjoint(let function):
      nanoseconds += function.savesResult ? 0.15 : function.nanoseconds(type)
      return describe(CK_PART_ADJOINT, function.code, others[0], isFirst: place == 0)
    case .binary(let function):
      nanoseconds += 0.15
      return describe(CK_PART_BINARY, function.code, others[0], isFirst: place == 0)
    case .scalar(let function, let number, let numberFirst):
      return scalar(function, number, numberFirst: numberFirst)
    case .accumulate(let isInPlace):
      nanoseconds += 0.2
      return describe(
        isInPlace ? CK_PART_ACCUMULATE_IN_PLACE : CK_PART_ACCUMULATE, 0, others[0], isFirst: true)
    case .update(let rule, let limit, isScaled: _):
      nanoseconds += 0.15 + 0.1 * Double(others.count - 1)
      update = TailUpdate(
        rule,
        Update(
          type: type.code, width: type.byteWidth, limit: limit, scaling: nil, p: others[0].pointer,
          g: others[0].pointer, moments: others.dropFirst().map(\.pointer)))
      return describe(CK_PART_UPDATE, 0, others[0], isFirst: true)
    default: preconditionFailure("no other operation follows in a group")
    }
  }

  private func describe(
    _ kind: ck_part_kind, _ code: Int32, _ other: BufferView, isFirst: Bool
  ) -> ck_part {
    ck_part(
      kind: Int32(kind.rawValue), op: code, first: isFirst ? 1 : 0, other: other.pointer,
      row: other.count == all && all > 1 ? columns : 0, column: other.count == 1 ? 0 : 1)
  }

  private func unary(_ function: Unary) -> ck_part {
    nanoseconds += function.nanoseconds(type)
    return ck_part(
      kind: Int32(CK_PART_UNARY.rawValue), op: function.code, first: 1, other: nil, row: 0,
      column: 0)
  }

  private func scalar(_ function: Binary, _ number: Double, numberFirst: Bool) -> ck_part {
    if function == .power, !numberFirst {
      if number == 2 { return unary(.square) }
      if number == 0.5 { return unary(.sqrt) }
      if number == -1 { return scalar(.divide, 1, numberFirst: true) }
    }
    nanoseconds += 0.15
    let constant = NumberCell(number, dtype: type)
    constants.append(constant)
    return ck_part(
      kind: Int32(CK_PART_BINARY.rawValue), op: function.code, first: numberFirst ? 0 : 1,
      other: constant.pointer, row: 0, column: 0)
  }
}

/// The update that ends a group: one object, which is not copied where it is read.
private final class TailUpdate {
  let rule: UpdateRule
  let update: Update

  init(_ rule: UpdateRule, _ update: Update) {
    self.rule = rule
    self.update = update
  }
}
