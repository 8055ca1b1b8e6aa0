import Tensors

/// The types of what recurrent cells make.
extension ShapeRule {
  /// For gru h's own and that of the gates, from a and b [n…, 3 · size] and h [n…, size]; for lstm
  /// c's own twice, from a [n…, 4 · size] and c [n…, size].
  func cell(_ cell: RecurrentCell) throws(ShapeError) -> [TensorType] {
    try takes(cell.operandNames.count)
    let state = types[types.count - 1]
    switch cell {
    case .gru:
      try gates(0, of: 2, times: 3)
      try alike(0, 1)
      return [state, TensorType(try widened(state.shape, 4), state.dtype)]
    case .lstm:
      try gates(0, of: 1, times: 4)
      return [state, state]
    }
  }

  /// The types of all operands: of gru from g, the gates that the cell has kept, and h; of lstm
  /// from the adjoints of both results, the operand a, and c.
  func cellAdjoint(_ cell: RecurrentCell) throws(ShapeError) -> [TensorType] {
    switch cell {
    case .gru:
      try takes(3)
      try gates(1, of: 2, times: 4)
      try alike(2, 0)
      let products = TensorType(try widened(types[2].shape, 3), types[2].dtype)
      return [products, products, types[2]]
    case .lstm:
      try takes(4)
      try gates(2, of: 3, times: 4)
      for position in 0...1 { try alike(3, position) }
      return [types[2], types[3]]
    }
  }

  /// That an operand has so many numbers for each of a state's, all of one floating type.
  private func gates(_ position: Int, of state: Int, times: Int) throws(ShapeError) {
    try floating(position)
    try type(state, is: types[position].dtype)
    guard types[state].shape.rank > 0 else { throw failure(.leastRank(1)) }
    try same(types[position].shape, try widened(types[state].shape, times))
  }

  /// The shape with its last axis so many times as long.
  private func widened(_ shape: Shape, _ times: Int) throws(ShapeError) -> Shape {
    let (length, overflow) = (shape.axes.last ?? 1).multipliedReportingOverflow(by: times)
    guard !overflow else { throw failure(.elementLimit) }
    return try self.shape(shape.axes.dropLast() + [length])
  }
}
