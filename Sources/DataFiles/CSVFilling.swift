import Tensors

extension CSVTable {
  /// The words of a column that is a feature, and their numbers.
  struct CategoryList {
    /// In alphabetical order.
    let words: [String]
    /// The places among them.
    let numbers: [String: Int]

    /// The words must be different.
    init(words: [String]) {
      self.words = words
      numbers = Dictionary(uniqueKeysWithValues: zip(words, words.indices))
    }
  }

  /// One look through the rows of a table for the columns that are asked for: counts the rows that
  /// are complete, and stores their numbers where there is room for them.
  struct Filling {
    /// The labels as a tensor.
    struct Labels {
      let dtype: DType
      /// The categories by class number; empty where the labels are numbers.
      let names: [String]
      /// `nil` where nothing was stored.
      let tensor: Tensor?
    }

    /// What a column is to the examples.
    private enum Role {
      case nothing, label
      /// A number of the features, at a place in their row.
      case number(Int)
      /// The category with this number among the columns of words that are features.
      case category(Int)
    }

    private let table: CSVTable
    private let dropsMissing: Bool
    private let labelColumn: Int?
    private let labelsAreWords: Bool
    private let roles: [Role]
    /// Numbers in a row of the features, and where in it those of each category begin.
    private let width: Int
    private let starts: [Int]

    /// Where the features go; they go nowhere where it is `nil`.
    var features: Tensor? {
      didSet { target = features?.storage.pointer.assumingMemoryBound(to: Float.self) }
    }
    private var target: UnsafeMutablePointer<Float>?
    /// Where the labels go, 4 bytes each.
    var labels: Storage?
    /// Rows that there is room for.
    var rowLimit = Int.max
    /// Rows that are complete.
    private(set) var count = 0

    // Of the row at hand: the first column without a value, what else is wrong, and its label.
    private var gap: Int?
    private var fault: DataFileFault?
    private var labelNumber = 0.0
    private var labelWord = ""
    private var words: [String]

    /// Class numbers of words in the order in which they came up.
    private var classes: [String: Int32] = [:]
    /// What the words of each category are: as they are found, or as they were.
    private var found: [Set<String>]
    private let categories: [CategoryList]
    /// What words and their numbers take, in the account.
    private let wordTable: Workspace
    /// Whether all labels are whole numbers that classes may have.
    private var areClasses = true

    /// Most different words among the labels.
    static let mostClasses = 100_000
    /// Most different words in a column that is a feature: each is a number in every row.
    static let mostCategories = 1000

    /// A look for the categories, where none are given, or for the numbers.
    init(
      _ table: CSVTable, _ choice: Choice, categories: [CategoryList] = [], dropsMissing: Bool
    ) throws(DataFileFault) {
      self.table = table
      self.dropsMissing = dropsMissing
      self.categories = categories
      labelColumn = choice.label
      var roles = table.header.map { _ in Role.nothing }
      var width = 0
      var starts: [Int] = []
      for column in choice.features {
        if let place = choice.categories.firstIndex(of: column) {
          roles[column] = .category(place)
          starts.append(width)
          width += place < categories.count ? categories[place].words.count : 0
        } else {
          roles[column] = .number(width)
          width += 1
        }
      }
      if let label = choice.label { roles[label] = .label }
      (self.roles, self.width, self.starts) = (roles, width, starts)
      words = choice.categories.map { _ in "" }
      found = choice.categories.map { _ in [] }
      labelsAreWords = choice.label.map { table.columns[$0].content == .words } ?? false
      wordTable = try DataFiles.room { () throws(MemoryError) in
        try Workspace(ledger: table.ledger)
      }
    }

    /// Goes through the rows. Throws where one has a value that is none, or lacks one and is not
    /// left out.
    mutating func run() throws(DataFileFault) {
      try table.scan { (column, cell, line) throws(DataFileFault) in
        try take(cell, column, line)
      } endOfRow: { (line) throws(DataFileFault) in
        try endRow(line)
      }
    }

