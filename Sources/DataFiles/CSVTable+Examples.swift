package import Tensors

extension CSVTable {
  /// What tells a column of a table.
  package enum Column: Hashable, Sendable, ExpressibleByStringLiteral {
    case name(String)
    /// Its number, from 0, or from −1 back.
    case place(Int)

    /// A column by its name: `"price"`.
    package init(stringLiteral name: String) { self = .name(name) }

    var text: String {
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
    /// The columns of the features; `nil` for every other column that holds numbers. One that holds
    /// words becomes a number a category: 1 for the row's own, and 0.
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
    package var featureCount: Int { featureNames.count }
    /// What each of them is: a column's name, and of a column of words also the category.
    package let featureNames: [String]
    /// The features, f32 [count, featureCount], all finite; `nil` where only shapes were asked for.
    package let features: Tensor?
    /// A number a row: i32 for class numbers, f32 for labels that are no classes; `nil` where no
    /// label was asked for, or only shapes.
    package let labels: Tensor?
    /// The type of the labels; `nil` where none was asked for.
    package let labelType: DType?
    /// The categories in alphabetical order, by class number; empty where the labels are numbers.
    package let classNames: [String]
  }

  /// The rows that a request asks for, read into tensors that the ledger counts as data; without a
  /// ledger, only their shapes and types.
  package func examples(
    _ request: Request, ledger: Ledger?
  ) throws(DataFileFault) -> Examples {
    let choice = try choice(request)
    var count = rowCount
    var categories: [CategoryList] = []
    if request.dropsMissing || !choice.categories.isEmpty {
      var counting = try Filling(self, choice, dropsMissing: request.dropsMissing)
      try counting.run()
      count = counting.count
      categories = counting.finishedCategories()
    }
    let names = featureNames(choice, categories)
    var filling = try Filling(
      self, choice, categories: categories, dropsMissing: request.dropsMissing)
    if let ledger {
      filling.rowLimit = count
      filling.features = try room { () throws(MemoryError) in
        try Tensor(
          uninitialized: [count, names.count], dtype: .f32, account: .data, ledger: ledger)
      }
      if choice.label != nil {
        filling.labels = try room { () throws(MemoryError) in
          try Storage(byteCount: 4 * count, account: .data, ledger: ledger)
        }
      }
    }
    try filling.run()
    guard filling.count == count else { throw .file(.changed) }
    let labels = choice.label == nil ? nil : filling.finishedLabels()
    return Examples(
      count: count, featureNames: names, features: filling.features,
      labels: labels?.tensor, labelType: labels?.dtype, classNames: labels?.names ?? [])
  }

  /// Which columns a request asks for.
  struct Choice {
    /// The columns of the features, in order.
    let features: [Int]
    /// Those of them that hold words, in order.
    let categories: [Int]
    /// The column of the labels.
    let label: Int?
  }

  /// What each number of a row of features is.
  private func featureNames(_ choice: Choice, _ categories: [CategoryList]) -> [String] {
    choice.features.flatMap { column in
      choice.categories.firstIndex(of: column).map { place in
        categories[place].words.map { "\(header[column])=\($0)" }
      } ?? [header[column]]
    }
  }

  private func choice(_ request: Request) throws(DataFileFault) -> Choice {
    let label = try request.label.map { (name) throws(DataFileFault) in try column(name) }
    if let label, columns[label].content == .mixed { throw mixture(label, isLabel: true) }
    let features = try featureColumns(
      request.features, except: label, dropsMissing: request.dropsMissing)
    return Choice(
      features: features, categories: features.filter { columns[$0].content == .words },
      label: label)
  }

  private func column(_ column: Column) throws(DataFileFault) -> Int {
    let places =
      switch column {
      case .name(let name): header.indices.filter { header[$0] == name }
      case .place(let place):
        [place < 0 ? place &+ header.count : place].filter(header.indices.contains)
      }
    guard let place = places.first else { throw .csv(.noColumn(column.text, known: header)) }
    guard places.count == 1 else { throw .csv(.repeatedColumn(column.text)) }
    return place
  }

  /// The columns that features are taken from. One without a single value is refused where missing
  /// values are, and left out else.
  private func featureColumns(
    _ names: [Column]?, except label: Int?, dropsMissing: Bool
  ) throws(DataFileFault) -> [Int] {
    if let names {
      guard !names.isEmpty else { throw .csv(.noFeatures) }
      var chosen: [Int] = []
      for name in names {
        let column = try column(name)
        guard column != label else { throw .csv(.featureIsLabel(header[column])) }
        guard !chosen.contains(column) else { throw .csv(.featureTwice(header[column])) }
        chosen.append(column)
      }
      return chosen
    }
    var numeric: [Int] = []
    var empty: [Int] = []
    for column in header.indices where column != label {
      switch columns[column].content {
      case .numbers: numeric.append(column)
      case .words: break
      case .nothing: if rowCount > 0 { empty.append(column) }
      case .mixed: throw mixture(column)
      }
    }
    guard !numeric.isEmpty else { throw .csv(.noNumericColumn) }
    if !dropsMissing, let column = empty.first {
      throw .csv(.emptyColumn(header[column]))
    }
    return numeric
  }

  /// What to say of a column of numbers and of other cells.
  private func mixture(_ column: Int, isLabel: Bool = false) -> DataFileFault {
    let survey = columns[column]
    return .csv(
      .mixedColumn(
        Mixture(
          column: header[column], cell: survey.word?.text ?? "", line: survey.word?.line ?? 0,
          number: survey.number?.text ?? "", numberLine: survey.number?.line ?? 0,
          numeric: header.indices.filter { columns[$0].content == .numbers }.map { header[$0] },
          isLabel: isLabel)))
  }
}
