package import Evaluation
import Foundation
import Notebook
import Syntax

/// Proves that a course holds what it promises: that it reads, that its lessons reproduce
/// themselves, that each item takes its model answer and no other that it should not take.
package struct CourseCheck {
  private let configuration: Interpreter.Configuration

  /// - Parameter configuration: What sessions are made with, folders and limits apart.
  package init(_ configuration: Interpreter.Configuration) {
    self.configuration = configuration
  }

  /// All findings, those of the form first, then lesson by lesson. Ends early where it is asked to
  /// stop.
  ///
  /// - Parameter begins: Told of each lesson before it is run.
  package func findings(
    of folder: CourseFolder, begins: (Lesson) -> Void = { _ in }
  ) -> [Finding] {
    var findings = folder.findings
    for lesson in folder.course.lessons {
      begins(lesson)
      findings += self.findings(of: lesson)
    }
    return findings
  }

  /// What is wrong with a lesson beyond its form: it is run, and each of its items answered.
  package func findings(of lesson: Lesson) -> [Finding] {
    let text = lesson.file.script.source.text
    var findings = outline(of: lesson) + asked(in: lesson)
    findings += NumbersAndLinks(lesson, FileCell.cells(of: text, file: lesson.path)).findings
    findings += layout(of: lesson)
    // A lesson that cannot be read has been told of.
    if Parser.parse(lesson.file.script.source).faults.isEmpty {
      findings += reproduction(of: lesson)
    }
    for item in lesson.items.values.sorted(by: { $0.file < $1.file }) where !isStopped {
      findings += ItemProof(item, configuration).findings
    }
    return findings
  }

  /// True once it was asked to stop.
  package var isStopped: Bool { configuration.interruption.isRequested }

  // MARK: Lessons

  /// The first prose cell and the last two.
  private func outline(of lesson: Lesson) -> [Finding] {
    let stops = lesson.file.stops
    guard let first = stops.first else {
      return [Finding(lesson.path, 1, CourseProblem.emptyLesson.message)]
    }
    var findings: [Finding] = []
    if lesson.file.heading?.number != lesson.number {
      findings.append(
        Finding(
          lesson.path, first.line, CourseProblem.firstProse(number: lesson.number).message))
    }
    let prose = stops.compactMap { stop -> (pieces: [Prose.Piece], line: Int)? in
      if case .prose(let prose, let line) = stop { (prose.pieces, line) } else { nil }
    }
    let last = stops.last?.line ?? 1
    func begins(_ cell: (pieces: [Prose.Piece], line: Int)?, _ heading: String) -> Bool {
      cell?.pieces.first == .heading(level: 2, heading)
    }
    if !begins(prose.last, "Where to read on") || prose.last?.line != last {
      findings.append(Finding(lesson.path, last, CourseProblem.noWhereToReadOn.message))
    }
    let remembered = prose.dropLast().last
    if begins(remembered, "To remember") {
      let count = remembered?.pieces.count { if case .item = $0 { true } else { false } } ?? 0
      if count != 3 {
        findings.append(
          Finding(lesson.path, remembered?.line, CourseProblem.remembered(count).message))
      }
    } else {
      findings.append(Finding(lesson.path, last, CourseProblem.noToRemember.message))
    }
    return findings
  }

  /// Each item is asked once, and each that is asked is there.
  private func asked(in lesson: Lesson) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    let cells = FileCell.cells(of: lesson.file.script.source.text, file: lesson.path)
    for cell in cells where cell.tag == "item" {
      guard cell.words.count == 1 else {
        findings.append(Finding(lesson.path, cell.line, CourseProblem.noItemInCell.message))
        continue
      }
      let id = cell.words[0]
      if cell.lines.contains(where: { !$0.trimmed.isEmpty }) {
        findings.append(Finding(lesson.path, cell.line, CourseProblem.moreInItemCell.message))
      }
      if !isThere(id, in: lesson) {
        findings.append(Finding(lesson.path, cell.line, CourseProblem.noSuchItem(id).message))
      }
      if !seen.insert(id).inserted {
        findings.append(Finding(lesson.path, cell.line, CourseProblem.askedTwice(id).message))
      }
    }
    for item in lesson.items.values.sorted(by: { $0.file < $1.file }) where !seen.contains(item.id)
    {
      findings.append(Finding(item.file, 1, CourseProblem.neverAsked(item.id).message))
    }
    return findings
  }

  private func isThere(_ id: String, in lesson: Lesson) -> Bool {
    lesson.items[id] != nil
      || FileManager.default.fileExists(atPath: lesson.folder + "/items/\(id).cairn")
  }

  private func reproduction(of lesson: Lesson) -> [Finding] {
    var configuration = configuration
    configuration.directory = lesson.folder
    let transcript = Transcript(name: "lesson.cairn") { Session(configuration: configuration) }
    let difference = transcript.check(lesson.file.script.source.text).difference
    guard !difference.isEmpty, !isStopped else { return [] }
    let first = difference.firstMatch(of: /line ([0-9]+)/).flatMap { Int($0.output.1) }
    return [Finding(lesson.path, first, CourseProblem.otherOutput(difference).message)]
  }

  /// Every file of the lesson is laid out canonically.
  private func layout(of lesson: Lesson) -> [Finding] {
    let items =
      (try? FileManager.default.contentsOfDirectory(atPath: lesson.folder + "/items")) ?? []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: lesson.folder)) ?? []
    let paths =
      names.sorted().map { lesson.folder + "/" + $0 }
      + items.sorted().map { lesson.folder + "/items/" + $0 }
    return paths.compactMap { path in
      guard path.hasSuffix(".cairn"), !path.contains("/."),
        let source = try? ScriptFile.read(path)
      else { return nil }
      let parsed = Parser.parse(source)
      guard parsed.faults.isEmpty, Formatter.format(parsed.script) != source.text else {
        return nil
      }
      return Finding(path, nil, CourseProblem.layout.message)
    }
  }
}
