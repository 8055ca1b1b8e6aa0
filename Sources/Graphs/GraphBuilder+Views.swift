import Tensors

/// Reading a part of a value where it lies.
extension GraphBuilder {
  /// The use that reads a slice or a permutation of an operand where it lies: of a tensor that
  /// stands outside, which is there as long as the graph runs, and a permutation of a node's value.
  /// `nil` where it must be a node: a slice of a node's value would keep all of it.
  package func view(_ operation: Operation, _ operands: [Operand]) -> Operand? {
    guard operation.isSlicingOrPermuting, let operand = operands.first, operands.count == 1,
      let type = try? operation.resultTypes(of: operands)[0], type.shape.count > 0
    else { return nil }
    let old = operand.view ?? View(whole: operand.shape)
    guard let view = old.applying(operation, in: operand.shape) else { return nil }
    if operand.node != nil {
      guard view.isWhole, !isLiteral(operand) else { return nil }
    }
    let isPlain = view.isWhole && view.isInOrder
    return Operand(
      operand.origin, shape: type.shape, dtype: type.dtype, view: isPlain ? nil : view)
  }

  /// True for numbers that are written down, which `literal` must find.
  private func isLiteral(_ operand: Operand) -> Bool {
    literal(Operand(operand.origin, shape: operand.shape, dtype: operand.dtype)) != nil
  }

  /// The same elements as a value of their own, in order: the operand itself where it is one.
  package mutating func whole(_ operand: Operand) -> Operand {
    guard let view = operand.view else { return operand }
    let key = operand.reshaped(view.shape)
    if let known = wholes[key] { return known.reshaped(operand.shape) }
    let source = Operand(operand.origin, shape: view.base, dtype: operand.dtype)
    let node =
      if view.isInOrder {
        copy(.slice(view.slices), of: source, as: view.shape)
      } else if view.isWhole {
        copy(.permute(view.order), of: source, as: view.shape)
      } else {
        copy(.broadcast(view.shape), of: key, as: view.shape)
      }
    wholes[key] = node
    return node.reshaped(operand.shape)
  }

  private mutating func copy(_ operation: Operation, of source: Operand, as shape: Shape) -> Operand
  {
    append(
      Node(
        operation: operation, operands: [source], results: [TensorType(shape, source.dtype)],
        region: region, place: place, differentiates: differentiates))[0]
  }

  /// The operation and its operands with each transpose that a product reads through folded into
  /// it, and with a copy of each view that its kernel cannot read.
  mutating func readable(
    _ operation: Operation, _ operands: [Operand], result: Shape
  ) -> (Operation, [Operand]) {
    var (operation, operands) = foldingTransposes(operation, operands)
    for place in operands.indices where operands[place].view != nil {
      if case .matmul(let left, let right) = operation,
        let turned = operands[place].turned(operation)
      {
        operands[place] = turned
        operation = .matmul(
          transposeLeft: left != (place == 0), transposeRight: right != (place == 1))
      }
      if !operation.reads(operands[place], result: result) {
        operands[place] = whole(operands[place])
      }
    }
    return (operation, operands)
  }
}

extension Operation {
  /// True for what only says where elements lie.
  fileprivate var isSlicingOrPermuting: Bool {
    switch self {
    case .slice, .permute: true
    default: false
    }
  }

  /// True where the kernel reads an operand as it lies: all read what has no gaps and is in order;
  /// products, and attention to wide floats, read rows of matrices that lie apart, elementwise
  /// functions of several operands whatever has no gaps along the last axis, copies everything.
  func reads(_ operand: Operand, result: Shape) -> Bool {
    if operand.isContiguous { return true }
    guard let (_, strides) = operand.layout else { return false }
    let shape = operand.shape
    switch self {
    case .broadcast, .permute: return true
    case .binary, .select:
      // The last axis along which the result has more than one entry.
      let back = result.axes.reversed().firstIndex { $0 != 1 }?.base
      let axis = shape.rank - result.rank + (back ?? 0) - 1
      return axis < 0 || shape[axis] == 1 || strides[axis] == 1
    // They are taken to f32 first, from where they lie without gaps.
    case .attention where operand.dtype.isShort, .attentionAdjoint where operand.dtype.isShort:
      return false
    case .matmul, .attention, .attentionAdjoint:
      guard shape.rank >= 2 else { return false }
      let (row, column) = (strides[shape.rank - 2], strides[shape.rank - 1])
      let most = Int(Int32.max)
      return (column == 1 || shape[shape.rank - 1] == 1) && max(row, shape.axes.max() ?? 0) <= most
        && (shape[shape.rank - 2] == 1 || row >= shape[shape.rank - 1])
    default: return false
    }
  }
}

extension Operand {
  /// The matrices of a view turned over, where they lie column by column and not row by row.
  fileprivate func turned(_ product: Operation) -> Operand? {
    let rank = shape.rank
    guard !product.reads(self, result: shape), let (_, strides) = layout, strides[rank - 2] == 1,
      let view
    else { return nil }
    let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    guard let other = view.applying(.permute(order), in: shape) else { return nil }
    return Operand(origin, shape: Shape(order.map { shape[$0] }), dtype: dtype, view: other)
  }
}
