import CKernels
import Graphs
import Tensors

/// What the parts of a group do, one after the other, with a piece of what its head made: rows and
/// columns of a matrix whose last axis is that of the result.
///
/// All of it but an update is one block of memory.
struct FusedTail {
  /// What is the same for all parts.
  private struct Head {
    let type: Int32
    let count: Int32
    /// Where the result begins; `nil` where the last part writes in place.
    let result: Spot?
    /// Columns of the whole.
    let columns: Int
    let update: TailUpdate?
    let nanoseconds: Double
  }

  private let block: ManagedBuffer<Head, ck_part>

  /// Parts that follow a head of this type, each of which has one operand inside of the group. The
  /// whole has so many columns; the last part's result goes to `result`.
  init(
    _ parts: ArraySlice<FusedPart>, of made: TensorType, columns: Int, into result: PlacedView?
  ) {
    let descriptions = parts.map { PartDescription($0, of: made, columns: columns) }
    let head = Head(
      type: made.dtype.code, count: Int32(parts.count), result: result?.spot, columns: columns,
      update: parts.last.flatMap { TailUpdate($0) },
      nanoseconds: descriptions.reduce(0) { $0 + $1.nanoseconds })
    block = .create(minimumCapacity: parts.count) { _ in head }
    block.withUnsafeMutablePointerToElements { place in
      for (number, description) in descriptions.enumerated() {
        description.write(to: place + number, type: made.dtype)
      }
    }
  }

  /// About how long an element takes.
  var nanoseconds: Double { block.header.nanoseconds }

  /// All parts in turn, on a piece that lies at `from` in rows `pitch` elements apart.
  func run(
    from: UnsafeMutableRawPointer, pitch: Int, rows: Range<Int>, columns: Range<Int>,
    _ places: Places, _ context: RunContext
  ) {
    run(rows, columns, places, context) { type, parts, count, update, piece in
      (piece.from, piece.pitch) = (UnsafeRawPointer(from), pitch)
      ck_tail(type, parts, count, update, context.share, &piece)
    }
  }

  /// The same on a piece of a product, which is computed first.
  func run(
    onProduct factors: ck_factors, rows: Range<Int>, columns: Range<Int>, _ places: Places,
    _ context: RunContext
  ) {
    var factors = factors
    run(rows, columns, places, context) { type, parts, count, update, piece in
      ck_product_tail(type, &factors, parts, count, update, context.share, &piece)
    }
  }

  /// Calls `body` with what an update reads now, and with how many parts there are to do.
  @inline(__always)
  private func run(
    _ rows: Range<Int>, _ columns: Range<Int>, _ places: Places, _ context: RunContext,
    _ body: (
      Int32, UnsafePointer<ck_part>, Int, UnsafePointer<ck_update>?, inout ck_piece
    ) -> Void
  ) {
    block.withUnsafeMutablePointers { head, parts in
      var piece = ck_piece(
        from: nil, pitch: 0, is_tile: 0, result: head.pointee.result?.pointer(places),
        result_pitch: head.pointee.columns, row: rows.lowerBound, column: columns.lowerBound,
        rows: rows.count, columns: columns.count, places: places.list)
      let count = Int(head.pointee.count)
      guard let update = head.pointee.update else {
        return body(head.pointee.type, parts, count, nil, &piece)
      }
      // No group has more than one update, which is its last part.
      var numbers = update.numbers(places, context)
      body(head.pointee.type, parts, context.skipsUpdates ? count - 1 : count, &numbers, &piece)
    }
  }
}

/// A part of a tail, as the C loops read it.
private struct PartDescription {
  private var part = ck_part()
  /// The number that it reads.
  private var constant: Double?
  /// About how long an element takes.
  private(set) var nanoseconds: Double

  /// A part that follows a head of this type, in a whole of so many columns.
  init(_ part: FusedPart, of made: TensorType, columns: Int) {
    nanoseconds = 0.15
    let place = part.operands.firstIndex { $0.outside == nil } ?? 0
    let others = part.operands.compactMap(\.outside)
    switch part.operation {
    case .unary(let function): unary(function, made.dtype)
    case .unaryAdjoint(let function):
      if !function.savesResult { nanoseconds = function.nanoseconds(made.dtype) }
      set(CK_PART_ADJOINT, function.code, isFirst: place == 0)
    case .binary(let function): set(CK_PART_BINARY, function.code, isFirst: place == 0)
    case .scalar(let function, let number, let numberFirst):
      scalar(function, number, numberFirst: numberFirst, made.dtype)
    case .accumulate(let isInPlace):
      nanoseconds = 0.2
      set(isInPlace ? CK_PART_ACCUMULATE_IN_PLACE : CK_PART_ACCUMULATE, 0, isFirst: true)
    case .update:
      nanoseconds += 0.1 * Double(others.count - 1)
      set(CK_PART_UPDATE, 0, isFirst: true)
    default: preconditionFailure("no other operation follows in a group")
    }
    self.part.place = -1
    guard let other = others.first else { return }
    (self.part.place, self.part.start) = (other.spot.place, other.spot.start)
    self.part.row = other.count == made.shape.count && other.count > 1 ? columns : 0
    self.part.column = other.count == 1 ? 0 : 1
  }

  private mutating func set(_ kind: ck_part_kind, _ code: Int32, isFirst: Bool) {
    (part.kind, part.op) = (Int16(kind.rawValue), Int16(code))
    part.first = isFirst ? 1 : 0
  }

  private mutating func unary(_ function: Unary, _ type: DType) {
    nanoseconds = function.nanoseconds(type)
    set(CK_PART_UNARY, function.code, isFirst: true)
  }

  private mutating func scalar(
    _ function: Binary, _ number: Double, numberFirst: Bool, _ type: DType
  ) {
    if function == .power, !numberFirst {
      if number == 2 { return unary(.square, type) }
      if number == 0.5 { return unary(.sqrt, type) }
      if number == -1 { return scalar(.divide, 1, numberFirst: true, type) }
    }
    constant = number
    set(CK_PART_BINARY, function.code, isFirst: !numberFirst)
  }

  /// Writes it to where it stays: a number that it reads lies in itself.
  func write(to place: UnsafeMutablePointer<ck_part>, type: DType) {
    place.initialize(to: part)
    if let constant { ck_fill(type.code, constant, &place.pointee.number, 1) }
  }
}

/// The update that ends a group: one object, which is not copied where it is read.
private final class TailUpdate {
  private let rule: UpdateRule
  private let limit: Double
  /// The parameter, and the moments that the rule has.
  private let parameter: Spot
  private let (m, v): (Spot?, Spot?)

  /// That of a part; `nil` where it is none.
  init?(_ part: FusedPart) {
    guard case .update(let rule, let limit, isScaled: _) = part.operation else { return nil }
    let tensors = part.operands.compactMap(\.outside).map(\.spot)
    self.rule = rule
    self.limit = limit
    parameter = tensors[0]
    (m, v) = (tensors.dropFirst().first, tensors.dropFirst(2).first)
  }

  /// What the loops read in a run.
  func numbers(_ places: Places, _ context: RunContext) -> ck_update {
    var numbers = rule.numbers(scale: 1, limit: limit, context)
    numbers.p = parameter.pointer(places)
    if let m { numbers.m = m.pointer(places) }
    if let v { numbers.v = v.pointer(places) }
    return numbers
  }
}
