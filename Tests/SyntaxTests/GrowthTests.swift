import Testing

@testable import Syntax

/// Work grows with what is asked for: counted, not timed.
@Suite struct GrowthTests {
  /// What is read of a block that comes line by line.
  private func bytesRead(lines count: Int) -> (read: Int, whole: Int) {
    let entry = EntryText()
    entry.append("fn f() {")
    for line in 0..<count { entry.append("  let a\(100_000 + line) = [1, (2)]  # \"note\"") }
    #expect(entry.indentation == 2)
    #expect(entry.append("}"))
    #expect(!Parser.parse(SourceText(name: "", text: entry.text)).isUnfinished)
    return (entry.bytesRead, entry.text.utf8.count)
  }

  @Test func `a block line by line is read a few times, however long it is`() {
    let (one, two) = (bytesRead(lines: 10_000), bytesRead(lines: 20_000))
    #expect(one.read < 6 * one.whole)
    #expect(two.read < 6 * two.whole)
    #expect(two.read * 10 < one.read * 23)
  }

  @Test func `an operator at the end of each line asks for the next one without a parse`() {
    let entry = EntryText()
    for _ in 0..<20_000 { entry.append("1 + (2) +") }
    #expect(entry.bytesRead < 6 * entry.text.utf8.count)
    #expect(entry.append("1"))
  }

  @Test func `a fault in a short block is seen on its own line, in a long one at its double`() {
    let entry = EntryText()
    #expect(entry.append("f(1,"))
    #expect(entry.append("let x = 3"))
    #expect(!Parser.parse(SourceText(name: "", text: entry.text)).isUnfinished)
    var parses = 0
    for _ in 0..<50_000 where entry.append("let x = 3") { parses += 1 }
    #expect(parses < 500)
    #expect(entry.append("let x = 3)"))
  }

  @Test func `the next line is two spaces in for each line that leaves brackets open`() {
    let entry = EntryText()
    #expect(entry.indentation == 0)
    for (line, indentation) in [
      ("fn f(x) { g([", 2), ("  1, {", 4), ("  (", 6), (")", 4), ("}", 2), ("])", 2), ("}", 2),
    ] {
      entry.append(line)
      #expect(entry.indentation == indentation, "\(line)")
    }
  }

  /// Bytes counted for the places of all statements on one line.
  private func bytesCounted(_ statement: String, _ count: Int) -> Int {
    let source = SourceText(name: "", text: String(repeating: statement, count: count))
    for number in 0..<count {
      let place = source.position(at: number * statement.utf8.count)
      #expect(place.column == number * statement.count + 1)
    }
    return source.bytesCounted
  }

  @Test(arguments: ["let a = 1; ", "print(\"層👩‍👩‍👧e\u{301}\"); "])
  func `places on one line cost no more the longer it is`(statement: String) {
    let (one, two) = (bytesCounted(statement, 2000), bytesCounted(statement, 4000))
    #expect(one < 2000 * 2 * SourceText.stride)
    #expect(two * 10 < one * 22)
  }

  @Test(arguments: ["a", "層", "e\u{301}", "a b "])
  func `a text of any length makes a message of a stated one`(part: String) {
    let name = String(repeating: part, count: 1_000_000)
    let source = SourceText(name: "f", text: "x = \(name)")
    let range = SourceRange(source, 4, 4 + name.utf8.count)
    let fault = Diagnostic(
      .name, "c", "no '\(name)' here", at: range, hint: "did you mean '\(name)'?",
      notes: [.init(range, name)])
    #expect(fault.message.unicodeScalars.count <= String.longestText)
    #expect(fault.message.hasPrefix("no '") && fault.message.hasSuffix("' here"))
    #expect(fault.hint == nil)
    #expect(DiagnosticRenderer().text(fault).unicodeScalars.count < 3 * String.longestText)
  }

  @Test func `what is not too long is shown as it is`() {
    let path = "/" + String(repeating: "a", count: String.longestWord - 1)
    let fault = Diagnostic(.io, "c", "no \(path) there", at: nil, hint: "look at \(path)")
    #expect(fault.message == "no \(path) there")
    #expect(fault.hint == "look at \(path)")
  }

  @Test(arguments: ["(", "[", "-", "fn f() {", "if true {", "not ", "x[", "repeat 2 {", "\"\\("])
  func `brackets ten thousand deep are refused, and read a few times`(opener: String) async {
    let text = String(repeating: opener, count: 10_000)
    let faults = await onDeepStack { parse(text).faults }
    #expect(!faults.isEmpty)
  }
}
