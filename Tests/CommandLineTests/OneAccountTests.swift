import Foundation
import Testing

/// The account of a command is one, wherever the command is typed.
@Suite struct OneAccountTests {
  private static let commands = [
    "let a = randn(128, 64)", "let b = a", "a = none", "b = none",
    "let net = chain(dense(2, 32), tanh, dense(32, 2))",
    "let data = spirals(count: 60, classes: 2)", "let opt = adam(lr: 0.01)",
    "train net for x, y in batches(data, size: 20) using opt { cross_entropy(net(x), y) }",
    "train net for x, y in batches(data, size: 20) using opt { cross_entropy(net(x), y) }",
    "let g = gradient wrt net { cross_entropy(net(data.x), data.y) }",
    "update net along g using opt", "memory", "net(data.x);", "g = none", "opt = none",
    "ans = none", "memory",
  ]

  /// The prompt, as readline shows it when it begins to read.
  private static let ready = "\u{1B}[?2004hcairn> "

  private static let script = commands.map { $0 + "\n" }.joined()

  /// The lines of an account in a text.
  private static func account(_ text: String) -> [String] {
    text.replacingOccurrences(of: "\r", with: "")
      .replacingOccurrences(of: "\u{1B}[?2004l", with: "").components(separatedBy: "\n").filter {
        line in
        ["memory  ", "peak    ", "steps   ", "live  "].contains { line.hasPrefix($0) }
      }
  }

  @Test func `a script, a piped session and a terminal print one account`() throws {
    let run = try Program.run(["run", "-"], input: Self.script)
    let piped = try Program.run([], input: Self.script)
    #expect(run.status == 0)
    #expect(run.output == piped.output)
    let terminal = try PseudoTerminal(environment: ["NO_COLOR": "1"])
    var seen = try terminal.await("cairn> ")
    for command in Self.commands {
      terminal.type(command + "\r")
      seen += try terminal.await(OneAccountTests.ready, seconds: 60)
    }
    #expect(Self.account(run.output).count > Self.commands.count)
    #expect(Self.account(seen) == Self.account(run.output))
  }

  @Test func `machine mode gives the account that is printed`() throws {
    let run = try Program.run(["run", "--json", "-"], input: Self.script)
    let piped = try Program.run(["--json"], input: Self.script)
    func memory(_ result: Program.Result) throws -> [NSDictionary?] {
      try result.objects.map { $0["memory"] as? NSDictionary }
    }
    #expect(try memory(run) == memory(piped))
    #expect(try memory(run).count == Self.commands.count)
  }

  @Test func `undo at a terminal says what it took back`() throws {
    let terminal = try PseudoTerminal(environment: ["NO_COLOR": "1"])
    try terminal.await("cairn> ")
    for command in ["let a = randn(64, 64)", "a = none", "print(1)"] {
      terminal.type(command + "\r")
      try terminal.await(OneAccountTests.ready)
    }
    terminal.type(":undo\r")
    try terminal.await("undone: a = none")
    terminal.type("memory\r")
    try terminal.await("live  16")
    terminal.type(":undo\r:undo\r")
    try terminal.await("undone: let a = randn(64, 64)")
    try terminal.await("there is nothing to undo")
  }

  @Test func `where no folder takes the file, undo says why`() throws {
    let terminal = try PseudoTerminal(environment: [
      "NO_COLOR": "1", "XDG_CACHE_HOME": "/nonexistent", "TMPDIR": "/nonexistent",
    ])
    try terminal.await("cairn> ")
    for command in ["let a = randn(64, 64)", "a = none"] {
      terminal.type(command + "\r")
      try terminal.await(OneAccountTests.ready)
    }
    terminal.type(":undo\r")
    try terminal.await("undo does not reach back to before `a = none`")
  }
}
