import CKernels
import Graphs
import Tensors

extension BufferView {
  /// The shape and the type of its elements.
  var type: TensorType { TensorType(shape, dtype) }
}

extension Operation {
  /// The operands of a normalisation of rows whose adjoints this gives; `nil` where it is none.
  fileprivate var partsOfRows: [NormalizationPart]? {
    switch self {
    case .layerNormAdjoint(let parts), .normalizeAdjoint(.rms, let parts): parts
    default: nil
    }
  }
}

/// The scratch of an instruction, handed out from its start.
private struct Room {
  var place: UnsafeMutableRawPointer

  /// Room for a tensor.
  mutating func view(_ type: TensorType) -> BufferView {
    defer { place += type.shape.byteCount(of: type.dtype).lines }
    return BufferView(pointer: place, shape: type.shape, dtype: type.dtype)
  }

  /// Room for so many bytes.
  mutating func bytes(_ count: Int) -> UnsafeMutableRawPointer {
    defer { place += count.lines }
    return place
  }
}

extension KernelTable {
  /// The instruction for an operation on short floats that is computed through f32.
  static func short(
    _ way: ShortWay, of operation: Operation, _ operands: [BufferView], _ results: [BufferView],
    scratch: UnsafeMutableRawPointer, context: RunContext
  ) -> Instruction {
    if results.count > 1, let parts = operation.partsOfRows {
      let sums = layerNormAdjoint(
        operands, Array(parts.dropFirst()), into: Array(results.dropFirst()), context: context)
      let adjoint = short(
        way, of: way.operation, operands, [results[0]], scratch: scratch, context: context)
      return {
        sums()
        adjoint()
      }
    }
    var room = Room(place: scratch)
    var (before, after): ([Instruction], [Instruction]) = ([], [])
    // What is read whole is converted once.
    let wide = zip(way.operands, operands).map { part, operand -> BufferView in
      guard part.row == nil, operand.dtype.isShort else { return operand }
      let copy = room.view(part.computed(rows: 1))
      before.append(cast(operand, into: copy, context: context))
      return copy
    }
    let made = zip(way.results, results).map { part, result -> BufferView in
      guard part.row == nil, result.dtype.isShort else { return result }
      let copy = room.view(part.computed(rows: 1))
      after.append(cast(copy, into: result, context: context))
      return copy
    }
    let isWhole = (way.operands + way.results).allSatisfy { $0.row == nil }
    let work =
      isWhole
      ? instruction(
        for: way.operation, operands: wide, results: made, scratch: room.bytes(way.innerScratch),
        context: context)
      : tiles(way, wide, made, &room, context)
    let (first, last) = (before, after)
    return {
      for instruction in first { instruction() }
      work()
      for instruction in last { instruction() }
    }
  }

  /// The tiles of all lanes.
  private static func tiles(
    _ way: ShortWay, _ operands: [BufferView], _ results: [BufferView], _ room: inout Room,
    _ context: RunContext
  ) -> Instruction {
    let share = way.sharing == .shares ? room.bytes(4) : nil
    let lanes = (0..<way.lanes).map { _ in
      TileLane(way, operands, results, share: share, &room, context)
    }
    let elements = (way.operands + way.results).compactMap { $0.row?.count }.max() ?? 1
    let nanoseconds = Double(way.rows / lanes.count) * Double(elements) * 3
    if way.sharing == .averages {
      let (lane, rows, loss) = (lanes[0], Double(way.rows), results[0].pointer)
      return {
        lane.total = 0
        lane.run(0, every: 1)
        loss.storeBytes(of: Float(lane.total / rows), as: Float.self)
      }
    }
    return Crew.instruction(
      count: lanes.count, nanoseconds: nanoseconds, asking: context
    ) { part in
      for lane in part { lanes[lane].run(lane, every: lanes.count) }
    }
  }
}

/// Tiles that follow each other through one piece of scratch.
private final class TileLane {
  /// A stretch of rows that is copied to the scratch, or from it.
  private struct Copy {
    let outside: BufferView, inside: BufferView
    let row: Shape

