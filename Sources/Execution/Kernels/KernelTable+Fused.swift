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
      return inTurn(parts, results, scratch: scratch, context)
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
        parts.dropFirst(), of: made, columns: pieces.product.n, into: results.first, context)
      return product(pieces, at: result, tail, context)
    }
    let first = head.takingFirst(of: made.shape)
    return chain(
      [first.part] + parts.dropFirst(), made, at: first.pointer, results, context)
  }

  /// The head whole, in the scratch; then the others, in its place.
  private static func inTurn(
    _ parts: [FusedPart], _ results: [BufferView],
    scratch: UnsafeMutableRawPointer, _ context: RunContext
  ) -> Instruction {
    var instructions: [Instruction] = []
    for (number, part) in parts.enumerated() {
      let operands = part.operands.map { operand in
        switch operand {
        case .outside(let view): view
        case .inside(let type):
          BufferView(pointer: scratch, shape: type.shape, dtype: type.dtype)
        }
      }
      let isLast = number == parts.count - 1
      let own = part.result.map {
        BufferView(pointer: scratch, shape: $0.shape, dtype: $0.dtype)
      }
      instructions.append(
        instruction(
          for: part.operation, operands: operands,
          results: isLast ? results : [own].compactMap(\.self),
          scratch: nil, context: context))
    }
    return { for instruction in instructions { instruction() } }
  }

  /// Pieces of a product, each with its tail: they lie in the result where that is given, else each
  /// in a tile.
  private static func product(
    _ pieces: ProductPieces, at result: UnsafeMutableRawPointer?, _ tail: FusedTail,
    _ context: RunContext
  ) -> Instruction {
    let (height, n) = (pieces.product.m, pieces.product.n)
    let width = pieces.product.dtype.byteWidth
    let costs = Double(pieces.piece.rows * pieces.piece.columns) * tail.nanoseconds
    return Crew.instruction(
      count: pieces.count, nanoseconds: pieces.nanoseconds + costs, asking: context
    ) { parts in
      for part in parts {
        let (index, own, columns) = pieces.place(part)
        let first = index * height + own.lowerBound
        let rows = first..<first + own.count
        guard let result else {
          tail.run(
            onProduct: pieces.factors(index, rows: own, columns: columns), rows: rows,
            columns: columns)
          continue
        }
        let place = result + (first * n + columns.lowerBound) * width
        pieces.multiply(index, rows: own, columns: columns, into: place, pitch: n)
        tail.run(from: place, pitch: n, rows: rows, columns: columns)
      }
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
    let tail = FusedTail(parts, of: made, columns: columns, into: results.first, context)
    let width = dtype.byteWidth
    return Crew.instruction(
      count: hasRows ? rows : columns,
      nanoseconds: (hasRows ? Double(columns) : 1) * tail.nanoseconds, asking: context
    ) { part in
      let (rows, columns) = hasRows ? (part, 0..<columns) : (0..<1, part)
      let start = hasRows ? rows.lowerBound * columns.count : columns.lowerBound
      tail.run(
        from: from + start * width, pitch: columns.count, rows: rows, columns: columns)
    }
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
