import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// About how long a number of the state takes.
  private static func nanoseconds(_ dtype: DType) -> Double { dtype == .f32 ? 5 : 60 }

  /// Rows are split over the cores.
  static func cell(
    _ cell: RecurrentCell, _ operands: [BufferView], into results: [BufferView],
    context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    let places = operands.map(\.pointer)
    let (y, other) = (results[0].pointer, results[1].pointer)
    return rows(of: results[0], context) { first, count, size, unit in
      let start = first * unit
      switch cell {
      case .gru:
        ck_gru_cell(
          type, places[0] + 3 * start, places[1] + 3 * start, places[2] + start, y + start,
          other + 4 * start, count, size)
      case .lstm:
        ck_lstm_cell(
          type, places[0] + 4 * start, places[1] + start, y + start, other + start, count, size)
      }
    }
  }

  /// Rows are split over the cores.
  static func cellAdjoint(
    _ cell: RecurrentCell, _ operands: [BufferView], into results: [BufferView],
    context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    let (places, to) = (operands.map(\.pointer), results.map(\.pointer))
    return rows(of: operands[operands.count - 1], context) { first, count, size, unit in
      let start = first * unit
      switch cell {
      case .gru:
        ck_gru_cell_adjoint(
          type, places[0] + start, places[1] + 4 * start, places[2] + start, to[0] + 3 * start,
          to[1] + 3 * start, to[2] + start, count, size)
      case .lstm:
        ck_lstm_cell_adjoint(
          type, places[0] + start, places[1] + start, places[2] + 4 * start, places[3] + start,
          to[0] + 4 * start, to[1] + start, count, size)
      }
    }
  }

  /// Rows of a state: the body gets the first of a part, how many, the length of a row, and its
  /// bytes.
  private static func rows(
    of state: BufferView, _ context: RunContext, body: @escaping (Int, Int, Int, Int) -> Void
  ) -> Instruction {
    let size = state.shape.axes.last ?? 1
    guard size > 0 else { return {} }
    let unit = size * state.dtype.byteWidth
    return Crew.instruction(
      count: state.count / size, nanoseconds: Double(size) * nanoseconds(state.dtype),
      asking: context
    ) { part in
      body(part.lowerBound, part.count, size, unit)
    }
  }
}
