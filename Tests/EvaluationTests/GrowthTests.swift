import Syntax
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

  /// Tensors gone through for `ans` in a session of so many commands, which must give what a walk
  /// through everything gives.
  private func visited(_ first: String, _ count: Int, _ command: (Int) -> String) throws -> Int {
    let text = first + "\n" + (0..<count).map(command).joined(separator: "\n")
    return try Lab.session(text) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      #expect(outcomes.last?.ans == machine.walkedBytesOfAnsAlone())
      return machine.owners.visited
    }
  }

  @Test(arguments: [
    "let t$ = zeros(2)", "let t$ = zeros(2)\nt$ + 1", "let t$ = zeros(2)\nt$",
    "let t$ = [zeros(2), zeros(2)]\nt$[1] * 2", "let t$ = zeros(2)\nt$ + 1\nt$ = t$ + 1",
  ])
  func `a session of live tensors costs each command what it touches`(commands: String) throws {
    func visited(_ count: Int) throws -> Int {
      try self.visited("zeros(3)", count) { commands.replacing("$", with: "\($0)") }
    }
    let (one, two) = (try visited(400), try visited(800))
    #expect(one < 400 * 12)
    #expect(two <= one * 5 / 2)
  }

  @Test func `what only ans holds is as a walk through everything finds it`() throws {
    let text = """
      zeros(4)
      let a = ans
      a
      a = 0
      let l = [zeros(8)]
      l[0]
      l[0] = 1
      l
      ans
      [zeros(2), a]
      let f = fn() { a }
      let net = dense(2, 3)
      net.w
      net
      net = 0
      let q = zeros(3)
      gradient wrt q { sum(q * q) }
      zeros(5)
      let m = ans
      m = zeros(5)
      fn keep() { let x = zeros(6)
        fn() { x } }
      let k = keep()
      k()
      k = 0
      ans = none
      """
    for count in 1...text.split(separator: "\n").count {
      let part = text.split(separator: "\n").prefix(count).joined(separator: "\n")
      guard Parser.parse(SourceText(name: "", text: part)).faults.isEmpty else { continue }
      try Lab.session(part) { machine, outcomes in
        #expect(outcomes.last?.ans == machine.walkedBytesOfAnsAlone(), "\(part)")
      }
    }
  }
}
