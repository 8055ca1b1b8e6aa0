import Syntax
import Testing

@testable import Notebook

/// How bytes and counts are written in the account.
@Suite struct ByteFormatTests {
  @Test func `exact bytes are grouped in threes`() {
    #expect(ByteFormat.exact(1_234_567) == "1,234,567 B")
    #expect(ByteFormat.exact(-1000) == "-1,000 B")
    #expect(ByteFormat.exact(999) == "999 B")
  }

  @Test func `a change has its sign, and no change says so`() {
    #expect(ByteFormat.change(2048) == "+2 KiB")
    #expect(ByteFormat.change(-64) == "-64 B")
    #expect(ByteFormat.change(0) == "unchanged")
  }

  @Test(arguments: [
    (0, "0"), (950, "950"), (1234, "1.23 k"), (999_999, "1 M"), (45_600_000, "45.6 M"),
  ])
  func `counts of operations in thousands`(count: Int, text: String) {
    #expect(CountFormat.brief(count) == text)
  }

  @Test func `a whole bar is as wide as asked, and a part above nothing shows`() {
    #expect(Bar.text(8, of: 8, width: 5) == "█████")
    #expect(Bar.text(1, of: 1_000_000, width: 5) == "▏")
    #expect(Bar.text(0, of: 8, width: 5) == "")
    #expect(Bar.text(3, of: 0, width: 5) == "")
  }
}
