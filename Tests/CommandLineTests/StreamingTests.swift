import Foundation
import Testing

/// What a command says is there while it runs.
@Suite struct StreamingTests {
  /// Commands that say something and then go on for long.
  private static let long = [
    ("print", "while true { n += if n == 0 { print(\"first\"); 1 } else { 1 } }", "first"),
    ("remark", "if true { fn f() { n += 1 }\n while true { f() } }", "note: `f` changes"),
    ("test", "if true { test \"quick\" { expect true }\n while true { n += 1 } }", "passed: quick"),
  ]

  @Test(arguments: long)
  func `through a pipe, output is there before its command ends`(
    name: String, command: String, seen: String
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["run", "--limit-steps", "100000000", "-"]
    process.environment = Program.environment(with: [:])
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    try process.run()
    // The threads of a test block the signals that could be caught.
    defer { kill(process.processIdentifier, SIGKILL) }
    try stdin.fileHandleForWriting.write(contentsOf: Data("let n = 0\n\(command)\n".utf8))
    try stdin.fileHandleForWriting.close()
    var output = Data()
    while !String(decoding: output, as: UTF8.self).contains(seen) {
      let more = stdout.fileHandleForReading.availableData
      try #require(!more.isEmpty, "\(String(decoding: output, as: UTF8.self))")
      output += more
    }
    #expect(process.isRunning)
  }

  @Test func `at a terminal, output is there before its command ends`() throws {
    let terminal = try PseudoTerminal(environment: ["NO_COLOR": "1"])
    try terminal.await("cairn> ")
    terminal.type("let n = 0\r")
    try terminal.await("cairn> ")
    terminal.type("while true { n += if n < 2 { print(\"line\", n); 1 } else { 1 } }\r")
    try terminal.await("line 0\r\nline 1\r\n")
    terminal.type("\u{3}")
    let rest = try terminal.await("interrupted")
    #expect(!rest.contains("line 0"))
  }

  @Test func `output, value, account and fault come in their order, once each`() throws {
    let script = """
      fn told(x) { print("said"); print(""); print("twice\\nsaid"); x }
      told(zeros(2))
      memory
      if true { print("kept"); nonsense }
      """
    let run = try Program.run(["run", "-"], input: script)
    #expect(run.output.hasPrefix("said\n\ntwice\nsaid\nf32[2] [0.0, 0.0]\n"))
    #expect(run.output.hasSuffix("kept\n"))
    #expect(run.errors.contains("nonsense"))
    let piped = try Program.run([], input: script)
    #expect(piped.output == run.output)
    let objects = try Program.run(["run", "--json", "-"], input: script).objects
    #expect(
      objects.map { $0["output"] as? String }.first { $0?.contains("said") == true }
        == "said\n\ntwice\nsaid\n")
    #expect(objects.last?["output"] as? String == "kept\n")
  }

  @Test func `the type of an expression is told without what it prints`() throws {
    let piped = try Program.run([], input: "fn loud() { print(\"heard\"); 1 }\n:type loud()\n")
    #expect(piped.output == "int\n")
  }
}
