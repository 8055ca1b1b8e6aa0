import Testing
import Writing

/// Columns that text takes in a terminal.
@Suite struct WidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("äöü", 3), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("ｆｕｌｌ", 8),
    ("👍", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("☁️", 2), ("☁", 1), ("█▌│─◀●", 6), ("− × → …", 7),
    ("\u{200B}", 0), ("\u{1B}[1mbold\u{1B}[0m", 4),
  ])
  func `characters count as a terminal draws them`(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test func `padding and clipping go by columns`() {
    #expect("日".padded(to: 4) == "日  ")
    #expect("日本語".clipped(to: 4) == "日…")
    #expect("abcdef".clipped(to: 4) == "abc…")
    #expect("abcd".clipped(to: 4) == "abcd")
  }

  @Test func `columns of a table stay aligned beside wide characters`() {
    var table = TextTable([.left, .right])
    table.add("日本", "1")
    table.add("ab", "10")
    #expect(table.lines() == ["日本   1", "ab    10"])
  }

  @Test func `sentences break by columns`() {
    #expect(Wrapped.lines("  日本 語語 ab", width: 11) == ["  日本 語語", "  ab"])
  }

  @Test(arguments: [(0.25, 2, "0.25"), (3, 2, "3.00"), (-0.001, 2, "0.00"), (12.5, 0, "13")])
  func `a fixed number of decimals`(number: Double, decimals: Int, text: String) {
    #expect(Decimals.fixed(number, decimals) == text)
  }
}
