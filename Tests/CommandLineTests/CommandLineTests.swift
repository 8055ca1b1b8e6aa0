import Foundation
import Testing

/// The program without a terminal: arguments, streams, exit status.
@Suite struct CommandLineTests {
  @Test func `an expression prints its value alone`() throws {
    let result = try Program.run(["-e", "1 + 1"])
    #expect(result.output == "2\n")
    #expect(result.errors.isEmpty)
    #expect(result.status == 0)
  }

  @Test func `an expression may begin with a minus`() throws {
    #expect(try Program.run(["-e", "-3 + 1"]).output == "-2\n")
  }

  @Test func `the version is one line`() throws {
    let result = try Program.run(["--version"])
    #expect(result.output.split(separator: ".").count == 3)
    #expect(result.status == 0)
  }

  @Test(arguments: [
    (["run", "missing.cairn"], 1), (["run", "/"], 1), (["run"], 64), (["nonsense"], 64),
    (["--threads", "0"], 64), (["--budget", "much", "-e", "1"], 64), (["learn", "--json"], 64),
    (["learn", "a", "b", "c"], 64), (["learn", "--watch", "f", "1"], 64), (["learn", "none"], 1),
    (["course", "check", "none"], 1),
    (["grade", "checks", "submission"], 1), (["grade", "checks"], 64),
    (["render", "x", "-o", "y"], 64),
    (["run", "--check", "--record", "x"], 64), (["-e", "nonsense"], 1), (["-e", "("], 1),
  ])
  func `what cannot be done ends with its status and a word on standard error`(
    arguments: [String], status: Int
  ) throws {
    let result = try Program.run(arguments)
    #expect(result.status == Int32(status))
    #expect(result.output.isEmpty)
    #expect(!result.errors.isEmpty)
    #expect(!result.errors.contains("\u{1B}"))
  }

