import Foundation
import Testing

/// The REPL at a terminal.
@Suite struct ReplTests {
  private static let prompt = "cairn> "

  private func terminal(_ environment: [String: String] = [:]) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(environment: environment)
    try terminal.await(ReplTests.prompt)
    return terminal
  }

  @Test func `it greets, shows values and leaves at the end of input`() throws {
    let terminal = try PseudoTerminal()
    #expect(try terminal.await("cairn> ").contains("Cairn"))
    terminal.type("1 + 1\r")
    try terminal.await("2\r\n")
    try terminal.await("cairn> ")
    terminal.type("\u{4}")
    #expect(try terminal.finish() == 0)
  }

  @Test func `an open bracket asks for more lines`() throws {
    let terminal = try terminal()
    terminal.type("(1 +\r")
    try terminal.await("...> ")
    terminal.type("41)\r")
    try terminal.await("42\r\n")
  }

  @Test func `Tab completes words of the language, names and fields`() throws {
    let terminal = try terminal()
    terminal.type("let speedometer = 41\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("speedo\t + 1\r")
    try terminal.await("speedometer + 1")
    try terminal.await("42\r\n")
    terminal.type("chec\t")
    try terminal.await("checkpoint")
  }

  @Test func `Tab completes file names inside a string`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    _ = try scratch.file("layers-of-a-kind.cairn", "let fromFile = 43\n")
    let terminal = try terminal()
    terminal.type("import \"\(scratch.path)/layers-of\t\r")
    try terminal.await("layers-of-a-kind.cairn\"")
    try terminal.await(ReplTests.prompt)
    terminal.type("fromFile\r")
    try terminal.await("43\r\n")
  }

  @Test func `Ctrl-C abandons the line and keeps the session`() throws {
    let terminal = try terminal()
    terminal.type("let kept = 17\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("let lost = 1")
    try terminal.await("lost = 1")
    terminal.type("\u{3}")
    try terminal.await(ReplTests.prompt)
    terminal.type("kept + 1\r")
    try terminal.await("18\r\n")
  }

  @Test func `Ctrl-C abandons an unfinished entry`() throws {
    let terminal = try terminal()
    terminal.type("(1 +\r")
    try terminal.await("...> ")
    terminal.type("\u{3}")
    try terminal.await(ReplTests.prompt)
    terminal.type("5 * 5\r")
    try terminal.await("25\r\n")
  }

  @Test func `Ctrl-C stops a running computation and keeps the session`() throws {
    let terminal = try terminal()
    terminal.type("let kept = 17\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("while true { let x = 1 }\r")
    try terminal.await("}\r\n")
    Thread.sleep(forTimeInterval: 0.3)
    terminal.type("\u{3}")
    try terminal.await(ReplTests.prompt)
    terminal.type("kept + 1\r")
    try terminal.await("18\r\n")
  }

  @Test func `pasted lines wait for Enter and run as one entry`() throws {
    let terminal = try terminal()
    terminal.type("\u{1B}[200~let a = 20\nlet b = 22\na + b\u{1B}[201~")
    try terminal.await("a + b")
    terminal.type("\r")
    try terminal.await("42\r\n")
  }

  @Test
  func `the history file is its owner's alone, without repetitions, and serves the next session`()
    throws
  {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/history"
    for _ in 0..<2 {
      let terminal = try terminal(["CAIRN_HISTORY": path])
      terminal.type("6 * 7\r")
      try terminal.await("42\r\n")
      terminal.type("6 * 7\r")
      try terminal.await("42\r\n")
      try terminal.await(ReplTests.prompt)
      terminal.type("\u{4}")
      _ = try terminal.finish()
    }
    let text = try scratch.text("history")
    #expect(text.split(separator: "\n").filter { $0 == "6 * 7" }.count == 1)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let terminal = try terminal(["CAIRN_HISTORY": path])
    terminal.type("\u{1B}[A\r")
    try terminal.await("42\r\n")
  }

  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func `a request to end keeps the history, at the prompt and while a command runs`(
    signal: Int32, status: Int32
  ) throws {
    for line in ["8 * 8", "while true { let x = 1 }\r"] {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let terminal = try terminal(["CAIRN_HISTORY": scratch.path + "/history"])
      terminal.type("6 * 7\r")
      try terminal.await("42\r\n")
      try terminal.await(ReplTests.prompt)
      terminal.type(line)
      try terminal.await(line.replacingOccurrences(of: "\r", with: "\r\n"))
      terminal.send(signal)
      #expect(try terminal.finish() == status)
      let entries = try scratch.text("history").split(separator: "\n").filter {
        !$0.hasPrefix("#")
      }
      #expect(entries == (line.hasSuffix("\r") ? ["6 * 7", line.dropLast()] : ["6 * 7"]))
    }
  }

  @Test func `an entry of several lines is one entry of the history`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/history"
    let first = try terminal(["CAIRN_HISTORY": path])
    first.type("(6 *\r")
    try first.await("...> ")
    first.type("8)\r")
    try first.await("48\r\n")
    try first.await(ReplTests.prompt)
    first.type("\u{4}")
    _ = try first.finish()
    let second = try terminal(["CAIRN_HISTORY": path])
    second.type("\u{1B}[A\r")
    try second.await("48\r\n")
  }

  @Test func `the history keeps a thousand entries`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let old = (0..<1500).map { "#1700000000\n\($0) + 0\n" }.joined()
    let path = try scratch.file("history", old)
    let terminal = try terminal(["CAIRN_HISTORY": path])
    terminal.type("6 * 7\r")
    try terminal.await("42\r\n")
    try terminal.await(ReplTests.prompt)
    terminal.type("\u{4}")
    _ = try terminal.finish()
    let entries = try scratch.text("history").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(entries.count == 1000)
    #expect(entries.last == "6 * 7")
  }

  @Test func `a full history is not written anew for each entry`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let old = (0..<1000).map { "#1700000000\n\($0) + 0\n" }.joined()
    let path = try scratch.file("history", old)
    let terminal = try terminal(["CAIRN_HISTORY": path])
    func number() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    }
    let before = try number()
    for place in 0..<20 {
      terminal.type("\(place) * 1000 + 7\r")
      try terminal.await(place == 0 ? "\r7\r\n" : "\r\(place)007\r\n")
    }
    #expect(try number() == before)
    #expect(try scratch.text("history").hasSuffix("\n19 * 1000 + 7\n"))
  }

  @Test func `there is colour on a terminal, and none under NO_COLOR or --no-color`() throws {
    let colored = try PseudoTerminal()
    #expect(try colored.await(ReplTests.prompt).contains("\u{1B}[1;36m"))
    for terminal in [
      try PseudoTerminal(environment: ["NO_COLOR": "1"]), try PseudoTerminal(["--no-color"]),
    ] {
      let greeting = try terminal.await(ReplTests.prompt)
      #expect(!greeting.contains("\u{1B}[1;36m"))
      terminal.type("nonsense\r")
      #expect(try !terminal.await(ReplTests.prompt).contains("\u{1B}[3"))
    }
  }

  @Test func `colon commands answer, and a mistyped one is told the nearest`() throws {
    let terminal = try terminal()
    terminal.type(":type 1 + 1\r")
    try terminal.await("int")
    terminal.type(":tree 1 + 2\r")
    try terminal.await("+")
    try terminal.await("integer 2")
    terminal.type("let a = 3\r")
    try terminal.await(ReplTests.prompt)
    terminal.type(":vars\r")
    try terminal.await("a  int")
    terminal.type(":tyme\r")
    try terminal.await(":time")
    terminal.type(":time 1 + 1\r")
    try terminal.await("time ")
    terminal.type(":quit\r")
    #expect(try terminal.finish() == 0)
  }

  @Test func `undo goes back to before the last command, and reset to the start`() throws {
    let terminal = try terminal()
    terminal.type("let a = 3\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("a = 4\r")
    try terminal.await(ReplTests.prompt)
    terminal.type(":undo\r")
    try terminal.await("undone")
    terminal.type("a + 100\r")
    try terminal.await("103\r\n")
    terminal.type(":reset\r")
    try terminal.await("forgotten")
    terminal.type("a + 100\r")
    try terminal.await("error")
  }

  @Test func `save writes a script that load runs`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let first = try terminal()
    for line in ["let a = 3", "nonsense", "let b = a * 2", ":save \(scratch.path)/kept.cairn"] {
      first.type(line + "\r")
      try first.await(ReplTests.prompt)
    }
    #expect(try scratch.text("kept.cairn") == "let a = 3\nlet b = a * 2\n")
    let second = try terminal()
    second.type(":load \(scratch.path)/kept.cairn\r")
    try second.await(ReplTests.prompt)
    second.type("b + 100\r")
    try second.await("106\r\n")
  }

  @Test func `a semicolon silences a value, and ans is the last one`() throws {
    let terminal = try terminal()
    terminal.type("20 + 1;\r")
    #expect(try !terminal.await(ReplTests.prompt).contains("21"))
    terminal.type("ans * 2\r")
    try terminal.await("42\r\n")
  }

  @Test func `step walks a schedule to and fro`() throws {
    let terminal = try terminal()
    for line in ["let x = tensor([1.0, 2.0])", "let p = plan wrt x { sum(tanh(x)) }"] {
      terminal.type(line + "\r")
      try terminal.await(ReplTests.prompt)
    }
    terminal.type("step p\r")
    try terminal.await("action 0 of ")
    try terminal.await("step> ")
    terminal.type("next\r")
    try terminal.await("action 1 of ")
    try terminal.await("step> ")
    terminal.type("back\r")
    try terminal.await("action 0 of ")
    try terminal.await("step> ")
    terminal.type("to 2\r")
    try terminal.await("action 2 of ")
    try terminal.await("step> ")
    terminal.type("to 99\r")
    try terminal.await("the actions are 0 to ")
    terminal.type("quit\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("6 * 7\r")
    try terminal.await("42\r\n")
  }

  @Test func `a new width is taken up at the prompt`() throws {
    let terminal = try terminal()
    terminal.resize(columns: 50)
    Thread.sleep(forTimeInterval: 0.1)
    terminal.type("6 * 7\r")
    try terminal.await("42\r\n")
  }

  @Test(arguments: ["C", "POSIX", "C.UTF-8"])
  func `what is typed is UTF-8, whatever the locale`(locale: String) throws {
    let terminal = try terminal(["LC_ALL": locale])
    terminal.type("let größe = \"é→\"\r")
    try terminal.await(ReplTests.prompt)
    terminal.type("größe + \"x\u{7F}ü\u{7F}!\"\r")
    try terminal.await("\"é→!\"\r\n")
  }

  @Test func `an entry with comments and empty lines is one entry of the next session`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/history"
    let entry = "#1 first\n(40 +\n#2 second\n\n# third\n2)"
    let first = try terminal(["CAIRN_HISTORY": path])
    first.type("\u{1B}[200~\(entry)\u{1B}[201~\r")
    try first.await("42\r\n")
    try first.await(ReplTests.prompt)
    first.type("\u{4}")
    _ = try first.finish()
    let second = try terminal(["CAIRN_HISTORY": path])
    second.type("\u{1B}[A\r")
    try second.await("42\r\n")
    second.type("\u{1B}[A\u{1B}[A\r")
    try second.await("42\r\n")
    let lines = try scratch.text("history").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.dropFirst().dropLast().joined(separator: "\n")
        == entry.replacingOccurrences(of: "\n", with: "\n\t"))
  }

  @Test func `a history without tabs is read as well`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try scratch.file("history", "#1700000000\n(40 +\n# a comment\n2)\n")
    let terminal = try terminal(["CAIRN_HISTORY": path])
    terminal.type("\u{1B}[A\r")
    try terminal.await("42\r\n")
  }

  @Test func `the prompt and the line are drawn again when a stopped session goes on`() throws {
    let terminal = try terminal()
    terminal.type("6 *")
    try terminal.await("6 *")
    terminal.send(SIGSTOP)
    terminal.send(SIGCONT)
    try terminal.await(ReplTests.prompt)
    try terminal.await("6 *")
    terminal.type(" 7\r")
    try terminal.await("42\r\n")
  }

  @Test func `Ctrl-Z draws the prompt again where nobody can let the session go on`() throws {
    let terminal = try terminal()
    terminal.type("6 *")
    try terminal.await("6 *")
    terminal.type("\u{1A}")
    try terminal.await(ReplTests.prompt)
    terminal.type(" 7\r")
    try terminal.await("42\r\n")
  }

  @Test func `the lines of an entry are indented, those that close a bracket less`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let terminal = try terminal()
    for line in ["fn f(x) {", "if x > 0 {", "x +", "1", "} else {", "[", "x", "]", "}", "}"] {
      terminal.type(line + "\r")
      try terminal.await(line == "}" ? "> " : "...> ")
    }
    terminal.type(":save \(scratch.path)/kept.cairn\r")
    try terminal.await("written")
    #expect(
      try scratch.text("kept.cairn") == """
        fn f(x) {
          if x > 0 {
            x +
            1
          } else {
            [
              x
            ]
          }
        }

        """)
  }

  @Test func `Tab completes the options of a call, over lines too`() throws {
    let terminal = try terminal()
    terminal.type("sum(ones(2, 2), keepd\ttrue)\r")
    try terminal.await("keepdims: true)")
    try terminal.await(ReplTests.prompt)
    terminal.type("zeros(2,\r")
    try terminal.await("...> ")
    terminal.type("dty\t")
    try terminal.await("dtype: ")
  }
}
