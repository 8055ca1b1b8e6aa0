import DataFiles
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Texts as data: their symbols, and what is made of them.
  static let textDataBuiltins: [Builtin] = [
    Builtin(
      "text_corpus",
      [
        .init("path"),
        .init(
          "unit", default: "character", words: Alphabet.Unit.allCases.map(\.rawValue)),
      ],
      summary: """
        The text in a file, compressed by gzip or not, as symbols i32[n]: its characters (code \
        points of UTF-8), numbered in their order, or its bytes, of which there are 256. \
        `windows` makes rows of it, `encode` and `decode` go from strings to symbols and back, \
        `split` cuts it in two; it has the fields `symbols`, `alphabet` and `vocabulary`.
        """,
      example: """
        let book = text_corpus("book.txt")
        book.vocabulary
        """
    ) { (arguments, machine) throws(Fault) in
      let path = try arguments.string(0)
      let word = try arguments.word(1, among: Alphabet.Unit.allCases.map(\.rawValue))
      let unit = word.flatMap(Alphabet.Unit.init) ?? .character
      return .dataSet(try machine.text(path, unit, at: arguments.value(0).range))
    },
    Builtin(
      "windows", [.init("data"), .init("length"), .init("step", default: "1")],
      summary: """
        Each stretch of so many entries of a text, or of a tensor along its first axis, as a row \
        of x, and the same stretch one entry later as the row of y: what comes next at each place. \
        A window begins `step` entries behind the one before it. No row is held: `batches` copies \
        those of a batch, and x and y lay out all.
        """,
      example: "windows(sonnets(), length: 32)"
    ) { (arguments, machine) throws(Fault) in
      try machine.windows(arguments)
    },
    Builtin(
      "encode", [.init("data"), .init("text")],
      summary: "A string as symbols i32[n] of a text's alphabet.",
      example: "encode(sonnets(), \"to be\")"
    ) { (arguments, machine) throws(Fault) in
      .tensor(try machine.encoded(arguments))
    },
    Builtin(
      "decode", [.init("data"), .init("symbols")],
      summary: """
        What symbols of a text's alphabet stand for: one symbol, a list or a tensor of them as a \
        string; a tensor [rows, n] as a list of strings. Bytes that are no UTF-8 come out as `�`.
        """,
      example: "decode(sonnets(), encode(sonnets(), \"to be\"))"
    ) { (arguments, machine) throws(Fault) in
      try machine.decoded(arguments)
    },
  ]

  /// The text in a file.
  func text(
    _ path: String, _ unit: Alphabet.Unit, at range: SourceRange
  ) throws(Fault) -> DataSet {
    try text(path, unit, at: range) { () throws(Fault) in
      try reading(path, at: range) { (stream) throws(DataFileFault) in
        try stream.rereadable().inflated()
      }
    }
  }

  /// A text as a data set of one column, its symbols.
  func text(
    _ name: String, _ unit: Alphabet.Unit, at range: SourceRange,
    _ stream: () throws(Fault) -> any RereadableStream
  ) throws(Fault) -> DataSet {
    guard trace == nil else { throw Fault(.dataInBlock(at: range)) }
    let stream = try stream()
    let file: TextFile
    let symbols: TensorValue
    do throws(DataFileFault) {
      file = try TextFile(stream, unit: unit)
      symbols =
        isSketching
        ? TensorValue(sketch: TensorType([file.count], .i32), role: .data, origin: range)
        : TensorValue(try file.symbols(ledger: ledger), role: .data, origin: range)
    } catch {
      throw fault(from: error, reading: name, at: range)
    }
    return DataSet(
      name: name, columns: [DataColumn("symbols", symbols)], alphabet: file.alphabet)
  }

  /// `windows(data, length, step)`
  private func windows(_ arguments: Arguments) throws(Fault) -> Value {
    let (name, column, alphabet) = try windowed(arguments)
    let length = try arguments.count(1)
    let step = arguments.optional(2) == nil ? 1 : try arguments.count(2)
    let entries = column.shape.axes.first ?? 0
    guard entries > length else {
      throw Fault(.value(.shortText(entries, length: length), at: arguments.value(1).range))
    }
    let count = (entries - length - 1) / step + 1
    return .dataSet(
      DataSet(
        name: name,
        columns: ["x", "y"].enumerated().map { start, name in
          DataColumn(
            name, column,
            windows: Windows(length: length, start: start, step: step, count: count))
        }, alphabet: alphabet))
  }

  /// What windows are made of: a text, or a tensor as data.
  private func windowed(
    _ arguments: Arguments
  ) throws(Fault) -> (name: String, column: TensorValue, alphabet: Alphabet?) {
    let argument = arguments.value(0)
    switch argument.value {
    case .dataSet(let data) where data.columns.count == 1 && data.columns[0].windows == nil:
      return (data.name, data.columns[0].tensor, data.alphabet)
    case .tensor(let x):
      return ("windows", try dataColumn(x, at: argument.range), nil)
    default: throw arguments.mismatch(.textOrTensor, 0)
    }
  }

  /// `encode(data, text)`
  private func encoded(_ arguments: Arguments) throws(Fault) -> TensorValue {
    let alphabet = try arguments.alphabet(0)
    let text = try arguments.string(1)
    let column = try emptyColumn(
      TensorType([alphabet.length(of: text)], .i32), at: arguments.range)
    guard let tensor = column.tensor else { return column }
    do {
      try alphabet.encode(
        text, into: tensor.storage.pointer.assumingMemoryBound(to: Int32.self))
    } catch {
      throw Fault(
        .value(
          .stranger(String(error.character), at: error.place), at: arguments.value(1).range))
    }
    return column
  }

  /// `decode(data, symbols)`
  private func decoded(_ arguments: Arguments) throws(Fault) -> Value {
    let alphabet = try arguments.alphabet(0)
    let argument = arguments.value(1)
    guard case .tensor(let x) = argument.value else {
      var symbols: [Int] = []
      if case .integer(let symbol) = argument.value {
        symbols = [symbol]
      } else {
        symbols = try arguments.integers(1)
      }
      return .string(.of(try decoded(symbols, alphabet, at: argument.range)))
    }
    guard x.dtype.isIndex, x.shape.rank <= 2 else { throw arguments.mismatch(.symbols, 1) }
    let tensor = try readable(x, at: argument.range)
    guard x.shape.count <= Interpreter.longestString else {
      throw Fault(.tooLong(.string, limit: Interpreter.longestString, at: argument.range))
    }
    let width = x.shape.axes.last ?? 1
    let rows = x.shape.rank == 2 ? x.shape[0] : 1
    var texts: [Value] = []
    for row in 0..<rows {
      let symbols = (0..<width).map { Int(tensor.number(at: row * width + $0)) }
      texts.append(.string(.of(try decoded(symbols, alphabet, at: argument.range))))
    }
    return x.shape.rank < 2 ? texts[0] : try list(rows, at: argument.range) { texts }
  }

  private func decoded(
    _ symbols: [Int], _ alphabet: Alphabet, at range: SourceRange
  ) throws(Fault) -> String {
    if let other = symbols.first(where: { !(0..<alphabet.count).contains($0) }) {
      throw Fault(.value(.noSymbol(other, count: alphabet.count), at: range))
    }
    return alphabet.decode(symbols)
  }
}

extension Arguments {
  /// The alphabet of a text, or of windows of one.
  fileprivate func alphabet(_ index: Int) throws(Fault) -> Alphabet {
    if case .dataSet(let data) = value(index).value, let alphabet = data.alphabet {
      return alphabet
    }
    throw mismatch(.textData, index)
  }
}