  @Test func `a file that is no text is refused`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/latin.cairn"
    try Data([0x6c, 0xe9]).write(to: URL(fileURLWithPath: path))
    let result = try Program.run(["run", path])
    #expect(result.status == 1)
    #expect(result.errors.contains("UTF-8"))
  }

  @Test func `standard input is a script that stops at its first failing command`() throws {
    let result = try Program.run(["run", "-"], input: "6 * 7\nnonsense\n6 * 8\n")
    #expect(result.output.contains("42"))
    #expect(!result.output.contains("48"))
    #expect(result.status == 1)
    #expect(result.errors.contains("nonsense"))
  }

  @Test func `faults of syntax are reported before anything runs`() throws {
    let result = try Program.run(["run", "-"], input: "print(\"ran\")\nlet = 3\nlet 4 = 3\n")
    #expect(result.output.isEmpty)
    #expect(result.status == 1)
    #expect(result.errors.components(separatedBy: "error").count >= 3)
  }

  @Test func `without a terminal lines are read plainly, and go on behind an error`() throws {
    let result = try Program.run([], input: "(1 +\n41)\nnonsense\n6 * 8\n")
    #expect(result.output.hasPrefix("42\n"))
    #expect(result.output.contains("48"))
    #expect(!result.output.contains("cairn>"))
    #expect(result.status == 1)
  }

  @Test func `options stand before or behind the command`() throws {
    for arguments in [
      ["--json", "run", "-"], ["run", "--json", "-"], ["run", "-", "--json"],
    ] {
      let objects = try Program.run(arguments, input: "1 + 1\n").objects
      #expect(objects.count == 1)
      #expect(objects.first?["value"] as? Int == 2)
    }
  }

  @Test func `machine mode prints an object a command, failures too, and nothing else`() throws {
    let result = try Program.run(["--json", "run", "-"], input: "let a = 3\na * 2\nnonsense\n")
    let objects = try result.objects
    #expect(objects.count == 3)
    #expect(objects.map { $0["ok"] as? Bool } == [true, true, false])
    #expect(objects.map { $0["line"] as? Int } == [1, 2, 3])
    #expect((objects[2]["error"] as? [String: Any])?["kind"] as? String == "name")
    #expect(result.errors.isEmpty)
    #expect(result.status == 1)
  }

  @Test func `machine mode carries the report of a command as data, beside its text`() throws {
    let script = """
      print("said")
      let a = zeros(2)
      [a, 3]
      timeline plan wrt a { sum(a) }
      nonsense
      :tree 1 + x
      """
    let objects = try Program.run(["--json"], input: script).objects
    let reports = try objects.map { object in
      let report = try #require(object["report"])
      return String(
        decoding: try JSONSerialization.data(
          withJSONObject: report, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
    }
    #expect(
      reports == [
        #"[{"text":"said","type":"verbatim"}]"#,
        #"[{"facts":[{"label":"memory","lines":[["live ",{"bytes":8,"text":"8 B"},"#
          + #"" (+8 B)"]]}],"type":"facts"}]"#,
        #"[{"text":"[[0.0, 0.0], 3]","type":"verbatim"}]"#,
        #"[{"subjects":[{"backward_from":1,"layers":{"adjoints and gradients":[0,8],"#
          + #""forward and workspace":[4,4],"kept":[0,0],"replayed":[0,0]},"peak_action":1,"#
          + #""title":[{"style":"strong","text":"plan wrt a { sum(a) }"},"  keep_all   peak ","#
          + #"{"bytes":20,"text":"20 B"},": ",{"bytes":12,"text":"12 B"}," drawn, ","#
          + #"{"bytes":8,"text":"8 B"}," outside the schedule"]}],"type":"timeline","#
          + #""unit":"bytes"}]"#,
        "[]",
        #"[{"rows":[{"bytes":null,"depth":0,"label":"+"},"#
          + #"{"bytes":null,"depth":1,"label":"integer 1"},"#
          + #"{"bytes":null,"depth":1,"label":"name x"}],"type":"tree"}]"#,
      ])
    #expect(objects.map { $0["line"] as? Int } == [1, 2, 3, 4, 5, 6])
    #expect(
      objects.map { $0["output"] as? String ?? "" }.enumerated().filter { !$0.element.isEmpty }
        .map(\.offset) == [0, 3, 5])
  }

  @Test func `what a colon command says is an object in machine mode, with the account as it is`()
    throws
  {
    let input = "let a = zeros(2)\n:vars\n:type a\n:nope\n:time\n:help\n:undo\n:undo\n:reset\n"
    let objects = try Program.run(["--json"], input: input).objects
    #expect(objects.map { $0["line"] as? Int } == [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(
      objects.map { $0["ok"] as? Bool } == [
        true, true, true, false, true, true, true, false, true,
      ])
    #expect(objects[2]["output"] as? String == "tensor f32[2]\n")
    #expect(objects[3]["source"] as? String == ":nope")
    let faulty = ":type nonsense\n:nope\n:load none.cairn\n"
    let errors = try Program.run(["--json"], input: faulty).objects.map {
      $0["error"] as? [String: Any]
    }
    #expect(errors.map { $0?["line"] as? Int } == [1, 2, 3])
    #expect(errors.map { $0?["column"] as? Int } == [7, 1, 1])
    let totals = objects.map { object in
      ((object["memory"] as? [String: Any])?["live"] as? [String: Any])?["total"] as? Int
    }
    #expect(totals == [8, 8, 8, 8, 8, 8, 0, 0, 0])
  }

  @Test func `machine mode reports faults of syntax as objects`() throws {
    let objects = try Program.run(["--json", "run", "-"], input: "1 + 1\nlet = 3\n").objects
    #expect(objects.count >= 1)
    #expect(objects.allSatisfy { $0["ok"] as? Bool == false })
    #expect((objects.first?["error"] as? [String: Any])?["kind"] as? String == "syntax")
    #expect((objects.first?["error"] as? [String: Any])?["line"] as? Int == 2)
  }

  @Test func `a reader that leaves early gets no complaint`() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let pipe = Pipe()
    process.arguments = [
      "-c",
      "'\(Program.path)' run - 2>&1 >/dev/full | head -c 200; "
        + "yes '1 + 1' | head -n 2000 | '\(Program.path)' run - 2>&1 | head -n 1",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: output, as: UTF8.self) == "2\n")
  }

  @Test(arguments: ["-e '1 + 1'", "--help", "strategies", "run --json -"])
  func `output that is lost ends with a message and a status that says so`(
    arguments: String
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let pipe = Pipe()
    process.arguments = ["-c", "echo '1 + 1' | '\(Program.path)' \(arguments) 2>&1 >/dev/full"]
    process.standardOutput = pipe
    try process.run()
    let errors = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    #expect(
      String(decoding: errors, as: UTF8.self)
        == "error[unwritable]: standard output cannot be written: No space left on device\n")
  }

  @Test func `record writes output below the commands, and check holds it to that`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let script = "# A comment.\nlet a = 3\na * 2   # six\n\nnonsense\n\na * 3\n"
    let path = try scratch.file("script.cairn", script)
    #expect(try Program.run(["run", "--check", path]).status == 1)
    #expect(try Program.run(["run", "--record", path]).status == 0)
    let recorded = try scratch.text("script.cairn")
    #expect(recorded.hasPrefix("# A comment.\nlet a = 3\na * 2   # six\n#> 6\n\nnonsense\n#> "))
    #expect(recorded.hasSuffix("\n\na * 3\n#> 9\n"))
    #expect(try Program.run(["run", "--check", path]).status == 0)
    #expect(try Program.run(["run", "--record", path]).status == 0)
    #expect(try scratch.text("script.cairn") == recorded)

    let spoiled = recorded.replacingOccurrences(of: "#> 6\n", with: "#> 7\n")
    _ = try scratch.file("script.cairn", spoiled)
    let check = try Program.run(["run", "--check", path])
    #expect(check.status == 1)
    #expect(check.output.contains("- 7") && check.output.contains("+ 6"))
    #expect(!check.output.contains("+ 9"))
    #expect(try scratch.text("script.cairn") == spoiled)
  }

  @Test func `format lays out in place, and its check names what is not laid out`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try scratch.file("script.cairn", "let   a=1\n")
    let check = try Program.run(["format", "--check", path])
    #expect(check.status == 1)
    #expect(check.output.contains("script.cairn"))
    #expect(try scratch.text("script.cairn") == "let   a=1\n")
    #expect(try Program.run(["format", path]).status == 0)
    #expect(try scratch.text("script.cairn") == "let a = 1\n")
    #expect(try Program.run(["format", "--check", path]).status == 0)
    #expect(try Program.run(["format", "-"], input: "let   a=1\n").output == "let a = 1\n")
  }

  @Test func `the catalogue names the strategies`() throws {
    let result = try Program.run(["strategies"])
    #expect(result.output.contains("sqrt_n"))
    #expect(result.status == 0)
    #expect(try Program.run(["strategies", "--json"]).objects.count > 3)
  }

  @Test func `a script's relative paths start beside it`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    _ = try scratch.file("other.cairn", "let fromOther = 43\n")
    let path = try scratch.file("script.cairn", "import \"other.cairn\"\nfromOther\n")
    let result = try Program.run(["run", path], directory: "/")
    #expect(result.output == "43\n")
  }

  @Test func `clocks are printed when asked for, and never otherwise`() throws {
    #expect(try Program.run(["--time", "-e", "1 + 1"]).output.contains("time "))
    #expect(try !Program.run(["-e", "1 + 1"]).output.contains("time"))
  }

  @Test func `piped lines are told by their numbers in the input`() throws {
    let input = "let a = 3\n\nlet b = (1 +\n  2)\n(a +\n nonsense)\n:type nonsense\n"
    let result = try Program.run([], input: input)
    #expect(result.errors.contains("<stdin>:6:2"))
    #expect(result.errors.contains("6 |  nonsense"))
    #expect(result.errors.contains("<stdin>:7:"))
    let objects = try Program.run(["--json"], input: input).objects
    #expect(objects.prefix(3).map { $0["line"] as? Int } == [1, 3, 5])
    #expect((objects[2]["error"] as? [String: Any])?["line"] as? Int == 6)
  }

  @Test(arguments: ["help sum", "?sum", "? sum", "sum?"])
  func `a question mark asks for help`(question: String) throws {
    let result = try Program.run([], input: question + "\n")
    #expect(result.output.contains("The sum over all elements"))
    #expect(result.errors.isEmpty)
  }

  @Test func `operators have help, and a comment or a string may end in a question mark`() throws {
    #expect(try Program.run([], input: "?|>\n").output.contains("function on the right"))
    #expect(try Program.run([], input: "|>?\n").output.contains("function on the right"))
    #expect(try Program.run([], input: "1 # why?\n").output == "1\n")
    #expect(try Program.run([], input: "\"why?\"\n").output == "\"why?\"\n")
  }

  @Test func `a line that begins with a pipe goes on with the last value`() throws {
    #expect(
      try Program.run([], input: "-3\n|> abs\n  |> sqrt |> text\n").output.hasPrefix("-3\n3\n"))
    let failed = try Program.run([], input: "|> abs\n")
    #expect(failed.errors.contains("`ans`"))
  }

  @Test func `load echoes a script on request`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = try scratch.file("script.cairn", "# Six.\nlet a = 3\na * 2\n")
    #expect(try Program.run([], input: ":load \(path)\n").output == "6\n")
    let echoed = try Program.run([], input: ":load --echo \"\(path)\"\n").output
    #expect(echoed == "# Six.\n> let a = 3\n> a * 2\n6\n")
    #expect(try Program.run([], input: ":load --echo\n").status == 1)
  }

  @Test func `a failing test ends with status 1, and later tests run`() throws {
    let script = """
      test "one" { expect 1 == 2 }
      #> error[test-failed]: as recorded
      test "two" { expect 1 == 1 }
      """
    let result = try Program.run(["run", "-"], input: script)
    #expect(result.status == 1)
    #expect(result.output.contains("passed: two"))
    let stopped = try Program.run(["run", "-"], input: "nonsense\n#> error[a]: b\n6 * 7\n")
    #expect(stopped.status == 1)
    #expect(stopped.output.isEmpty)
    let kept = try Program.run(["run", "--keep-going", "-"], input: "nonsense\n6 * 7\n")
    #expect(kept.status == 1)
    #expect(kept.output == "42\n")
  }

  @Test func `a script with a fault of syntax is not recorded`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let script = "1 + 1\n#> 3\nlet = 3\n"
    let path = try scratch.file("script.cairn", script)
    let result = try Program.run(["run", "--record", path])
    #expect(result.status == 1)
    #expect(result.errors.contains("error["))
    #expect(try scratch.text("script.cairn") == script)
    #expect(try Program.run(["run", "--check", path]).status == 1)
  }
}
