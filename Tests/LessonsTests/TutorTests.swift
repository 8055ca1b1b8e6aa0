import Foundation
import Syntax
import Testing

@testable import Lessons
@testable import Notebook

/// What a student meets in a lesson.
@Suite struct TutorTests {
  private let lab: CourseLab
  private let course: Course

  init() throws {
    lab = try CourseLab()
    course = try lab.skeleton().course
  }

  private func desk(plain: Bool = false) -> Desk {
    Desk(course, progress: lab.path + "/progress.json", isPlain: plain)
  }

  /// A desk at the first lesson.
  private func open() -> Desk {
    let desk = desk()
    desk.tutor.begin()
    desk.type("")
    return desk
  }

  // MARK: The way through

  @Test func `nothing begun, the lessons are shown, and Enter begins`() {
    let desk = desk()
    desk.tutor.begin()
    #expect(desk.shown().contains("1  first steps"))
    #expect(desk.tutor.prompt == "course> ")
    #expect(desk.type("").contains("Lesson 1: first steps"))
    #expect(desk.tutor.prompt == "lesson 1, 1 of 10> ")
  }

  @Test func `a lesson is opened by its number and by its name, and another is not there`() {
    for name in ["1", "first-steps", "first", "First steps", "01-first-steps"] {
      #expect(desk().type(name).contains("Lesson 1: first steps"), "\(name)")
    }
    #expect(desk().type("first-stepz").contains("did you mean 'first-steps'?"))
    #expect(desk().type("7").contains("there is no lesson '7'"))
    #expect(desk().type("hint").contains("No lesson is open"))
    #expect(desk().tutor.answer("q") == .leaves)
  }

  @Test func `a cell is shown with what it prints`() {
    let cell = open().type("")
    #expect(cell.contains("A small network"))
    #expect(cell.contains("> let x = randn(32, 16)\nmemory  live 6.25 KiB (+2 KiB)"))
    #expect(!cell.contains("#>"))
  }

  @Test func `what is played in between changes nothing of what follows`() throws {
    let quiet = Desk(course)
    quiet.type("1")
    for _ in 0..<2 { quiet.type("") }
    quiet.type("skip")
    quiet.type("")
    quiet.type("skip")
    let expected = quiet.type("")
    #expect(expected.contains("loss "))

    let busy = open()
    busy.type("let early = randn(10)")
    #expect(busy.type("early.shape").contains("[10]"))
    busy.type("")
    #expect(busy.type("let x = zeros(1, 1)\nseed 99\nbudget 64 KiB").contains("live"))
    busy.type("account full")
    busy.type("")
    busy.type("play")
    busy.type("let net = 5")
    #expect(busy.type("net").contains("5"))
    busy.type("next")
    busy.type("skip")
    busy.type("randn(3)")
    busy.type("")
    busy.type("skip")
    busy.type("import \"shared.cairn\"")
    let found = busy.type("")
    #expect(found == expected)
    #expect(busy.type("back").contains("Question 2"))
    #expect(busy.type("next") == expected)
  }

  @Test func `a name that was made in between is gone behind next`() {
    let desk = open()
    desk.type("let mine = 41")
    #expect(desk.type("mine + 1").contains("42"))
    desk.type("next")
    #expect(desk.type("mine").contains("nothing is called `mine`"))
    desk.type("let mine = 2")
    #expect(desk.type("reset").contains("forgotten"))
    #expect(desk.type("mine").contains("nothing is called `mine`"))
  }

  @Test func `back shows what stood before, a cell as it was then`() {
    let desk = open()
    let cell = desk.type("")
    desk.type("")
    #expect(desk.type("b") == cell)
    #expect(desk.type("b").contains("Lesson 1: first steps"))
    #expect(desk.type("net").contains("nothing is called `net`"))
    #expect(desk.type("b").contains("This is where the lesson begins"))
  }

  @Test func `a command is one only alone on its line`() {
    let desk = open()
    desk.type("")
    #expect(desk.type("let n = 5").isEmpty)
    #expect(desk.type("(n)").contains("5"))
    #expect(desk.type("n + 1").contains("6"))
    #expect(desk.type("let hint = 1").isEmpty)
    let passed = desk.type("n")
    #expect(passed.contains("Question 1"))
    #expect(desk.type("LIST").contains("you are here"))
  }

