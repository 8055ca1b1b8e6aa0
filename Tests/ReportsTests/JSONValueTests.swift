import Foundation
import Reports
import Testing

@Suite struct JSONValueTests {
  private func parsed(_ value: JSONValue) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(value.text.utf8), options: .fragmentsAllowed)
  }

  @Test func `objects keep their order`() {
    let value = JSONValue.object([("b", .integer(1)), ("a", .array([.null, .boolean(true)]))])
    #expect(value.text == #"{"b":1,"a":[null,true]}"#)
  }

  @Test(arguments: [
    "plain", "quote \" and \\", "line\nand\ttab\r", "\u{0}\u{1f}\u{7f}", "äöü 🪨 ◀ \u{2028}",
    "e\u{301}",
  ])
  func `any text comes back`(text: String) throws {
    #expect(try parsed(.string(text)) as? String == text)
    #expect(!JSONValue.string(text).text.contains("\n"))
  }

  @Test(arguments: [
    Float(0), -0.5, 1 / 3, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 16_777_218, 1e-20,
  ])
  func `an f32 comes back bit for bit`(number: Float) throws {
    let text = JSONValue.single(number).text
    #expect(Float(text)?.bitPattern == number.bitPattern)
    #expect(try parsed(.single(number)) is NSNumber)
    #expect(text.count <= 15)
  }

  @Test func `an f64 comes back bit for bit`() {
    for number: Double in [0.1, 1 / 3, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      #expect(Double(JSONValue.number(number).text) == number)
    }
  }

  @Test func `what JSON has no number for is a string`() throws {
    #expect(try parsed(.number(.nan)) as? String == "NaN")
    #expect(try parsed(.single(.infinity)) as? String == "Infinity")
    #expect(try parsed(.number(-.infinity)) as? String == "-Infinity")
  }

  @Test func `a request to stop cuts the numbers of a large value, and ends them in null`() {
    let value = JSONValue.object([
      ("values", .elements(1000) { .integer($0) }), ("ok", .array([.boolean(true)])),
    ])
    var (asked, text) = (0, "")
    value.write(
      isStopped: {
        asked += 1
        return asked > 3
      }, { text += $0 })
    #expect(text == #"{"values":[0,1,2,null],"ok":[true]}"#)
  }
}
