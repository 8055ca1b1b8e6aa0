import Execution
import Graphs
import Syntax
import Tensors

/// Some rows of a data set, or of one of its columns.
extension Interpreter {
  /// All rows of a column as a tensor. Windows are laid out one behind the other, as data; throws
  /// where there is no room for them.
  func whole(_ column: DataColumn, at range: SourceRange) throws(Fault) -> TensorValue {
    column.windows == nil
      ? column.tensor : try copied(0..<column.count, of: column, at: range)
  }

  /// Some rows of a data set, in an order.
  func rows(
    _ rows: ArraySlice<Int>, of data: DataSet, at range: SourceRange
  ) throws(Fault) -> DataSet {
    data.with(
      try data.columns.map { (column) throws(Fault) in
        DataColumn(column.name, try gathered(column, rows, at: range))
      })
  }

  /// A stretch of the rows of a data set, copied as they lie; of windows, fewer windows.
  func rows(
    _ stretch: Range<Int>, of data: DataSet, at range: SourceRange
  ) throws(Fault) -> DataSet {
    data.with(
      try data.columns.map { (column) throws(Fault) in
        if let windows = column.windows {
          return DataColumn(column.name, column.tensor, windows: windows[stretch])
        }
        return DataColumn(
          column.name,
          trace != nil || isSketching
            ? try gathered(column, ArraySlice(stretch), at: range)
            : try copied(stretch, of: column, at: range))
      })
  }

  private func copied(
    _ stretch: Range<Int>, of column: DataColumn, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    let copy = try emptyColumn(column.type(of: stretch.count), at: range)
    guard let target = copy.tensor else { return copy }
    Rows(try readable(column.tensor, at: range), windows: column.windows)
      .gather(stretch, into: target)
    return copy
  }

  /// Copies rows of a column, as data; in a block that is being traced its graph does.
  func gathered(
    _ column: DataColumn, _ rows: ArraySlice<Int>, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    if trace != nil || isSketching { return try taken(column, rows, at: range) }
    guard let source = column.numbers, column.tensor.shape.rank > 0 else {
      throw missingNumbers(of: column.tensor, at: range)
    }
    let copy = try emptyColumn(column.type(of: rows.count), at: range)
    if let target = copy.tensor { source.gather(rows, into: target) }
    return copy
  }

  private func taken(
    _ column: DataColumn, _ rows: ArraySlice<Int>, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    var places = Array(rows)
    if let windows = column.windows {
      places = rows.flatMap { row in
        (0..<windows.length).map { windows.start + row * windows.step + $0 }
      }
    }
    let indices = try makeTensor(
      places.map { Double($0) }, shape: [places.count], dtype: .i32, at: range)
    let taken = try emit(.take(axis: 0), [column.tensor, indices], at: range)
    guard column.windows != nil else { return taken }
    return reshaped(taken, to: column.type(of: rows.count).shape, at: range)
  }

  /// The stream of `split`: `batches` numbers its streams by epoch, from 0.
  private static let splitStream = UInt64.max

  /// The first rows of a data set and the rest, in an order drawn from the seed or as they lie.
  func parts(
    of data: DataSet, cut: Int, isShuffled: Bool, at range: SourceRange
  ) throws(Fault) -> [DataSet] {
    guard isShuffled else {
      return [
        try rows(0..<cut, of: data, at: range), try rows(cut..<data.count, of: data, at: range),
      ]
    }
    let room = try workspace(data.count * MemoryLayout<Int>.size, at: range)
    defer { withExtendedLifetime(room) {} }
    var order = Array(0..<data.count)
    var generator = PhiloxGenerator(seed: context.seed, stream: Interpreter.splitStream)
    order.shuffle(using: &generator)
    return [
      try rows(order[..<cut], of: data, at: range), try rows(order[cut...], of: data, at: range),
    ]
  }
}
