import Foundation
import Syntax
import Testing

@testable import Lessons

/// What `course check` finds, and that it finds nothing in a good course.
@Suite struct CourseCheckTests {
  @Test func `the skeleton is a course without findings`() throws {
    let lab = try CourseLab()
    let folder = try lab.skeleton()
    #expect(folder.course.title == "course")
    #expect(folder.course.lessons.map(\.title) == ["first steps"])
    #expect(
      folder.course.lessons.first?.askedItems.map(\.kind) == [.number, .predict, .choice, .code])
    #expect(CourseCheck(.init()).findings(of: folder).map(\.text) == [])
  }

  @Test func `a course is not made over what is there`() throws {
    let lab = try CourseLab()
    try lab.write("course/mine.txt", "mine")
    #expect(throws: Diagnostic.self) { try CourseSkeleton.write(to: lab.path + "/course") }
    #expect(try lab.text("course/mine.txt") == "mine")
  }

  /// A part of a file of the skeleton, what takes its place, the file, and what is found.
  private static let faults: [(String, String, String, String)] = [
    ("    4352\n", "    4353\n", "items/bytes-of-a-net.cairn", ""),
    ("\n4352\n", "\n4353\n", "items/bytes-of-a-net.cairn", "does not earn full marks"),
    (
      "expect answer == 4 * unit_bytes", "expect answer > 0", "items/bytes-of-a-net.cairn",
      "the wrong answer 'one unit' earns full marks"
    ),
    (
      "expect answer == 4 * unit_bytes", "let fine = answer", "items/bytes-of-a-net.cairn",
      "the check met no 'expect'"
    ),
    (
      "expect answer == 4 * unit_bytes", "expect unit_bytes > 0", "items/bytes-of-a-net.cairn",
      "no answer at all earns full marks"
    ),
    (
      "# Count the numbers of one unit first.", "# It is 4352.", "items/bytes-of-a-net.cairn",
      "the hint holds the model answer"
    ),
    (
      "import \"../shared.cairn\"", "import \"../gone.cairn\"", "items/bytes-of-a-net.cairn",
      "the item itself goes wrong"
    ),
    (
      "expect answer < 7 KiB", "expect answer < 20 KiB", "items/peak-of-a-step.cairn",
      "'[when] parameters alone' holds for a model answer"
    ),
    (
      "expect answer < 7 KiB", "expect answer < 3 KiB", "items/peak-of-a-step.cairn",
      "the example of 'parameters alone' is not recognised"
    ),
    (
      "test \"it is what a plan says\" {",
      "test \"it is a number\" { expect kept_of(1) >= 0 }\nif false {",
      "items/half-the-rows.cairn", "the stub earns full marks"
    ),
    ("# %% [item] who-grows\n", "", "lesson.cairn", "has no cell '# %% [item] who-grows'"),
    ("[item] who-grows\n", "[item] who-gros\n", "lesson.cairn", "there is no items/who-gros.cairn"),
    (
      "# %% [item] who-grows\n", "# %% [item] who-grows\n\n# %% [item] who-grows\n", "lesson.cairn",
      "is asked a second time"
    ),
    ("seed 1\n", "seed 2\n", "lesson.cairn", "does not reproduce its recorded output"),
    (
      "let x = randn(32, 16)", "let x   = randn(32, 16)", "lesson.cairn", "not laid out canonically"
    ),
    ("# # Lesson 1:", "# # Lesson 2:", "lesson.cairn", "begins '# # Lesson 1: TITLE'"),
    ("# ## To remember", "# ## Remember", "lesson.cairn", "begins '# ## To remember'"),
    ("# - The parameters do not.\n", "", "lesson.cairn", "three sentences, found 2"),
    ("# ## Where to read on", "# ## Papers", "lesson.cairn", "begins '# ## Where to read on'"),
    (
      "what is live at the worst moment.", "what is live: 19.5 KiB.", "lesson.cairn",
      "the number 19.5 KiB stands in prose"
    ),
    (
      "what is live at the worst moment.", "[what](../gone.md) is live.", "lesson.cairn",
      "the link leads to '../gone.md'"
    ),
    ("let net = chain", "let net = = chain", "lesson.cairn", "lesson.cairn:12: expected"),
    (
      "# %% [item] bytes-of-a-net number", "# %% [item] who-grows number",
      "items/bytes-of-a-net.cairn", "stands for another item already"
    ),
  ]

  @Test(arguments: faults.indices)
  func `a fault of a course is found`(index: Int) throws {
    let lab = try CourseLab()
    _ = try lab.skeleton()
    let (part, other, file, found) = CourseCheckTests.faults[index]
    let findings = try lab.findings(replacing: part, by: other, in: file)
    if found.isEmpty {
      #expect(findings == [], "what is no fault")
    } else {
      #expect(findings.contains { $0.contains(found) }, "\(found): \(findings)")
    }
  }

  @Test func `folders that are none, without a number, or with one twice are told`() throws {
    let lab = try CourseLab()
    #expect(CourseFolder(lab.path).findings.map(\.message).contains { $0.contains("course.md") })
    try lab.write("course.md", "no title\n")
    #expect(CourseFolder(lab.path).findings.contains { $0.line == 1 })
    try lab.write("01-a/lesson.cairn", "# %% [markdown]\n# # Lesson 1: a\n")
    try lab.write("01-b/lesson.cairn", "# %% [markdown]\n# # Lesson 1: b\n")
    try lab.write("02-a/lesson.cairn", "# %% [markdown]\n# # Lesson 2: a\n")
    try lab.write("03-c/notes.txt", "")
    let messages = CourseFolder(lab.path).findings.map(\.message)
    #expect(messages.contains { $0.contains("lesson 1 is 01-a already") })
    #expect(messages.contains { $0.contains("'a' is 01-a already") })
    #expect(messages.contains { $0.contains("there is no lesson.cairn in this folder") })
  }

  // MARK: The course that comes with Cairn

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private static let lessons: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: root + "/lessons")) ?? [])
    .filter { FileManager.default.fileExists(atPath: "\(root)/lessons/\($0)/lesson.cairn") }
    .sorted()

  @Test(arguments: lessons)
  func `a lesson of the course holds what it promises`(name: String) {
    let folder = CourseFolder(CourseCheckTests.root + "/lessons", only: name)
    #expect(folder.course.lessons.count == 1)
    #expect(CourseCheck(.init()).findings(of: folder).map(\.text) == [])
  }

  @Test func `the course as a whole has no findings of its form`() {
    guard !CourseCheckTests.lessons.isEmpty else { return }
    #expect(CourseFolder(CourseCheckTests.root + "/lessons").findings.map(\.text) == [])
  }

  @Test func `what the page on the format shows is the skeleton`() throws {
    let lab = try CourseLab()
    _ = try lab.skeleton()
    let page = try String(
      contentsOfFile: CourseCheckTests.root + "/lessons/README.md", encoding: .utf8)
    let blocks = page.components(separatedBy: "```cairn\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    let files = try CourseSkeleton.files(title: "course").map { file in
      try lab.text("course/" + file.path)
    }.filter { $0.hasPrefix("# %%") || $0.hasPrefix("# What") }
    #expect(blocks == files)
  }
}
