package import Tensors

extension CSVTable {
  /// What of a table is learned from.
  package struct Request {
    /// The column of the labels; `nil` for none.
    package var label: String?
    /// The columns of the features; `nil` for every other column that holds numbers.
    package var features: [String]?
    /// Leaves rows with missing values out; they are refused otherwise.
    package var dropsMissing: Bool

    package init(label: String? = nil, features: [String]? = nil, dropsMissing: Bool = false) {
      self.label = label
      self.features = features
      self.dropsMissing = dropsMissing
    }
  }

  /// Rows of features with their labels.
  package struct Examples {
    package let count: Int
    package let featureCount: Int
    /// The features, row after row. Each is finite as an f32, or not finite at all.
    package let features: [Double]
    /// A number a row; `nil` where no label was asked for.
    package let labels: Labels?
  }

  /// The labels as numbers.
  package struct Labels {
    package let values: [Double]
    /// i32 for class numbers, f32 for labels that are no classes.
    package let dtype: DType
    /// The categories in alphabetical order, by class number; empty where the labels are numbers.
    package let classNames: [String]

    /// Class numbers for categories and for whole numbers from 0 to 9999, else the numbers as they
    /// are.
    init(_ cells: [String]) {
      let numbers = cells.compactMap(Double.init)
      if numbers.count == cells.count {
        let areClasses = numbers.allSatisfy { $0 >= 0 && $0 < 10_000 && $0 == $0.rounded() }
        (values, dtype, classNames) = (numbers, areClasses ? .i32 : .f32, [])
      } else {
        let names = Set(cells).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        (values, dtype) = (cells.map { Double(places[$0] ?? 0) }, .i32)
        classNames = names
      }
    }
  }

  /// The rows that a request asks for, as numbers.
  package func examples(_ request: Request) throws(Problem) -> Examples {
    let label = try request.label.map { (name) throws(Problem) in try column(name) }
    let columns = try featureColumns(request.features, except: label)
    let rows = try completeRows(
      in: columns + (label.map { [$0] } ?? []), dropsMissing: request.dropsMissing)
    var features: [Double] = []
    features.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns { features.append(try number(row, column)) }
    }
    return Examples(
      count: rows.count, featureCount: columns.count, features: features,
      labels: label.map { label in Labels(rows.map { self.rows[$0][label] }) })
  }

  private func column(_ name: String) throws(Problem) -> Int {
    guard let index = header.firstIndex(of: name) else {
      throw .noColumn(name, known: header)
    }
    return index
  }

  private func featureColumns(_ names: [String]?, except label: Int?) throws(Problem) -> [Int] {
    if let names {
      return try names.map { (name) throws(Problem) in try column(name) }
    }
    let numeric = header.indices.filter { column in
      let cells = rows.lazy.map { $0[column] }.filter { !CSVTable.isMissing($0) }
      return column != label && !cells.isEmpty && cells.allSatisfy { Double($0) != nil }
    }
    guard !numeric.isEmpty else { throw .noNumericColumn }
    return numeric
  }

  /// The rows that have a value in each of some columns; the others are refused or left out.
  private func completeRows(in columns: [Int], dropsMissing: Bool) throws(Problem) -> [Int] {
    var complete: [Int] = []
    for (row, cells) in rows.enumerated() {
      guard let gap = columns.first(where: { CSVTable.isMissing(cells[$0]) }) else {
        complete.append(row)
        continue
      }
      guard dropsMissing else { throw .missingValue(line: lines[row], column: header[gap]) }
    }
    return complete
  }

  private func number(_ row: Int, _ column: Int) throws(Problem) -> Double {
    let cell = rows[row][column]
    guard let number = Double(cell) else {
      throw .notNumber(cell, line: lines[row], column: header[column])
    }
    guard !number.isFinite || Float(number).isFinite else {
      throw .tooLarge(cell, line: lines[row], column: header[column])
    }
    return number
  }
}
