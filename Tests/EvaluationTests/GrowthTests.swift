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

  /// Objects gone through, for `ans`, for undo and for circles, by so many commands behind a first
  /// text. In a session with undo each tensor that a name let go of is counted a few times, however
  /// many others there are.
  private func work(
    _ first: String, _ count: Int, keepsUndo: Bool, _ command: (Int) -> String
  ) throws -> Int {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = keepsUndo
    let text = (0..<count).map(command).joined(separator: "\n")
    return try Lab.session(first, configuration: configuration) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      let before = machine.work
      var last: Outcome?
      for statement in Lab.statements(text) {
        let outcome = machine.run(statement)
        if outcome.fault != nil { Issue.record("\(statement.range.text)") }
        last = outcome
      }
      #expect(last?.ans == machine.walkedBytesOfAnsAlone())
      return machine.work - before
    }
  }

  /// What stands before the commands, and the commands: `$` is the number of each, `@` of all.
  private static let sessions: [(first: String, commands: String)] = [
    ("zeros(3)", "let t$ = zeros(2)"),
    ("", "let t$ = zeros(2)\nt$ + 1"),
    ("", "let t$ = zeros(2)\nt$"),
    ("", "let t$ = [zeros(2), zeros(2)]\nt$[1] * 2"),
    ("", "let t$ = zeros(2)\nt$ + 1\nt$ = t$ + 1"),
    ("let l = []", "l = append(l, zeros(2))"),
    ("let l = []", "l += [zeros(2)]\nl[0]"),
    ("let l = map(fn(i) { zeros(2) }, 0..<@)", "l[$]"),
    ("let l = map(fn(i) { zeros(2) }, 0..<@)", "let x = l[@ - 1 - $] + 1\nx = 0"),
    ("map(fn(i) { zeros(2) }, 0..<@);", "let t$ = ans[$]"),
    ("let l = map(fn(i) { zeros(2) }, 0..<@)", "l\nlet m = l\nm = 0"),
    (circle + "let l = map(fn(i) { zeros(2) }, 0..<@)\nlet f = make(ones(2))", "let t$ = f($)"),
    (circle + "let l = map(fn(i) { zeros(2) }, 0..<@)", "let f = make(zeros(2))\nlet t$ = f(2)"),
    (circle, "let f$ = make(zeros(2))\nf$(3)"),
  ]

  private static let circle = """
    fn make(t) {
      fn go(n) { if n < 2 { sum(t) } else { go(n - 2) } }
      go
    }

    """

  @Test(arguments: sessions, [false, true])
  func `a command costs what it touches, however much is live`(
    session: (first: String, commands: String), keepsUndo: Bool
  ) throws {
    func work(_ count: Int) throws -> Int {
      try self.work(session.first.replacing("@", with: "\(count)"), count, keepsUndo: keepsUndo) {
        session.commands.replacing("$", with: "\($0)").replacing("@", with: "\(count)")
      }
    }
    let (one, two) = (try work(300), try work(600))
    #expect(one < 300 * 400)
    #expect(two * 10 < one * 22)
  }

  /// The names of so many tensors one after the other: `t0`, and so on.
  @Test(arguments: [false, true])
  func `old names are looked at and written in order, each at the same cost`(
    keepsUndo: Bool
  ) throws {
    func work(_ count: Int) throws -> Int {
      let names = (0..<count).map { "let t\($0) = zeros(2)" }.joined(separator: "\n")
      return try self.work(names, count, keepsUndo: keepsUndo) { "t\($0)\nt\($0) = t\($0) + 1" }
    }
    let (one, two) = (try work(1000), try work(2000))
    #expect(one < 1000 * 30)
    #expect(two * 10 < one * 22)
  }

  @Test(arguments: [false, true])
  func `a hundred thousand commands beside a hundred thousand live tensors`(
    keepsUndo: Bool
  ) throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = keepsUndo
    let first = """
      let l = map(fn(i) { zeros(1) }, 0..<100000)
      let x = zeros(1)
      let i = 0
      """
    try Lab.session(first, configuration: configuration) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      let before = machine.work
      let statements = Lab.statements("x = l[i]\nl[i]\nx = x + 1\ni += 1")
      for _ in 0..<25_000 {
        for statement in statements where machine.run(statement).fault != nil {
          Issue.record("\(statement.range.text)")
        }
      }
      #expect(machine.work - before < 100_000 * 12)
      #expect(machine.ledger.liveTotal == 4 * 100_000 + 4)
    }
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

extension Interpreter {
  /// Objects gone through so far to know what names lead to.
  fileprivate var work: Int { owners.visited + cycles.visited + (history?.visited ?? 0) }
}