    private mutating func take(
      _ cell: UnsafeBufferPointer<UInt8>, _ column: Int, _ line: Int
    ) throws(DataFileFault) {
      let role = roles[column]
      if case .nothing = role { return }
      switch (CSVCell(cell), role) {
      case (.missing, _):
        if gap == nil { gap = column }
      case (.word, .label) where labelsAreWords:
        labelWord = String(decoding: cell, as: UTF8.self)
      case (.word, .category(let place)):
        words[place] = String(decoding: cell, as: UTF8.self)
      case (.word, _), (.number, .category):
        let text = CSVTable.Column.Survey.Sample(cell, line: line).text
        if fault == nil { fault = .csv(.notNumber(text, line: line, column: table.header[column])) }
      case (.number(let number), _):
        let single = Float(number)
        if !single.isFinite {
          let text = CSVTable.Column.Survey.Sample(cell, line: line).text
          if fault == nil {
            fault = .csv(.tooLarge(text, line: line, column: table.header[column]))
          }
        } else if case .number(let place) = role {
          // Behind the last complete row, others may be left out.
          if let target, count < rowLimit { target[count * width + place] = single }
        } else {
          labelNumber = number
        }
      }
    }

    private mutating func endRow(_ line: Int) throws(DataFileFault) {
      defer {
        gap = nil
        fault = nil
      }
      if let gap {
        if dropsMissing { return }
        throw .csv(.missingValue(line: line, column: table.header[gap]))
      }
      if let fault { throw fault }
      guard count < rowLimit else { throw .file(.changed) }
      if let labelColumn { try takeLabel(column: labelColumn) }
      for place in words.indices { try takeCategory(place) }
      count += 1
    }

    // MARK: Categories

    private mutating func takeCategory(_ place: Int) throws(DataFileFault) {
      guard place < categories.count else {
        guard !found[place].contains(words[place]) else { return }
        guard found[place].count < Filling.mostCategories else {
          throw .csv(.manyCategories(columnName(ofCategory: place), limit: Filling.mostCategories))
        }
        try remember(words[place])
        found[place].insert(words[place])
        return
      }
      guard let number = categories[place].numbers[words[place]] else { throw .file(.changed) }
      guard let target else { return }
      let row = target + count * width + starts[place]
      for other in categories[place].words.indices { row[other] = other == number ? 1 : 0 }
    }

    private func columnName(ofCategory place: Int) -> String {
      let column = roles.firstIndex { if case .category(place) = $0 { true } else { false } }
      return column.map { table.header[$0] } ?? ""
    }

    /// Counts what a word takes, before it is kept.
    private func remember(_ word: String) throws(DataFileFault) {
      try DataFiles.room { () throws(MemoryError) in
        try wordTable.add(96 + word.utf8.count)
      }
    }

    /// The words that were found in each category, in alphabetical order.
    func finishedCategories() -> [CategoryList] { found.map { CategoryList(words: $0.sorted()) } }

    // MARK: Labels

    private mutating func takeLabel(column: Int) throws(DataFileFault) {
      if labelsAreWords {
        let number = try classNumber(column)
        labels?.pointer.assumingMemoryBound(to: Int32.self)[count] = number
      } else {
        let isClass =
          labelNumber >= 0 && labelNumber < 10_000 && labelNumber == labelNumber.rounded()
        if !isClass { areClasses = false }
        labels?.pointer.assumingMemoryBound(to: Float.self)[count] = Float(labelNumber)
      }
    }

    private mutating func classNumber(_ column: Int) throws(DataFileFault) -> Int32 {
      if let number = classes[labelWord] { return number }
      guard classes.count < Filling.mostClasses else {
        throw .csv(.manyClasses(table.header[column], limit: Filling.mostClasses))
      }
      try remember(labelWord)
      let number = Int32(classes.count)
      classes[labelWord] = number
      return number
    }

    /// The labels of all rows: class numbers for categories, in alphabetical order, and for whole
    /// numbers from 0 to 9999, else the numbers as they are. They are turned where they lie.
    func finishedLabels() -> Labels {
      let names = classes.keys.sorted()
      let dtype: DType = labelsAreWords || areClasses ? .i32 : .f32
      guard let labels else { return Labels(dtype: dtype, names: names, tensor: nil) }
      let whole = labels.pointer.assumingMemoryBound(to: Int32.self)
      if labelsAreWords {
        var places = [Int32](repeating: 0, count: names.count)
        for (place, name) in names.enumerated() {
          if let number = classes[name] { places[Int(number)] = Int32(place) }
        }
        for row in 0..<count { whole[row] = places[Int(whole[row])] }
      } else if areClasses {
        for row in 0..<count {
          whole[row] = Int32(Float(bitPattern: UInt32(bitPattern: whole[row])))
        }
      }
      return Labels(
        dtype: dtype, names: names, tensor: Tensor(shape: [count], dtype: dtype, storage: labels))
    }
  }
}
