import DataFiles
import Tensors
import Testing

@Suite struct CSVTableTests {
  private static func table(
    _ text: String, layout: CSVTable.Layout = .usual, ledger: Ledger = Ledger()
  ) throws(DataFileFault) -> CSVTable {
    try CSVTable(MemoryStream(Array(text.utf8)), layout: layout, ledger: ledger)
  }

  /// What is read of a table, as numbers.
  private struct Numbers {
    let count: Int
    let featureCount: Int
    let features: [Double]
    let labels: [Double]?
    let labelType: DType?
    let classNames: [String]
    let featureNames: [String]

    init(
      _ table: CSVTable, _ request: CSVTable.Request = CSVTable.Request()
    ) throws(DataFileFault) {
      let ledger = Ledger()
      let examples = try table.examples(request, ledger: ledger)
      (count, featureCount) = (examples.count, examples.featureCount)
      features = examples.features?.doubles() ?? []
      labels = examples.labels?.doubles()
      labelType = examples.labelType
      classNames = examples.classNames
      featureNames = examples.featureNames
      // What is only counted is the same.
      let shapes = try table.examples(request, ledger: nil)
      #expect(shapes.features == nil && shapes.labels == nil)
      #expect(
        shapes.count == count && shapes.labelType == labelType && shapes.classNames == classNames
          && shapes.featureNames == featureNames)
      #expect(ledger.liveTotal == 4 * count * (featureCount + (labels == nil ? 0 : 1)))
    }
  }

  @Test func `quotes hold commas, quotes and line breaks; empty lines are no rows`() throws {
    let table = try Self.table("a,b\r\n\"x, \"\"y\"\"\",1\n\n\"z\nz\",2\rw,3")
    #expect(table.header == ["a", "b"] && table.rowCount == 3)
    let read = try Numbers(table, CSVTable.Request(label: "a"))
    #expect(read.features == [1, 2, 3])
    #expect(read.classNames == ["w", "x, \"y\"", "z\nz"] && read.labels == [1, 2, 0])
    // The line on which the row starts that follows a row of two.
    let late = try Self.table("a,b\n\"z\nz\",2\n\nw,x\n")
    guard
      case .csv(.mixedColumn(let mixture))? = #expect(
        throws: DataFileFault.self,
        performing: {
          try Numbers(late)
        })
    else { return }
    #expect(mixture.line == 5 && mixture.numberLine == 2)
  }

  @Test(
    arguments: [
      ("", .empty),
      ("a,b\n1\n", .rowLength(line: 2, cells: 1, columns: 2)),
      ("a\n\"open", .openQuote(line: 2)),
      ("a\n\"x\"y\n", .textAfterQuote(line: 2)), ("\n \n", .empty),
      ("a,b\n1,2,3,4\n", .rowLength(line: 2, cells: 4, columns: 2)),
    ] as [(String, CSVTable.Problem)])
  func `what is no table is told with its line`(text: String, problem: CSVTable.Problem) {
    #expect(throws: DataFileFault.csv(problem)) { try Self.table(text) }
  }

  @Test(arguments: [1_048_577, 3_145_728])
  func `a cell of more than a mebibyte is refused, in quotes or not`(length: Int) {
    let plain = String(repeating: "x", count: length)
    for text in [plain, "\"\(plain)\""] {
      let fault = #expect(throws: DataFileFault.self) { try Self.table("a\n1\n\(text)\n") }
      let isTold = fault == .csv(.longCell(line: 3, limit: 1 << 20))
      #expect(isTold)
    }
  }

  private let table = "n,m,kind\n1,0.5,b\nNA,2,a\n3,4,a\n"

  @Test func `categories become class numbers in alphabetical order`() throws {
    let request = CSVTable.Request(label: "kind", dropsMissing: true)
    let examples = try Numbers(Self.table(table), request)
    #expect(examples.count == 2 && examples.featureCount == 2)
    #expect(examples.features == [1, 0.5, 3, 4])
    #expect(examples.labels == [1, 0] && examples.labelType == .i32)
    #expect(examples.classNames == ["a", "b"])
  }

  @Test func `labels that are numbers are classes where they are whole, and numbers otherwise`()
    throws
  {
    let whole = try Numbers(Self.table("x,y\n1,0\n2,7\n"), CSVTable.Request(label: "y"))
    #expect(whole.labels == [0, 7] && whole.labelType == .i32)
    let broken = try Numbers(Self.table("x,y\n1,0.5\n2,7\n"), CSVTable.Request(label: "y"))
    #expect(broken.labels == [0.5, 7] && broken.labelType == .f32 && broken.classNames == [])
    // What a row that is left out has decides nothing.
    let dropped = try Numbers(
      Self.table("x,y\n1,3\n,0.5\n2,7\n"), CSVTable.Request(label: "y", dropsMissing: true))
    #expect(dropped.labels == [3, 7] && dropped.labelType == .i32)
  }

  @Test(
    arguments: [
      (CSVTable.Request(label: "kin"), .noColumn("kin", known: ["n", "m", "kind"])),
      (CSVTable.Request(), .missingValue(line: 3, column: "n")),
      (CSVTable.Request(features: ["n", "kind"]), .missingValue(line: 3, column: "n")),
    ] as [(CSVTable.Request, CSVTable.Problem)])
  func `what a table has not is told with its place`(
    request: CSVTable.Request, problem: CSVTable.Problem
  ) throws {
    let table = try Self.table(table)
    #expect(throws: DataFileFault.csv(problem)) { try Numbers(table, request) }
  }

  @Test(arguments: ["1e39", "1e999", "-1e39", "-1e999", "1e300", "4e38", "1e99999999999999999999"])
  func `a number that an f32 cannot hold is refused alike, however large it is`(
    number: String
  ) throws {
    let large = try Self.table("a,b\n\(number),1\n2,3\n")
    let problem = DataFileFault.csv(.tooLarge(number, line: 2, column: "a"))
    #expect(throws: problem) { try Numbers(large) }
    #expect(throws: problem) { try Numbers(large, CSVTable.Request(label: "a")) }
    #expect(throws: problem) { try Numbers(large, CSVTable.Request(features: ["a"])) }
    #expect(try Numbers(large, CSVTable.Request(features: ["b"])).features == [1, 3])
    let gap = try Self.table("a,b\n\(number),\n2,3\n")
    #expect(try Numbers(gap, CSVTable.Request(dropsMissing: true)).features == [2, 3])
  }

  @Test func `words that are features become a number a category`() throws {
    let text = "x,island,sex\n1,Dream,f\n2,Biscoe,m\n3,Dream,NA\n4,\"a, b\",f\n"
    let table = try Self.table(text)
    let request = CSVTable.Request(
      label: "sex", features: ["island", "x"], dropsMissing: true)
    let read = try Numbers(table, request)
    #expect(read.featureNames == ["island=Biscoe", "island=Dream", "island=a, b", "x"])
    #expect(read.features == [0, 1, 0, 1, 1, 0, 0, 2, 0, 0, 1, 4])
    #expect(read.labels == [0, 1, 0] && read.classNames == ["f", "m"])
    // What only a row has that is left out is no category.
    let few = try Numbers(
      table, CSVTable.Request(features: ["sex", "island"], dropsMissing: true))
    #expect(few.featureNames.count == 5 && few.count == 3)
    let dropped = try Numbers(
      Self.table("x,k\n,only\n1,a\n2,b\n"),
      CSVTable.Request(features: ["k", "x"], dropsMissing: true))
    #expect(dropped.featureNames == ["k=a", "k=b", "x"])
    #expect(dropped.features == [1, 0, 1, 0, 1, 2])
    #expect(throws: DataFileFault.csv(.missingValue(line: 4, column: "sex"))) {
      try Numbers(table, CSVTable.Request(features: ["sex"]))
    }
    let many = try Self.table("k\n" + (0...1000).map { "w\($0)\n" }.joined())
    #expect(throws: DataFileFault.csv(.manyCategories("k", limit: 1000))) {
      try Numbers(many, CSVTable.Request(features: ["k"]))
    }
  }

  @Test func `tables without numbers are refused`() throws {
    let words = try Self.table("a\nx\n")
    #expect(throws: DataFileFault.csv(.noNumericColumn)) { try Numbers(words) }
  }

  @Test func `numbers are those that the standard library reads`() throws {
    var texts = [
      "0", "-0", "+1", ".5", "5.", "1e5", "1E-5", "1e+5", "123456789012345678901234567890",
      "0.1", "9007199254740993", "1e22", "1e23", "3.4028234e38", "1e-45", "1e-400",
      "0.000000000000000000000000000000000001", "179769313486231570000e-290", "1.7976931348623157",
      "8.5070591730234615e37", "16777217", "0.30000001192092896",
    ]
    var state: UInt64 = 9
    for _ in 0..<2000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let digits = String(state >> (state % 48))
      texts.append("\(digits.prefix(3)).\(digits.dropFirst(3))e\(Int(state >> 58) - 32)")
    }
    let table = try Self.table("a\n" + texts.joined(separator: "\n"))
    let expected = texts.map { text in Double(Float(Double(text) ?? .nan)) }
    #expect(try Numbers(table).features == expected)
  }

  @Test func `a table of many pieces is read as a short one is`() throws {
    let rows = 200_000
    let text = (0..<rows).map { "\($0 % 977).\($0 % 10),\"\($0 % 7) x\",\(-$0)\n" }.joined()
    let read = try Numbers(Self.table("a,kind,b\n" + text), CSVTable.Request(label: "kind"))
    #expect(read.count == rows && read.classNames.count == 7)
    for row in [0, 1, 65_535, 131_072, rows - 1] {
      let first = Double(Float("\(row % 977).\(row % 10)") ?? .nan)
      #expect(read.features[2 * row] == first && read.features[2 * row + 1] == -Double(row))
      #expect(read.labels?[row] == Double(row % 7))
    }
  }

  @Test func `bytes that are no UTF-8 are told with their line`() throws {
    var bytes = Array("a,kind\n1,é\n2,x".utf8) + [0xE9, 0x0A]
    #expect(throws: DataFileFault.csv(.notUTF8(line: 3))) {
      try CSVTable(MemoryStream(bytes), ledger: Ledger())
    }
    bytes = [0xFF, 0xFE] + Array("a,b\n1,2\n".utf8)
    #expect(throws: DataFileFault.csv(.notUTF8(line: 1))) {
      try CSVTable(MemoryStream(bytes), ledger: Ledger())
    }
    bytes = [0xEF, 0xBB, 0xBF] + Array("a,b\n1,2\n".utf8)
    #expect(try CSVTable(MemoryStream(bytes), ledger: Ledger()).header == ["a", "b"])
  }

  @Test func `a budget is asked before a table's numbers are stored`() throws {
    let table = try Self.table("a,b\n1,2\n3,4\n")
    let ledger = Ledger(budget: 15)
    #expect(throws: DataFileFault.self) {
      try table.examples(CSVTable.Request(), ledger: ledger)
    }
    #expect(ledger.liveTotal == 0)
  }

  @Test func `labels of too many words are refused`() throws {
    let text = (0...100_000).map { "1,w\($0)\n" }.joined()
    let table = try Self.table("a,id\n" + text)
    #expect(throws: DataFileFault.csv(.manyClasses("id", limit: 100_000))) {
      try Numbers(table, CSVTable.Request(label: "id"))
    }
  }

  @Test(arguments: ["3O", "None", "1,234", "0x10", "1_000", "1e", "12 3", "true"])
  func `a cell that is no number in a column of numbers is refused with its place`(
    cell: String
  ) throws {
    let table = try Self.table("a,m\n1,5\n2,\"\(cell)\"\n")
    for label in [nil, "m"] as [CSVTable.Column?] {
      let problem = CSVTable.Problem.mixedColumn(
        .init(
          column: "m", cell: cell, line: 3, number: "5", numberLine: 2, numeric: ["a"],
          isLabel: label != nil))
      #expect(throws: DataFileFault.csv(problem)) {
        try Numbers(table, CSVTable.Request(label: label))
      }
    }
    #expect(throws: DataFileFault.csv(.notNumber(cell, line: 3, column: "m"))) {
      try Numbers(table, CSVTable.Request(features: ["m"]))
    }
    #expect(try Numbers(table, CSVTable.Request(features: ["a"])).features == [1, 2])
  }

  @Test(arguments: ["NAN", "-nan", "inf", "+Infinity", "", "NA", "n/a", "NULL", "?"])
  func `numbers without an end, and marks of what is missing, are missing`(cell: String) throws {
    let table = try Self.table("a,m\n1,5\n2,\(cell)\n")
    #expect(throws: DataFileFault.csv(.missingValue(line: 3, column: "m"))) {
      try Numbers(table, CSVTable.Request())
    }
    #expect(try Numbers(table, CSVTable.Request(dropsMissing: true)).features == [1, 5])
  }

  @Test func `spaces around names, numbers, words and quotes are no part of them`() throws {
    let table = try Self.table("a , kind\n 1, \"x y\" \n\t2 ,z\n")
    let examples = try Numbers(table, CSVTable.Request(label: "kind"))
    #expect(examples.features == [1, 2])
    #expect(examples.classNames == ["x y", "z"])
  }

  @Test func `other separators, and tables without names`() throws {
    let layout = try #require(CSVTable.Layout(separator: ";", hasHeader: false))
    let table = try Self.table("5.1;1,5;a\n4.9;3;b\n", layout: layout)
    #expect(table.header == ["0", "1", "2"])
    let examples = try Numbers(
      table, CSVTable.Request(label: .place(-1), features: [.place(0)]))
    #expect(
      examples.features == [5.1, 4.9].map { Double(Float($0)) } && examples.labels == [0, 1])
    let tabs = try Self.table(
      "a\tb\n1\t\n", layout: try #require(CSVTable.Layout(separator: "\t")))
    #expect(tabs.header == ["a", "b"] && tabs.rowCount == 1)
    #expect(try Numbers(tabs, CSVTable.Request(features: ["a"])).features == [1])
    for separator in ["", ";;", "\"", "\n", "é"] {
      #expect(CSVTable.Layout(separator: separator) == nil)
    }
  }

  @Test func `a first line of numbers is taken as names only where that is said`() throws {
    let iris = "5.1,3.5,setosa\n4.9,3.0,setosa\n"
    #expect(throws: DataFileFault.csv(.numbersAsNames("5.1"))) { try Self.table(iris) }
    #expect(throws: DataFileFault.csv(.numbersAsNames("7"))) { try Self.table("7,0,0\n1,2,3\n") }
    #expect(try Self.table("country,2019\nx,1\n").header == ["country", "2019"])
    let said = try #require(CSVTable.Layout(separator: ",", hasHeader: true))
    #expect(try Self.table("2019,2020\n1,2\n", layout: said).header == ["2019", "2020"])
  }

  @Test func `a name that two columns have tells none, a place does`() throws {
    let table = try Self.table("a,a\n1,2\n")
    #expect(throws: DataFileFault.csv(.repeatedColumn("a"))) {
      try Numbers(table, CSVTable.Request(features: ["a"]))
    }
    #expect(try Numbers(table, CSVTable.Request(features: [.place(1)])).features == [2])
    #expect(throws: DataFileFault.csv(.noColumn("2", known: ["a", "a"]))) {
      try Numbers(table, CSVTable.Request(label: .place(2)))
    }
  }
}
