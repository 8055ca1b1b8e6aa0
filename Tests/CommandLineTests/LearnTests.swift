import Foundation
import Testing

/// `cairn learn` and `cairn course`, at a terminal and without one.
@Suite struct LearnTests {
  private let scratch: Scratch
  private let course: String

  init() throws {
    scratch = try Scratch()
    course = scratch.path + "/small"
    let made = try Program.run(["course", "new", course])
    try #require(made.status == 0, "\(made.errors)")
  }

  private var state: [String: String] { ["XDG_STATE_HOME": scratch.path + "/state"] }

  private func terminal(_ arguments: [String] = []) throws -> PseudoTerminal {
    try PseudoTerminal(["learn", course] + arguments, environment: state)
  }

  /// Types a line and waits for a text and then for a prompt.
  private func type(
    _ line: String, _ expected: String, at prompt: String = "> ", _ terminal: PseudoTerminal
  ) throws {
    terminal.type(line + "\r")
    try terminal.await(expected)
    try terminal.await(prompt)
  }

  @Test func `a student goes through a course, right, wrong and odd, leaves and comes back`() throws
  {
    defer { scratch.remove() }
    let first = try terminal()
    try first.await("first steps")
    try first.await("course> ")
    try type("", "Lesson 1: first steps", first)
    try type("let x = 41", "x = 41", first)
    try type("x + 1", "42", first)
    try type("", "> let x = randn(32, 16)", first)
    try type("n", "Question 1 of 4", at: "answer> ", first)
    try type("12", "too small", at: "answer> ", first)
    try type("12 +", "12 +", at: "...> ", first)
    try type("* 2", "does not count", at: "answer> ", first)
    try type("hint", "Hint 1 of 2", at: "answer> ", first)
    try type("1088", "That is one of them.", at: "answer> ", first)
    first.type("(fn() { while true { let spin = 1 } })()\r")
    Thread.sleep(forTimeInterval: 0.3)
    first.type("\u{3}")
    try first.await("answer> ")
    try type("17 * 256 B", "Right.", first)
    try type("next", "Question 2 of 4", at: "guess> ", first)
    try type("quit", "Next time, 'cairn learn' goes on here.", at: "\r\n", first)
    #expect(try first.finish() == 0)

    let second = try terminal()
    try second.await("part 4 of 10")
    try second.await("guess> ")
    try type("20 KiB", "You guessed 20 KiB; measured is 18.3 KiB.", second)
    try type("", "loss 1.27002", second)
    try type("", "kept", second)
    try type("", "Question 3 of 4", at: "A/B/C> ", second)
    try type("c", "Not yet.", at: "A/B/C> ", second)
    try type("skip", "Skipped.", second)
    try type("", "Question 4 of 4", at: "code> ", second)
    second.type(
      "fn kept_of(rows) {\rlet x = randn(rows, 16)\rplan wrt net { mse(net(x), x) }.kept\r}\r")
    try second.await("code> ")
    try type("kept_of(8)", "2.5 KiB", at: "code> ", second)
    try type("submit", "Right.", second)
    second.type("\u{4}")
    #expect(try second.finish() == 0)

    let map = try terminal(["1"])
    try map.await("You have answered this.")
    try map.await("> ")
    try type("main", "3 of 4, 1 skipped", at: "course> ", map)
    map.send(SIGTERM)
    #expect(try map.finish() == 143)
    let again = try terminal(["1", "--again"])
    try again.await("lesson 1, 1 of 10> ")
    again.type("q\r")
    #expect(try again.finish() == 0)
  }

  @Test func `Tab completes names of the lesson and its commands`() throws {
    defer { scratch.remove() }
    let terminal = try terminal(["1"])
    try terminal.await("lesson 1, 1 of 10> ")
    terminal.type("ski\t\r")
    try terminal.await("No question waits here")
    terminal.type("let speedometer = 40\r")
    try terminal.await("> ")
    terminal.type("speedo\t + 2\r")
    try terminal.await("42")
  }