    /// Rows from `row` on, `count` of them, converted on the way.
    func move(from first: Int, _ count: Int, inwards: Bool) {
      let elements = row.count
      let there = outside.pointer + first * elements * outside.dtype.byteWidth
      let (from, to) = inwards ? (there, inside.pointer) : (inside.pointer, there)
      let types = (outside.dtype.code, inside.dtype.code)
      ck_cast(inwards ? types.0 : types.1, inwards ? types.1 : types.0, from, to, count * elements)
    }
  }

  private let way: ShortWay
  private let copies: (in: [Copy], out: [Copy])
  /// The kernel on a full tile, and on the rows that are left for the last one.
  private let full: Instruction, rest: Instruction
  private let context: RunContext
  /// What the operand that is shared out among the rows is, and where the tile's share lies.
  private let share: (whole: UnsafeMutableRawPointer, part: UnsafeMutableRawPointer)?
  private let average: UnsafeMutableRawPointer
  /// The sum over rows of what the tiles average.
  var total = 0.0

  /// Takes its room from the scratch.
  init(
    _ way: ShortWay, _ operands: [BufferView], _ results: [BufferView],
    share: UnsafeMutableRawPointer?, _ room: inout Room, _ context: RunContext
  ) {
    var copies: (in: [Copy], out: [Copy]) = ([], [])
    func inside(_ part: ShortWay.Part, _ view: BufferView, isResult: Bool) -> BufferView {
      guard let row = part.row else { return view }
      let tile = room.view(part.computed(rows: way.rowsOfTile))
      let copy = Copy(outside: view, inside: tile, row: row)
      if isResult { copies.out.append(copy) } else { copies.in.append(copy) }
      return tile
    }
    var tile = zip(way.operands, operands).map { inside($0, $1, isResult: false) }
    let made = zip(way.results, results).map { inside($0, $1, isResult: true) }
    if let share {
      tile[0] = BufferView(pointer: share, shape: operands[0].shape, dtype: .f32)
    }
    let scratch = room.bytes(way.innerScratch)
    func kernel(rows: Int) -> Instruction {
      func views(_ parts: [ShortWay.Part], _ views: [BufferView]) -> [BufferView] {
        zip(parts, views).map { part, view in
          part.row == nil
            ? view
            : BufferView(
              pointer: view.pointer, shape: part.computed(rows: rows).shape, dtype: view.dtype)
        }
      }
      return KernelTable.instruction(
        for: way.operation, operands: views(way.operands, tile),
        results: views(way.results, made), scratch: scratch, context: context)
    }
    let left = way.rows % way.rowsOfTile
    full = kernel(rows: way.rowsOfTile)
    rest = left == 0 ? full : kernel(rows: left)
    self.way = way
    self.copies = copies
    self.context = context
    self.share = share.map { (operands[0].pointer, $0) }
    average = made[0].pointer
  }

  /// Runs every so many tiles from one on.
  func run(_ first: Int, every step: Int) {
    var tile = first
    while tile < way.tiles, !context.isStopped {
      let start = tile * way.rowsOfTile
      let count = min(way.rowsOfTile, way.rows - start)
      for copy in copies.in { copy.move(from: start, count, inwards: true) }
      if let share {
        let part = Double(count) / Double(way.rows)
        share.part.storeBytes(
          of: Float(Double(share.whole.load(as: Float.self)) * part), as: Float.self)
      }
      let hadFault = context.hasFault
      (count == way.rowsOfTile ? full : rest)()
      if !hadFault, context.hasFault { place(faultFrom: start) }
      if way.sharing == .averages {
        total += Double(average.load(as: Float.self)) * Double(count)
      }
      for copy in copies.out { copy.move(from: start, count, inwards: false) }
      tile += step
    }
  }

  /// A position in a tile, among those of all rows.
  private func place(faultFrom row: Int) {
    guard let fault = context.fault,
      case .index(let index, let position, let allowed) = fault.problem
    else { return }
    context.fault = KernelFault(
      .index(index, position: row + position, allowed: allowed), in: fault.operation)
  }
}