  @Test func `every command is listed with its letter`() {
    let page = open().type("info")
    for command in LessonCommand.allCases { #expect(page.contains(command.rawValue)) }
    #expect(page.contains(":why"))
    #expect(Set(LessonCommand.allCases.map(\.letter)).count == LessonCommand.allCases.count)
  }

  // MARK: Questions

  /// At the number that is asked first.
  private func asked() -> Desk {
    let desk = open()
    desk.type("")
    desk.type("")
    return desk
  }

  @Test func `a question waits, takes any spelling, and says what is wrong`() {
    let desk = asked()
    #expect(desk.tutor.prompt == "answer> ")
    #expect(desk.type("").contains("The question waits"))
    #expect(desk.type("next").contains("The question waits"))
    #expect(desk.type(":why").contains("Nothing went wrong"))
    #expect(desk.type("12").contains("It is too small."))
    #expect(!desk.type(":why").contains("4352"))
    #expect(desk.type("1088").contains("That is one of them."))
    #expect(desk.type("1088 +").contains("does not count"))
    #expect(desk.type("unit_bytes * x").contains("not the names of the lesson"))
    #expect(desk.tutor.progress.items["bytes-of-a-net"]?.outcome == .tried)
    #expect(desk.type("4 * unit_bytes").contains("Right."))
    #expect(desk.tutor.progress.items["bytes-of-a-net"]?.outcome == .right)
    #expect(desk.type("b").contains("A small network"))
    #expect(desk.type("n").contains("You have answered this."))
    #expect(desk.type("reset").contains("Question 1"))
    #expect(desk.tutor.prompt == "answer> ")
  }

  @Test func `hints go deeper one by one, and the last stays`() {
    let desk = asked()
    #expect(desk.type("hint").contains("Hint 1 of 2"))
    #expect(desk.type("h").contains("Hint 2 of 2"))
    #expect(desk.type("h").contains("Hint 2 of 2"))
    #expect(desk.tutor.progress.items["bytes-of-a-net"]?.hints == 2)
    desk.type("4352")
    #expect(desk.type("hint").contains("No question waits"))
  }

  @Test func `skip shows the model answer, and is told apart from an answer`() {
    let desk = asked()
    let shown = desk.type("skip")
    #expect(shown.contains("> 4352"))
    #expect(shown.contains("0 of 4 questions answered, 1 skipped"))
    #expect(desk.type("skip").contains("No question waits"))
    #expect(desk.type("list").contains("skipped"))
    #expect(desk.type("main").contains("0 of 4, 1 skipped"))
  }

  /// At a later question, those before it skipped.
  private func asked(_ id: String) -> Desk {
    let desk = open()
    while true {
      desk.type("")
      let number = course.lessons[0].file.itemIDs.firstIndex(of: id) ?? 0
      if desk.type(":why").isEmpty { break }
      let skipped = desk.tutor.progress.items.count
      if desk.tutor.prompt.hasSuffix("> "), !desk.tutor.prompt.hasPrefix("lesson") {
        if skipped == number { return desk }
        desk.type("skip")
      }
    }
    return desk
  }

  @Test func `a guess is measured at once, whatever it is`() {
    let desk = asked("peak-of-a-step")
    #expect(desk.tutor.prompt == "guess> ")
    let shown = desk.type("4 KiB")
    #expect(shown.contains("> let measured = step.peak"))
    #expect(shown.contains("You guessed 4 KiB; measured is 18.3 KiB."))
    #expect(shown.contains("Those are the parameters alone."))
    #expect(desk.tutor.progress.items["peak-of-a-step"]?.outcome == .guessed)
    #expect(desk.type("").contains("The step"))
  }

  @Test func `at a choice a letter is an answer, though a command has it too`() {
    let desk = asked("who-grows")
    #expect(desk.tutor.prompt == "A/B/C> ")
    #expect(desk.type("a").contains("Look at the line"))
    #expect(desk.type("D").contains("expected one of A, B, C, found 'd'"))
    #expect(desk.type("h").contains("Hint 1 of 1"))
    #expect(desk.type("b").contains("Right."))
  }

  @Test func `commands are collected, tried, and handed in`() {
    let desk = asked("half-the-rows")
    #expect(desk.tutor.prompt == "code> ")
    #expect(desk.type("submit").contains("You have not changed what you began with."))
    #expect(desk.tutor.isUnfinished("fn kept_of(rows) {"))
    #expect(!desk.tutor.isUnfinished("submit"))
    desk.type("fn kept_of(rows) { 64 * rows }")
    #expect(desk.type("kept_of(2)").contains("128"))
    let wrong = desk.type("submit")
    #expect(wrong.contains("What does not hold: it is what a plan says."))
    #expect(wrong.contains("Expected kept_of(8) == plan wrt net"))
    #expect(desk.type(":why").contains("half-the-rows.cairn"))
    #expect(desk.type("nonsense").contains("does not belong to your answer"))
    #expect(desk.type("fn f( {").contains("error["))
    #expect(desk.type("reset").contains("> fn kept_of(rows) { 0 }"))
    #expect(desk.type("u").contains("You have not changed"))
    desk.type(
      "fn kept_of(rows) {\n  let x = randn(rows, 16)\n  plan wrt net { mse(net(x), x) }.kept\n}")
    #expect(desk.type("u").contains("Right."))
  }

  @Test func `what is typed before an answer does not reach its check`() {
    let desk = asked("half-the-rows")
    desk.type("play")
    desk.type("let kept_of = fn(rows) { plan wrt net { sum(net(ones(rows, 16))) }.kept }")
    desk.type("next")
    #expect(desk.type("kept_of(8)").contains("0"))
  }

  // MARK: Coming back

  @Test func `leaving in the middle comes back there, also in a later version`() throws {
    let desk = asked()
    desk.type("4352")
    desk.type("")
    #expect(desk.tutor.answer("quit") == .leaves)

    let again = self.desk()
    again.tutor.begin()
    let shown = again.shown()
    #expect(shown.contains("Going on with lesson 1, first steps: part 4 of 10."))
    #expect(shown.contains("Question 2 of 4"))

    let file = "course/01-first-steps/lesson.cairn"
    try lab.write(
      file,
      try lab.text(file).replacing("# %% A small", with: "# %% [markdown]\n# New.\n\n# %% A small"))
    let later = Desk(
      CourseFolder(lab.path + "/course").course, progress: lab.path + "/progress.json")
    later.tutor.begin()
    #expect(later.shown().contains("part 5 of 11."))
    #expect(later.type("list").contains("right"))
  }

  @Test func `the end says what is open, and the map what is done`() {
    let desk = asked("half-the-rows")
    desk.type("skip")
    for _ in 0..<2 { desk.type("") }
    let end = desk.type("")
    #expect(end.contains("The end of lesson 1"))
    #expect(end.contains("0 of 4 questions answered, 4 skipped"))
    #expect(desk.type("").contains("0 of 4, 4 skipped, done"))
    #expect(desk.tutor.progress.finished == ["first-steps"])
  }

  @Test func `plain pages have no bars and no boxes`() {
    let desk = desk(plain: true)
    desk.tutor.begin()
    desk.type("")
    var shown = ""
    for line in ["", "", "skip", "list", "info", "main", "1", "", "skip", "", ":why"] {
      shown += desk.type(line)
    }
    #expect(shown.contains("questions answered"))
    #expect(!shown.contains { "█▒░▓─│┌└┤●[".contains($0) && $0 != "[" })
  }

  @Test func `in 60 columns every page of a lesson fits`() {
    let desk = Desk(course, width: 60)
    desk.tutor.begin()
    var pages = [desk.shown()]
    for line in ["", "info", "list", "", "", "12", "hint", "list", "info", "skip", "main", "1"] {
      pages.append(desk.type(line))
    }
    for line in pages.joined().split(separator: "\n")
    where !line.hasPrefix("> ") && !line.hasPrefix("memory") {
      #expect(line.count <= 60, "\(line)")
    }
  }

  @Test func `what is typed beside prose is gone behind the next part, prose or cell`() throws {
    let file = "course/01-first-steps/lesson.cairn"
    try lab.write(
      file,
      try lab.text(file).replacing("# %% A small", with: "# %% [markdown]\n# New.\n\n# %% A small"))
    let desk = Desk(CourseFolder(lab.path + "/course").course)
    desk.type("1")
    desk.type("let mine = 1")
    #expect(desk.type("").contains("New."))
    #expect(desk.type("mine").contains("nothing is called `mine`"))
  }

  @Test func `a broken question is told, and passed`() throws {
    try lab.write("course/01-first-steps/items/bytes-of-a-net.cairn", "nothing\n")
    let desk = Desk(CourseFolder(lab.path + "/course").course)
    desk.type("1")
    desk.type("")
    #expect(desk.type("").contains("The question bytes-of-a-net"))
    #expect(desk.type("").contains("Question 1 of 3"))
  }

  @Test func `a question that goes wrong itself is not the student's fault`() throws {
    let file = "course/01-first-steps/items/bytes-of-a-net.cairn"
    try lab.write(file, try lab.text(file).replacing("let unit_bytes", with: "let other = gone #"))
    let desk = Desk(CourseFolder(lab.path + "/course").course)
    desk.type("1")
    desk.type("")
    desk.type("")
    #expect(desk.type("4352").contains("The question itself goes wrong"))
    #expect(desk.tutor.progress.items["bytes-of-a-net"] == nil)
    #expect(desk.type("skip").contains("Skipped."))
  }

  // MARK: Straight through

  @Test func `a lesson straight through shows no answer`() {
    var text = ""
    let setting = Tutor.Setting(.init()) { shown in
      switch shown {
      case .report(let report): text += "\(report)\n"
      case .command(let report): text += report.text
      case .fault: Issue.record("a fault")
      }
    }
    LessonReading(course.lessons[0], setting).run()
    #expect(text.contains("kept 10 KiB"))
    #expect(text.contains("The batch gets twice as many rows."))
    #expect(!text.contains("4352"))
    #expect(!text.contains("Each row has activations of its own."))
  }
}
