import DataFiles
import Syntax
import Tensors

extension Interpreter {
  /// What of a table becomes a data set.
  struct TableRequest {
    /// What messages call the table.
    var name: String
    /// The column of the labels: `y`. `nil` for none.
    var label: String?
    /// The columns of `x`; `nil` for every other column that holds numbers.
    var features: [String]?
    /// Leaves rows with missing values out; they are refused otherwise.
    var dropsMissing: Bool
  }

  /// A data set from comma-separated values: `x` f32 [rows, features] and, with a label, `y`: i32 class numbers in the
  /// alphabetical order of the categories, or f32 where the labels are numbers that are no classes.
  func dataSet(
    fromCSV text: String, _ request: TableRequest, at range: SourceRange
  ) throws(Fault) -> DataSet {
    let table: CSVTable
    do { table = try CSVTable(text) } catch {
      throw Fault(.file(request.name, error.message, at: range))
    }
    let label = try request.label.map { (name) throws(Fault) in
      try column(name, of: table, request, at: range)
    }
    let features = try featureColumns(of: table, label: label, request, at: range)
    let rows = try completeRows(
      of: table, features + (label.map { [$0] } ?? []), request, at: range)
    var x: [Double] = []
    x.reserveCapacity(rows.count * features.count)
    for row in rows {
      for feature in features {
        let cell = table.rows[row][feature]
        guard let number = Double(cell) else {
          throw Fault(
            .file(
              request.name,
              "has \"\(cell.prefix(40))\" on line \(table.lines[row]) in the column `\(table.header[feature])`, where a number is expected",
              at: range, hint: "name the columns to use: `features: [\"…\"]`"))
        }
        guard !number.isFinite || Float(number).isFinite else {
          throw Fault(
            .file(
              request.name,
              "has \(cell.prefix(40)) on line \(table.lines[row]) in the column `\(table.header[feature])`, more than an f32 can hold",
              at: range))
        }
        x.append(number)
      }
    }
    var columns = [
      (
        name: "x",
        tensor: try makeTensor(
          x, shape: [rows.count, features.count], dtype: .f32, account: .data, at: range)
      )
    ]
    var classes: [String] = []
    if let label {
      let cells = rows.map { table.rows[$0][label] }
      let (y, dtype, names) = labels(cells)
      classes = names
      columns.append(
        ("y", try makeTensor(y, shape: [rows.count], dtype: dtype, account: .data, at: range)))
    }
    return DataSet(name: request.name, columns: columns, classNames: classes)
  }

  private func column(
    _ name: String, of table: CSVTable, _ request: TableRequest, at range: SourceRange
  ) throws(Fault) -> Int {
    guard let index = table.header.firstIndex(of: name) else {
      throw Fault(
        .file(
          request.name, "has no column `\(name)`", at: range,
          hint: Suggestion.closest(to: name, among: table.header).map { "did you mean `\($0)`?" }
            ?? "its columns are \(table.header.map { "`\($0)`" }.joined(separator: ", "))"))
    }
    return index
  }

  private func featureColumns(
    of table: CSVTable, label: Int?, _ request: TableRequest, at range: SourceRange
  ) throws(Fault) -> [Int] {
    if let names = request.features {
      return try names.map { (name) throws(Fault) in
        try column(name, of: table, request, at: range)
      }
    }
    let numeric = table.header.indices.filter { column in
      let cells = table.rows.lazy.map { $0[column] }.filter { !CSVTable.isMissing($0) }
      return column != label && !cells.isEmpty && cells.allSatisfy { Double($0) != nil }
    }
    guard !numeric.isEmpty else {
      throw Fault(.file(request.name, "has no column of numbers", at: range))
    }
    return numeric
  }

  private func completeRows(
    of table: CSVTable, _ columns: [Int], _ request: TableRequest, at range: SourceRange
  ) throws(Fault) -> [Int] {
    var complete: [Int] = []
    for (row, cells) in table.rows.enumerated() {
      guard let gap = columns.first(where: { CSVTable.isMissing(cells[$0]) }) else {
        complete.append(row)
        continue
      }
      guard request.dropsMissing else {
        throw Fault(
          .file(
            request.name,
            "has no value on line \(table.lines[row]) in the column `\(table.header[gap])`",
            at: range, hint: "`missing: drop` leaves such rows out"))
      }
    }
    return complete
  }

  /// Labels as numbers: class numbers for categories and whole numbers from 0, else as they are.
  private func labels(_ cells: [String]) -> ([Double], DType, [String]) {
    let numbers = cells.compactMap(Double.init)
    if numbers.count == cells.count {
      let isClass = numbers.allSatisfy { $0 >= 0 && $0 < 10_000 && $0 == $0.rounded() }
      return (numbers, isClass ? .i32 : .f32, [])
    }
    let names = Set(cells).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Double($0)) })
    return (cells.map { places[$0] ?? 0 }, .i32, names)
  }
}
