import Tensors

extension CSVTable {
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

    private let table: CSVTable
    private let dropsMissing: Bool
    private let width: Int
    private let labelColumn: Int?
    private let labelsAreWords: Bool
    /// What each column is: the place of a feature, or one of the two below.
    private let roles: [Int]
    private static let label = -1
    private static let nothing = -2

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

    /// Class numbers of words in the order in which they came up.
    private var classes: [String: Int32] = [:]
    private let classTable: Workspace
    /// Whether all labels are whole numbers that classes may have.
    private var areClasses = true

    /// Most different words among the labels.
    static let mostClasses = 100_000

    init(_ table: CSVTable, _ choice: Choice, dropsMissing: Bool) throws(DataFileFault) {
      self.table = table
      self.dropsMissing = dropsMissing
      width = choice.features.count
      labelColumn = choice.label
      var roles = table.header.map { _ in Filling.nothing }
      for (place, column) in choice.features.enumerated() { roles[column] = place }
      if let label = choice.label { roles[label] = Filling.label }
      self.roles = roles
      labelsAreWords = choice.label.map { table.columns[$0].content == .words } ?? false
      classTable = try DataFiles.room { () throws(MemoryError) in
        try Workspace(ledger: table.ledger)
      }
    }

    /// Goes through the rows. Throws where one has a value that is none, or lacks one and is not
    /// left out.
    mutating func run() throws(DataFileFault) {
      try table.scan { (column, cell, line) throws(DataFileFault) in
        let role = roles[column]
        if role != Filling.nothing { try take(cell, column, role, line) }
      } endOfRow: { (line) throws(DataFileFault) in
        try endRow(line)
      }
    }

    private mutating func take(
      _ cell: UnsafeBufferPointer<UInt8>, _ column: Int, _ role: Int, _ line: Int
    ) throws(DataFileFault) {
      switch CSVCell(cell) {
      case .missing:
        if gap == nil { gap = column }
      case .word where role == Filling.label && labelsAreWords:
        labelWord = String(decoding: cell, as: UTF8.self)
      case .word:
        let text = CSVTable.Column.Survey.Sample(cell, line: line).text
        if fault == nil { fault = .csv(.notNumber(text, line: line, column: table.header[column])) }
      case .number(let number):
        let single = Float(number)
        if !single.isFinite {
          let text = CSVTable.Column.Survey.Sample(cell, line: line).text
          if fault == nil {
            fault = .csv(.tooLarge(text, line: line, column: table.header[column]))
          }
        } else if role == Filling.label {
          labelNumber = number
        } else if let target, count < rowLimit {
          // Behind the last complete row, others may be left out.
          target[count * width + role] = single
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
      count += 1
    }

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
      try DataFiles.room { () throws(MemoryError) in
        try classTable.add(96 + labelWord.utf8.count)
      }
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
