extension CSVTable.Column {
  /// What the cells of a column are, apart from those that say that their value is missing.
  struct Survey {
    /// A cell, for messages, and the line of its row.
    struct Sample {
      let text: String
      let line: Int

      init(_ cell: UnsafeBufferPointer<UInt8>, line: Int) {
        text = String(decoding: cell.prefix(64), as: UTF8.self)
        self.line = line
      }
    }

    /// What the cells of a column may be.
    enum Content { case numbers, words, mixed, nothing }

    /// The first cell that is a number.
    private(set) var number: Sample?
    /// The first cell that is none.
    private(set) var word: Sample?

    /// What they are together.
    var content: Content {
      switch (number != nil, word != nil) {
      case (true, true): .mixed
      case (true, false): .numbers
      case (false, true): .words
      case (false, false): .nothing
      }
    }

    /// Takes note of another cell.
    mutating func see(_ cell: UnsafeBufferPointer<UInt8>, line: Int) {
      switch CSVCell(cell) {
      case .number: if number == nil { number = Sample(cell, line: line) }
      case .word: if word == nil { word = Sample(cell, line: line) }
      case .missing: break
      }
    }
  }
}
