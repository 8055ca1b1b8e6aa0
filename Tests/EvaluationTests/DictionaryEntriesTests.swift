import Testing

@testable import Evaluation

/// The entries of a dictionary, against an array of pairs.
@Suite struct DictionaryEntriesTests {
  @Test func `keys are found, keep their order, and a copy stays as it was`() {
    var random = SystemRandomNumberGenerator()
    var entries = DictionaryEntries()
    var pairs: [(key: Int, value: Int)] = []
    for turn in 0..<2000 {
      let key = Int.random(in: -400..<400, using: &random) << (turn % 3 * 20)
      if let known = pairs.firstIndex(where: { $0.key == key }) {
        #expect(entries.place(of: key) == known)
        let before = entries
        entries.change(at: known) { $0 = .integer(turn) }
        guard case .integer(let old) = before[place: known] else { continue }
        #expect(old == pairs[known].value)
        pairs[known].value = turn
      } else {
        #expect(entries.place(of: key) == nil)
        entries.append(.integer(key), .integer(turn))
        pairs.append((key, turn))
      }
    }
    let found = entries.map { entry -> [Int] in
      guard case .integer(let key) = entry.key, case .integer(let value) = entry.value else {
        return []
      }
      return [key, value]
    }
    #expect(found == pairs.map { [$0.key, $0.value] })
    let rest = entries.removing(3)
    #expect(rest.count == entries.count - 1)
    #expect(rest.place(of: pairs[3].key) == nil)
    #expect(rest.place(of: pairs[4].key) == 3)
  }

  @Test func `equal strings are one key, and a truth is no number`() {
    var entries = DictionaryEntries()
    entries.append(.string(.of("\u{E9}")), .integer(1))
    entries.append(.boolean(true), .integer(2))
    #expect(entries.place(of: Text.of("e\u{301}")) == 0)
    #expect(entries.place(of: Text.of("e")) == nil)
    #expect(entries.place(of: 1) == nil)
    #expect(entries.place(of: .boolean(true)) == 1)
    #expect(entries.place(of: .boolean(false)) == nil)
  }

  @Test func `lengths are counted, and the longest is known`() {
    var counts = LengthCounts()
    for length in [4, 2, 9, 4] { counts.add(length) }
    #expect([counts[2], counts[4], counts[9], counts[5]] == [1, 2, 1, 0])
    counts.remove(9)
    #expect(counts.longest == 4)
    counts.remove(4)
    counts.lengthenLast()
    #expect([counts.longest, counts[5], counts[4]] == [5, 1, 0])
    counts.remove(5)
    counts.remove(2)
    #expect(counts.isEmpty)
    for length in 1...100 { counts.add(length) }
    for length in 1..<100 { counts.remove(length) }
    #expect(counts[100] == 1 && counts[50] == 0 && counts.longest == 100)
  }
}