  @Test func `without colour and in 40 columns nothing is lost`() throws {
    defer { scratch.remove() }
    let terminal = try PseudoTerminal(
      ["learn", "--plain", course, "1"], environment: state.merging(["NO_COLOR": "1"]) { $1 })
    terminal.resize(columns: 60)
    try terminal.await("lesson 1, 1 of 10> ")
    terminal.type("\r")
    try terminal.await("lesson 1, 2 of 10> ")
    terminal.type("\r")
    let question = try terminal.await("answer> ")
    #expect(!question.contains("\u{1B}[3"))
    terminal.type("l\r")
    let list = try terminal.await("answer> ")
    #expect(list.contains("0 of 4 questions answered"))
    #expect(!list.contains("[  "))
    terminal.type("q\r")
    #expect(try terminal.finish() == 0)
  }

  @Test func `without a terminal a lesson is printed and run straight through`() throws {
    defer { scratch.remove() }
    let result = try Program.run(["learn", course, "1"], input: "4352\n", environment: state)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    #expect(result.output.contains("> gradient wrt net { mse(net(x), x) }\nloss 1.27002"))
    #expect(result.output.contains("The batch gets twice as many rows."))
    #expect(!result.output.contains("4352"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/state/cairn/progress.json"))
    let lesson = try Program.run(["learn", course + "/01-first-steps"], environment: state)
    #expect(lesson.output == result.output)
    let map = try Program.run(["learn", course], environment: state)
    #expect(map.output.contains("1  first steps"))
    let none = try Program.run(["learn", course, "9"], environment: state)
    #expect(none.status == 1)
    #expect(none.errors.contains("there is no lesson '9'"))
    let folder = try Program.run(["learn", scratch.path], environment: state)
    #expect(folder.errors.contains("is no course"))
  }

  @Test func `the course that comes along is found, and another where one is named`() throws {
    defer { scratch.remove() }
    let other = try Program.run(
      ["learn"], environment: ["CAIRN_COURSE": course], directory: scratch.path)
    #expect(other.output.hasPrefix("small\n"))
    _ = try scratch.file("course.md", "# Nothing yet\n")
    let empty = try Program.run(["learn", "1"], environment: ["CAIRN_COURSE": scratch.path])
    #expect(empty.status == 1)
    let none = try Program.run(["learn"], environment: ["CAIRN_COURSE": scratch.path + "/gone"])
    #expect(none.status == 1)
    #expect(none.errors.contains("the course is not found"))
  }

  @Test func `a course is proved, and what is wrong told with its place`() throws {
    defer { scratch.remove() }
    let good = try Program.run(["course", "check", course])
    #expect(good.output == "1 lesson, 4 items: all is well\n")
    #expect(good.status == 0)
    let file = course + "/01-first-steps/items/bytes-of-a-net.cairn"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try Data(text.replacingOccurrences(of: "\n4352\n", with: "\n4353\n").utf8)
      .write(to: URL(fileURLWithPath: file))
    let bad = try Program.run(["course", "check", course + "/01-first-steps/"])
    #expect(bad.status == 1)
    #expect(bad.output.hasPrefix("\(file):12: the model answer does not earn full marks"))
    #expect(bad.output.hasSuffix("1 lesson, 4 items: 1 finding\n"))
    let twice = try Program.run(["course", "new", course])
    #expect(twice.status == 1)
    #expect(twice.errors.contains("is there already"))
  }

  @Test func `a watched file is run on every save, and what fails first is told`() throws {
    defer { scratch.remove() }
    let file = try scratch.file("own.cairn", "let x = 1\ntest \"big\" { expect x > 1 }\nx\n")
    let terminal = try PseudoTerminal(["learn", "--plain", "--watch", file])
    try terminal.await("own.cairn, line 2 fails first: the test \"big\" failed")
    try terminal.await("Waiting for the next save")
    _ = try scratch.file("own.cairn", "let x = 2\ntest \"big\" { expect x > 1 }\n")
    let shown = try terminal.await("2 commands ran, 1 test passed, all is well")
    #expect(!shown.contains("\u{1B}[2J"))
    try FileManager.default.removeItem(atPath: file)
    Thread.sleep(forTimeInterval: 0.5)
    _ = try scratch.file("own.cairn", "")
    try terminal.await("holds no command yet")
    _ = try scratch.file("own.cairn", "let = 2\n")
    try terminal.await("line 1 fails first")
    terminal.send(SIGINT)
    #expect(try terminal.finish() == 130)
  }
}
