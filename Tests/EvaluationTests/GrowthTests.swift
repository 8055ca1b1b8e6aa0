import Testing

@testable import Evaluation

/// Work grows with what is asked for: counted, not timed.
@Suite struct GrowthTests {
  private func copies(_ text: String) throws -> Int {
    try Lab.session(text) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      switch machine.bindings.first(where: { $0.name == "xs" })?.value {
      case .list(let list): return list.copies
      case .dictionary(let dictionary): return dictionary.copies
      default: return -1
      }
    }
  }

  @Test(arguments: [
    "let xs = [0] * 1000\nfor i in 0..<1000 { xs[i] = 0 }",
    "let xs = []\nfor i in 0..<1000 { xs = append(xs, 0) }\nfor i in 0..<1000 { xs[i] += 1 }",
    "let xs = [:]\nfor i in 0..<1000 { xs[i] = i }",
    "let xs = [:]\nfor i in 0..<1000 { xs[\"k\\(i)\"] = i }\nxs[\"k1\"] += 1",
  ])
  func `a loop that assigns elements copies the list or dictionary once a command`(
    text: String
  ) throws {
    #expect((0...2).contains(try copies(text)))
  }

  @Test func `elements of what another name holds are assigned in a copy`() throws {
    let text = "let a = [1, 2]\nlet b = a\nb[0] = 5\nlet c = [\"x\": a]\nc[\"x\"][1] = 7\n"
    #expect(try Lab.last(text + "[a, b, c]") == "[[1, 2], [5, 2], [\"x\": [1, 7]]]")
  }

  @Test(arguments: [
    ("abc", "b", 3), ("層👩‍👩‍👧e\\u{301}x", "👩‍👩‍👧", 4), ("", "", 0), ("a\\r\\nb", "\\r\\n", 3),
  ])
  func `characters of strings are counted and picked as a reader counts them`(
    text: String, second: String, count: Int
  ) throws {
    #expect(try Lab.last("length(\"\(text)\")") == "\(count)")
    if count > 0 { #expect(try Lab.last("\"\(text)\"[1] == \"\(second)\"") == "true") }
    #expect(try Lab.last("\"\(text)\"[0..<\(count)] == \"\(text)\"") == "true")
  }
}
