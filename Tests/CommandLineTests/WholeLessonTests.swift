import Foundation
import Testing

/// Whole lessons of the course at a terminal, as a student goes through them: odd answers, wrong
/// ones, then right ones; leaving in the middle and coming back.
@Suite struct WholeLessonTests {
  /// The course's folder.
  private static let course =
    ProcessInfo.processInfo.environment["CAIRN_COURSE"]
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/lessons"

  private static let lessons: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: course)) ?? []).sorted().filter { name in
      ["01-", "06-", "11-"].contains { name.hasPrefix($0) }
        && FileManager.default.fileExists(atPath: "\(course)/\(name)/lesson.cairn")
    }

  /// A cell of a file: what stands behind `# %%`, and its lines.
  private struct Cell {
    let words: [String]
    var lines: [String] = []

    /// `[item]`, `[model]`; a title's first word, or nothing.
    var tag: String { words.first ?? "" }
    var code: [String] { lines.filter { !$0.hasPrefix("#") } }
    var isStop: Bool {
      tag == "[markdown]" || tag == "[item]"
        || code.contains { !$0.allSatisfy(\.isWhitespace) }
    }
  }

  private func cells(_ path: String) throws -> [Cell] {
    var cells: [Cell] = []
    for line in try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("# %%") {
        cells.append(
          Cell(words: line.dropFirst(4).split(separator: " ").map(String.init)))
      } else if !cells.isEmpty {
        cells[cells.count - 1].lines.append(line)
      }
    }
    return cells
  }

  /// What a student types for an example, as one text.
  private func typed(_ cell: Cell, kind: String) -> String {
    guard kind == "text" else {
      return cell.code.joined(separator: "\r").trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return cell.lines.filter { $0.hasPrefix("#") }.map { $0.dropFirst(2) }
      .prefix { !$0.hasPrefix("Reply:") }.joined(separator: " ")
  }

  private func answer(_ id: String, in lesson: String, at terminal: PseudoTerminal) throws {
    let item = try cells("\(WholeLessonTests.course)/\(lesson)/items/\(id).cairn")
    let kind = try #require(item.first?.words.last)
    if kind == "choice" {
      terminal.type("Z\r")
      try terminal.await("does not count")
      let options = item.filter { $0.tag == "[choice]" }
      let wrong = try #require(options.first { $0.words.last != "right" })
      terminal.type(wrong.words[1] + "\r")
      try terminal.await("Not yet.")
      let right = try #require(options.first { $0.words.last == "right" })
      terminal.type(right.words[1] + "\r")
      try terminal.await("Right.")
      return
    }
    let isCode = kind == "code" || kind == "strategy"
    let end = isCode ? "\rsubmit\r" : "\r"
    terminal.type(kind == "text" ? "\r" : "1 +* 2\r")
    try terminal.await(kind == "text" ? "The question waits" : isCode ? "error[" : "does not count")
    let model = typed(try #require(item.first { $0.tag == "[model]" }), kind: kind)
    if kind == "predict" {
      terminal.type(model + end)
      try terminal.await("Your guess holds.", seconds: 60)
      return
    }
    if let wrong = item.first(where: { $0.tag == "[wrong]" }) {
      terminal.type(typed(wrong, kind: kind) + end)
      try terminal.await("Not yet.", seconds: 120)
    }
    if isCode { terminal.type("reset\r") }
    terminal.type(model + end)
    try terminal.await("Right.", seconds: 60)
  }

  @Test(arguments: lessons)
  func `a student goes through a whole lesson, leaves in the middle and comes back`(
    lesson: String
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let state = ["XDG_STATE_HOME": scratch.path]
    let stops = try cells("\(WholeLessonTests.course)/\(lesson)/lesson.cairn").filter(\.isStop)
    let middle = stops.count / 2
    func open() throws -> PseudoTerminal {
      try PseudoTerminal(["learn", WholeLessonTests.course, lesson], environment: state)
    }
    var terminal = try open()
    for (index, stop) in stops.enumerated() {
      if index > 0 { terminal.type("\r") }
      if stop.tag == "[item]" {
        try terminal.await("Question", seconds: 60)
        try terminal.await("> ", seconds: 60)
        try answer(stop.words[1], in: lesson, at: terminal)
      }
      try terminal.await(", \(index + 1) of \(stops.count)> ", seconds: 60)
      if index == middle {
        terminal.type("let mine = 1\rquit\r")
        try terminal.await("goes on here.")
        #expect(try terminal.finish() == 0)
        terminal = try open()
        try terminal.await("part \(index + 1) of \(stops.count)")
        try terminal.await(", \(index + 1) of \(stops.count)> ", seconds: 60)
      }
    }
    terminal.type("\r")
    try terminal.await("The end of lesson", seconds: 60)
    let asked = stops.count { $0.tag == "[item]" }
    try terminal.await("\(asked) of \(asked) questions answered")
    terminal.type("q\r")
    #expect(try terminal.finish() == 0)
  }
}
