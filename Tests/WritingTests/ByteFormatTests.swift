import Testing
import Writing

/// How bytes and counts are written in the account.
@Suite struct ByteFormatTests {
  @Test(arguments: [
    (0, "0 B"), (12, "12 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"),
    (65_536, "64 KiB"), (135_680, "132.5 KiB"), (1_048_576, "1 MiB"), (1_268_777, "1.21 MiB"),
    (1_048_575, "1 MiB"), (-2048, "-2 KiB"), (5 << 30, "5 GiB"), (Int.max, "8 EiB"),
    (Int.min, "-8 EiB"),
  ])
  func `few digits in the largest fitting unit`(count: Int, text: String) {
    #expect(ByteFormat.text(count) == text)
  }

  @Test func `exact bytes are grouped in threes`() {
    #expect(ByteFormat.exact(1_234_567) == "1,234,567 B")
    #expect(ByteFormat.exact(-1000) == "-1,000 B")
    #expect(ByteFormat.exact(999) == "999 B")
  }

  @Test func `two counts that differ differ in writing`() {
    #expect(ByteFormat.apart(2048, 1024) == ("2 KiB", "1 KiB"))
    #expect(ByteFormat.apart(2048, 2048) == ("2 KiB", "2 KiB"))
    #expect(ByteFormat.apart(200_001, 200_000) == ("200,001 B", "200,000 B"))
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
