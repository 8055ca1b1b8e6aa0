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
      ("a,b\n1\n", .rowLength(line: 2, cells: 1, names: 2)),
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
    let large = try CSVTable("a\n1e300\n")
    #expect(throws: CSVTable.Problem.tooLarge("1e300", line: 2, column: "a")) {
      try large.examples(CSVTable.Request())
    }
    let words = try CSVTable("a\nx\n")
    #expect(throws: CSVTable.Problem.noNumericColumn) { try words.examples(CSVTable.Request()) }
  }
}
