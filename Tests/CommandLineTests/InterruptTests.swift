import Foundation
import Testing

/// Signals that ask the program to stop or to end.
@Suite struct InterruptTests {
  /// A folder with `short.cairn`, which says that it is ready and goes on with very many short
  /// commands and one without end, and scripts that run it.
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    let many = (0..<40_000).map { "let a\($0) = \($0)\n" }.joined()
    _ = try scratch.file("short.cairn", "print(\"ready\")\n\(many)while true { a0 = 1 }\n")
    _ = try scratch.file("load.cairn", ":load short.cairn\nprint(\"after\")\n")
    _ = try scratch.file("import.cairn", "import \"short.cairn\"\nprint(\"after\")\n")
    _ = try scratch.file("after.cairn", "print(\"after\")\n")
    _ = try scratch.file("loop.cairn", "print(\"ready\")\nwhile true { let x = 1 }\n")
    _ = try scratch.file(
      "product.cairn",
      "account off\nlet a = ones(6000, 6000)\nprint(\"ready\")\na @ a\nprint(\"after\")\n")
  }

  /// Runs `cairn` with these arguments, sends it a signal once it has said that it is ready, and
  /// waits for its end.
  private func run(
    _ arguments: String, sending signal: String, environment: [String: String] = [:]
  ) throws -> Program.Result {
    try Program.shell(
      """
      rm -f pid out errors
      timeout -s KILL 60 sh -c 'echo $$ >pid; exec cairn \(arguments)' >out 2>errors &
      until grep -q ready out 2>/dev/null || ! kill -0 $!; do sleep 0.05; done
      kill -\(signal) $(cat pid)
      wait $!
      status=$?
      cat out
      cat errors >&2
      exit $status
      """, environment: environment, directory: scratch.path)
  }

  @Test(arguments: [
    "run short.cairn", "run --keep-going short.cairn", "run short.cairn after.cairn",
    "run import.cairn", "run - < short.cairn", "< short.cairn", "< load.cairn", "run loop.cairn",
    "run product.cairn",
  ])
  func `Ctrl-C stops all that was asked for, and gives status 130`(arguments: String) throws {
    defer { scratch.remove() }
    let result = try run(arguments, sending: "INT")
    #expect(result.status == 130)
    #expect(result.output == "ready\n")
    #expect(result.errors.hasPrefix("error[interrupted]: "))
    #expect(result.errors.components(separatedBy: "error").count == 2)
  }

  @Test func `Ctrl-C ends the wait for a pipe that nobody writes into`() throws {
    defer { scratch.remove() }
    _ = try scratch.file("ready.cairn", "print(\"ready\")\n")
    #expect(try Program.shell("mkfifo pipe", directory: scratch.path).status == 0)
    let result = try run("run ready.cairn pipe", sending: "INT")
    #expect(result.status == 130)
    #expect(result.output == "ready\n")
    #expect(result.errors.hasPrefix("error[interrupted]: "))
  }

  @Test func `a transcript that is stopped is neither compared nor recorded`() throws {
    defer { scratch.remove() }
    let text = "while true { let x = 1 }\n"
    for mode in ["--check", "--record"] {
      _ = try scratch.file("loop.cairn", text)
      let result = try Program.shell(
        """
        timeout -s KILL 60 sh -c 'echo $$ >pid; exec cairn run \(mode) loop.cairn after.cairn' &
        sleep 1; kill -INT $(cat pid); wait $!
        """, directory: scratch.path)
      #expect(result.status == 130)
      #expect(result.output.isEmpty)
      #expect(result.errors == "error[interrupted]: loop.cairn was stopped before its end\n")
      #expect(try scratch.text("loop.cairn") == text)
    }
  }

  @Test func `in machine mode Ctrl-C stops one command, and the session goes on`() throws {
    defer { scratch.remove() }
    let result = try Program.shell(
      """
      mkfifo in
      timeout -s KILL 60 sh -c 'echo $$ >pid; exec cairn --json <in' >out &
      exec 3>in
      printf '1\\nwhile true { let x = 1 }\\n' >&3
      until grep -q value out; do sleep 0.05; done
      kill -INT $(cat pid)
      printf '1 + 1\\n' >&3
      exec 3>&-
      wait $!; status=$?; cat out; exit $status
      """, directory: scratch.path)
    let objects = try result.objects
    #expect(objects.map { $0["ok"] as? Bool } == [true, false, true])
    #expect((objects[1]["error"] as? [String: Any])?["kind"] as? String == "interrupted")
    #expect(objects[2]["value"] as? Int == 2)
    #expect(result.status == 1)
  }

  @Test(arguments: [("TERM", 143), ("HUP", 129)])
  func `a request to end stops the command, and ends the program as the signal does`(
    signal: String, status: Int
  ) throws {
    defer { scratch.remove() }
    for arguments in ["run loop.cairn", "run short.cairn after.cairn", "< load.cairn"] {
      let result = try run(arguments, sending: signal)
      #expect(result.status == Int32(status))
      #expect(result.output == "ready\n")
    }
  }

  @Test(arguments: [
    ("QUIT", 3), ("ILL", 4), ("TRAP", 5), ("ABRT", 6), ("BUS", 7), ("FPE", 8), ("SEGV", 11),
  ])
  func `a signal of a fault is told in one line, and no backtracer is opened`(
    signal: String, number: Int
  ) throws {
    defer { scratch.remove() }
    let result = try run(
      "run loop.cairn", sending: signal, environment: ["SWIFT_BACKTRACE": "enable=yes"])
    #expect(result.status == Int32(128 + number))
    #expect(result.output == "ready\n")
    // The shell may say of its own that a process was ended.
    let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("cairn: ") }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("signal \(number) (SIG\(signal))") == true)
    #expect(!result.errors.contains("Backtrac") && !result.errors.contains("Thread 0"))
  }
}
