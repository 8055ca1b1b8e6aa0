import Testing

@testable import Syntax

@Suite struct FuzzTests {
  /// Parses and formats what can be read; reaching the end is the test, with few faults.
  private func survive(_ bytes: some Collection<UInt8>) {
    let source = SourceText(name: "fuzz", text: String(decoding: bytes, as: UTF8.self))
    let result = Parser.parse(source)
    #expect(result.faults.count <= 10)
    for fault in result.faults {
      #expect(!DiagnosticRenderer().text(fault).isEmpty)
      #expect((fault.range?.upper ?? 0) <= source.bytes.count)
    }
    if result.faults.isEmpty { expectFormats(source.text) }
  }

  @Test func `random bytes never trap`() {
    var dice = Dice(state: 1)
    for _ in 0..<2000 {
      let length = Int.random(in: 0..<60, using: &dice)
      survive((0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) })
    }
  }

  @Test func `token soup never traps`() {
    var dice = Dice(state: 2)
    let words =
      Keywords.all + Symbol.allCases.map(\.rawValue)
      + ["x", "y", "1", "2.5", "64", "KiB", "\"s\"", "\"\\(", "\n", "\n", "\n", "# c\n", "(", "{"]
    for _ in 0..<4000 {
      let length = Int.random(in: 0..<40, using: &dice)
      let soup = (0..<length).map { _ in words[Int.random(in: 0..<words.count, using: &dice)] }
      survive(soup.joined(separator: dice.chance(80) ? " " : "").utf8)
    }
  }

  @Test func `truncated programs never trap`() throws {
    var corpus = try Grammar.load().examples
    corpus += Keywords.all.compactMap { Keywords.entry($0)?.example }
    for text in corpus { for end in text.utf8.indices { survive(text.utf8[..<end]) } }
    let lines = tour.split(separator: "\n")
    for start in stride(from: 0, to: lines.count, by: 12) {
      let part = lines[start..<min(start + 12, lines.count)].joined(separator: "\n")
      for end in part.utf8.indices { survive(part.utf8[..<end]) }
    }
  }

  @Test func `programs with a byte changed never trap`() {
    var dice = Dice(state: 3)
    let bytes = Array(tour.utf8)
    for _ in 0..<200 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(
        in: 0...255, using: &dice)
      survive(changed)
    }
  }
}
