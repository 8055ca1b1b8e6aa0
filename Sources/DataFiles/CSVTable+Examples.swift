package import Tensors

extension CSVTable {
  /// What tells a column of a table.
  package enum Column: Hashable, Sendable, ExpressibleByStringLiteral {
    case name(String)
    /// Its number, from 0, or from −1 back.
    case place(Int)

    /// A column by its name: `"price"`.
    package init(stringLiteral name: String) { self = .name(name) }

    fileprivate var text: String {
      switch self {
      case .name(let name): name
      case .place(let place): String(place)
      }
    }
  }

  /// What of a table is learned from.
  package struct Request {
    /// The column of the labels; `nil` for none.
    package var label: Column?
    /// The columns of the features; `nil` for every other column that holds numbers.
    package var features: [Column]?
    /// Leaves rows with missing values out; they are refused otherwise.
    package var dropsMissing: Bool

    /// Without arguments: no labels, and every column that holds numbers.
    package init(
      label: Column? = nil, features: [Column]? = nil, dropsMissing: Bool = false
    ) {
      self.label = label
      self.features = features
      self.dropsMissing = dropsMissing
    }
  }

  /// Rows of features with their labels.
  package struct Examples {
    /// Rows, as far as they are not left out.
    package let count: Int
    /// Numbers in each row of the features.
    package let featureCount: Int
    /// The features, row after row. Each is finite as an f32.
    package let features: [Double]
    /// A number a row; `nil` where no label was asked for.
    package let labels: Labels?
  }

  /// The labels as numbers.
  package struct Labels {
    /// One a row: a class number, or the label itself.
    package let values: [Double]
    /// i32 for class numbers, f32 for labels that are no classes.
    package let dtype: DType
    /// The categories in alphabetical order, by class number; empty where the labels are numbers.
    package let classNames: [String]

    /// Class numbers for categories and for whole numbers from 0 to 9999, else the numbers as they
    /// are.
    init(_ cells: [String]) {
      let numbers = cells.compactMap(CSVTable.number)
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
    if let label, content(of: label) == .mixed { throw mixture(label, isLabel: true) }
    let columns = try featureColumns(
      request.features, except: label, dropsMissing: request.dropsMissing)
    let rows = try completeRows(
      in: columns + (label.map { [$0] } ?? []), dropsMissing: request.dropsMissing)
    var features: [Double] = []
    features.reserveCapacity(rows.count * columns.count)
    for row in rows {
      for column in columns { features.append(try number(row, column)) }
    }
    if let label, content(of: label) == .numbers {
      for row in rows { _ = try number(row, label) }
    }
    return Examples(
      count: rows.count, featureCount: columns.count, features: features,
      labels: label.map { label in Labels(rows.map { self.rows[$0][label] }) })
  }

  private func column(_ column: Column) throws(Problem) -> Int {
    let places =
      switch column {
      case .name(let name): header.indices.filter { header[$0] == name }
      case .place(let place):
        [place < 0 ? place &+ header.count : place].filter(header.indices.contains)
      }
    guard let place = places.first else { throw .noColumn(column.text, known: header) }
    guard places.count == 1 else { throw .repeatedColumn(column.text) }
    return place
  }

  /// The columns that features are taken from. One without a single value is refused where missing
  /// values are, and left out else.
  private func featureColumns(
    _ names: [Column]?, except label: Int?, dropsMissing: Bool
  ) throws(Problem) -> [Int] {
    if let names {
      guard !names.isEmpty else { throw .noFeatures }
      var columns: [Int] = []
      for name in names {
        let column = try column(name)
        guard column != label else { throw .featureIsLabel(header[column]) }
        guard !columns.contains(column) else { throw .featureTwice(header[column]) }
        columns.append(column)
      }
      return columns
    }
    var numeric: [Int] = []
    var empty: [Int] = []
    for column in header.indices where column != label {
      switch content(of: column) {
      case .numbers: numeric.append(column)
      case .words: break
      case .nothing: if !rows.isEmpty { empty.append(column) }
      case .mixed: throw mixture(column)
      }
    }
    guard !numeric.isEmpty else { throw .noNumericColumn }
    if !dropsMissing, let column = empty.first {
      throw .emptyColumn(header[column])
    }
    return numeric
  }

  /// What the cells of a column are, apart from those that say that their value is missing.
  private enum Content { case numbers, words, mixed, nothing }

  private func content(of column: Int) -> Content {
    var (numbers, words) = (false, false)
    for row in rows where !CSVTable.isMissing(row[column]) {
      if CSVTable.number(row[column]) == nil { words = true } else { numbers = true }
    }
    return switch (numbers, words) {
    case (true, true): .mixed
    case (true, false): .numbers
    case (false, true): .words
    case (false, false): .nothing
    }
  }

  /// What to say of a column of numbers and of other cells.
  private func mixture(_ column: Int, isLabel: Bool = false) -> Problem {
    func first(_ isWanted: (String) -> Bool) -> Int {
      rows.firstIndex { !CSVTable.isMissing($0[column]) && isWanted($0[column]) } ?? 0
    }
    let word = first { CSVTable.number($0) == nil }
    let number = first { CSVTable.number($0) != nil }
    return .mixedColumn(
      Mixture(
        column: header[column], cell: rows[word][column], line: lines[word],
        number: rows[number][column], numberLine: lines[number],
        numeric: header.indices.filter { content(of: $0) == .numbers }.map { header[$0] },
        isLabel: isLabel))
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
    guard let number = CSVTable.number(cell) else {
      throw .notNumber(cell, line: lines[row], column: header[column])
    }
    guard Float(number).isFinite else {
      throw .tooLarge(cell, line: lines[row], column: header[column])
    }
    return number
  }
}
