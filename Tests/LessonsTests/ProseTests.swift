import Reports
import Testing

@testable import Lessons

@Suite struct ProseTests {
  private func drawn(_ lines: String..., width: Int = 60) -> [String] {
    TerminalRenderer(width: width).text(Prose(lines).report).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
  }

  @Test func `headings, paragraphs and lists stand apart, and lines are joined`() {
    #expect(
      drawn(
        "# Lesson 1: bytes", "", "One", "two.", "", "- first", "  goes on", "- second", "",
        "1. one", "2. two", "Last.")
        == [
          "Lesson 1: bytes", "", "One two.", "", "  - first goes on", "  - second",
          "  1. one", "  2. two Last.",
        ])
  }

  @Test func `an item's further lines stand behind its mark`() {
    #expect(
      drawn("- one two three four five six seven eight", width: 40)
        == ["  - one two three four five six seven", "    eight"])
  }

  @Test func `an indented block stands as it is`() {
    #expect(
      drawn("A picture:", "", "    a  ● b", "      c", "", "After.")
        == ["A picture:", "", "    a  ● b", "      c", "", "After."])
  }

  @Test(arguments: [
    ("a *b c* d", "a b c d"), ("2 * 3 * 4", "2 * 3 * 4"), ("**b**", "b"),
    ("`x * y` and *z*", "`x * y` and z"),
    ("a* b*", "a* b*"), ("*", "*"), ("`open", "`open"), ("", ""),
  ])
  func `stars that mark words are taken away, and no others`(text: String, plain: String) {
    #expect(Prose.styled(text).plain == plain)
  }

  @Test func `emphasis and code have their styles`() {
    #expect(
      Prose.styled("a *b* `c`").runs.map(\.style) == [.plain, .strong, .plain, .name])
  }
}
