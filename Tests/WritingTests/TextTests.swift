import Testing
import Writing

@Suite struct TextTests {
  @Test(arguments: [
    ("plain", "\"plain\"", "\"plain\""),
    ("a\"b\\c", #""a\"b\\c""#, #""a\"b\\c""#),
    ("\n\t\r", #""\n\t\r""#, #""\n\t\r""#),
    ("\u{1b}[0m", #""\u{1b}[0m""#, #""\u001b[0m""#),
    ("é 世", "\"é 世\"", "\"é 世\""),
  ])
  func `text between quotes, for Cairn and for JSON`(text: String, cairn: String, json: String) {
    #expect(text.quoted == cairn)
    #expect(text.jsonQuoted == json)
  }

  @Test(arguments: [
    (3.0, "3.0"), (-3.0, "-3.0"), (0.0, "0.0"), (-0.0, "0.0"), (1.0 / 3, "0.333333"),
    (0.1 + 0.2, "0.3"), (1.5e-7, "1.5e-7"), (1e20, "1e20"), (123_456_789, "123456789.0"),
    (1234567.5, "1.23457e6"), (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"),
    (.leastNonzeroMagnitude, "4.94066e-324"), (.greatestFiniteMagnitude, "1.79769e308"),
  ])
  func `a number has at most six significant digits`(number: Double, text: String) {
    #expect(NumberFormat.number(number) == text)
  }

  @Test(arguments: [
    (0.25, "0.2500"), (12.34567, "12.3457"), (0.0, "0.0000"), (0.00012345, "0.0001234"),
    (1.5e9, "1.5e9"), (.nan, "nan"), (.infinity, "inf"),
  ])
  func `a loss has four decimals, or four digits far from one`(loss: Double, text: String) {
    #expect(NumberFormat.loss(loss) == text)
  }

  @Test func `nouns follow their numbers`() {
    #expect(CountFormat.noun(1, "step") == "step")
    #expect(CountFormat.noun(0, "index", "indices") == "indices")
    #expect(CountFormat.counted(1200, "step") == "1,200 steps")
  }
}
