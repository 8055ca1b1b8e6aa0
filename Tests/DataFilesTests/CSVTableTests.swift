import DataFiles
import Tensors
import Testing

@Suite struct CSVTableTests {
  @Test func `quotes hold commas, quotes and line breaks; empty lines are no rows`() throws {
    let table = try CSVTable("a,b\r\n\"x, \"\"y\"\"\",1\n\nz,2")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["x, \"y\"", "1"], ["z", "2"]])
    #expect(table.lines == [2, 4])
  }

  @Test(
    arguments: [
      ("", .empty),
      ("a,b\n1\n", .rowLength(line: 2, cells: 1, columns: 2)),
      ("a\n\"open", .openQuote(line: 2)),
      ("a\n\"x\"y\n", .textAfterQuote(line: 2)),
    ] as [(String, CSVTable.Problem)])
  func `what is no table is told with its line`(text: String, problem: CSVTable.Problem) {
    #expect(throws: problem) { try CSVTable(text) }
  }

  private let table = "n,m,kind\n1,0.5,b\nNA,2,a\n3,4,a\n"

  @Test func `categories become class numbers in alphabetical order`() throws {
    let request = CSVTable.Request(label: "kind", dropsMissing: true)
    let examples = try CSVTable(table).examples(request)
    #expect(examples.count == 2 && examples.featureCount == 2)
    #expect(examples.features == [1, 0.5, 3, 4])
    #expect(examples.labels?.values == [1, 0])
    #expect(examples.labels?.dtype == .i32)
    #expect(examples.labels?.classNames == ["a", "b"])
  }

  @Test func `labels that are numbers are classes where they are whole, and numbers otherwise`()
    throws
  {
    let whole = try CSVTable("x,y\n1,0\n2,7\n").examples(CSVTable.Request(label: "y"))
    #expect(whole.labels?.values == [0, 7] && whole.labels?.dtype == .i32)
    let broken = try CSVTable("x,y\n1,0.5\n2,7\n").examples(CSVTable.Request(label: "y"))
    #expect(broken.labels?.values == [0.5, 7] && broken.labels?.dtype == .f32)
    #expect(broken.labels?.classNames == [])
  }

  @Test(
    arguments: [
      (CSVTable.Request(label: "kin"), .noColumn("kin", known: ["n", "m", "kind"])),
      (CSVTable.Request(), .missingValue(line: 3, column: "n")),
      (CSVTable.Request(features: ["m", "kind"]), .notNumber("b", line: 2, column: "kind")),
    ] as [(CSVTable.Request, CSVTable.Problem)])
  func `what a table has not is told with its place`(
    request: CSVTable.Request, problem: CSVTable.Problem
  ) throws {
    let table = try CSVTable(table)
    #expect(throws: problem) { try table.examples(request) }
  }

  @Test func `numbers that an f32 cannot hold, and tables without numbers, are refused`() throws {
    for number in ["1e300", "-1e999"] {
      let large = try CSVTable("a\n\(number)\n")
      #expect(throws: CSVTable.Problem.tooLarge(number, line: 2, column: "a")) {
        try large.examples(CSVTable.Request())
      }
    }
    let words = try CSVTable("a\nx\n")
    #expect(throws: CSVTable.Problem.noNumericColumn) { try words.examples(CSVTable.Request()) }
  }

  @Test(arguments: ["3O", "None", "1,234", "0x10", "1_000", "1e", "12 3", "true"])
  func `a cell that is no number in a column of numbers is refused with its place`(
    cell: String
  ) throws {
    let table = try CSVTable("a,m\n1,5\n2,\"\(cell)\"\n")
    for label in [nil, "m"] as [CSVTable.Column?] {
      let problem = CSVTable.Problem.mixedColumn(
        .init(
          column: "m", cell: cell, line: 3, number: "5", numberLine: 2, numeric: ["a"],
          isLabel: label != nil))
      #expect(throws: problem) { try table.examples(CSVTable.Request(label: label)) }
    }
    #expect(throws: CSVTable.Problem.notNumber(cell, line: 3, column: "m")) {
      try table.examples(CSVTable.Request(features: ["m"]))
    }
    #expect(try table.examples(CSVTable.Request(features: ["a"])).features == [1, 2])
  }

  @Test(arguments: ["NAN", "-nan", "inf", "+Infinity", "", "NA", "n/a", "NULL", "?"])
  func `numbers without an end, and marks of what is missing, are missing`(cell: String) throws {
    let table = try CSVTable("a,m\n1,5\n2,\(cell)\n")
    #expect(throws: CSVTable.Problem.missingValue(line: 3, column: "m")) {
      try table.examples(CSVTable.Request())
    }
    #expect(try table.examples(CSVTable.Request(dropsMissing: true)).features == [1, 5])
  }

  @Test func `spaces around names, numbers, words and quotes are no part of them`() throws {
    let table = try CSVTable("a , kind\n 1, \"x y\" \n\t2 ,z\n")
    let examples = try table.examples(CSVTable.Request(label: "kind"))
    #expect(examples.features == [1, 2])
    #expect(examples.labels?.classNames == ["x y", "z"])
  }

  @Test func `other separators, and tables without names`() throws {
    let layout = try #require(CSVTable.Layout(separator: ";", hasHeader: false))
    let table = try CSVTable("5.1;1,5;a\n4.9;3;b\n", layout: layout)
    #expect(table.header == ["0", "1", "2"])
    let examples = try table.examples(CSVTable.Request(label: .place(-1), features: [.place(0)]))
    #expect(examples.features == [5.1, 4.9] && examples.labels?.values == [0, 1])
    let tabs = try CSVTable(
      "a\tb\n1\t\n", layout: try #require(CSVTable.Layout(separator: "\t")))
    #expect(tabs.rows == [["1", ""]])
    for separator in ["", ";;", "\"", "\n", "é"] {
      #expect(CSVTable.Layout(separator: separator) == nil)
    }
  }

  @Test func `a first line of numbers is taken as names only where that is said`() throws {
    let iris = "5.1,3.5,setosa\n4.9,3.0,setosa\n"
    #expect(throws: CSVTable.Problem.numbersAsNames("5.1")) { try CSVTable(iris) }
    #expect(throws: CSVTable.Problem.numbersAsNames("7")) { try CSVTable("7,0,0\n1,2,3\n") }
    #expect(try CSVTable("country,2019\nx,1\n").header == ["country", "2019"])
    let said = try #require(CSVTable.Layout(separator: ",", hasHeader: true))
    #expect(try CSVTable("2019,2020\n1,2\n", layout: said).header == ["2019", "2020"])
  }

  @Test func `a name that two columns have tells none, a place does`() throws {
    let table = try CSVTable("a,a\n1,2\n")
    #expect(throws: CSVTable.Problem.repeatedColumn("a")) {
      try table.examples(CSVTable.Request(features: ["a"]))
    }
    #expect(try table.examples(CSVTable.Request(features: [.place(1)])).features == [2])
    #expect(throws: CSVTable.Problem.noColumn("2", known: ["a", "a"])) {
      try table.examples(CSVTable.Request(label: .place(2)))
    }
  }
}
