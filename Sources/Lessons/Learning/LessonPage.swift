import Reports
import Writing

/// The pages of a lesson that list and tell: questions, its parts, its end.
struct LessonPage {
  private let lesson: Lesson
  private let progress: Progress
  private let stop: Int
  private let course: Course
  private let isPlain: Bool
  /// Columns that the title of a part may take.
  private let titleWidth: Int

  /// Of a lesson at the stop that is reached.
  init(_ walk: LessonWalk) {
    lesson = walk.lesson
    progress = walk.tutor.progress
    stop = walk.stop
    course = walk.tutor.course
    isPlain = walk.tutor.setting.isPlain
    titleWidth = max(20, min(walk.tutor.setting.width() - 28, 44))
  }

  // MARK: Questions

  /// The question with its number, and what is asked for.
  func question(_ item: Item) -> Report { Report(head(item) + LessonPage.body(item)) }

  /// A question that needs no answer any more.
  func answered(_ item: Item, _ record: Progress.Record) -> Report {
    let word: RichText =
      switch record.outcome {
      case .right: "\(good: "You have answered this.")"
      case .guessed: "You have made a guess here."
      case .skipped: "You have skipped this."
      case .tried: ""
      }
    return Report(
      head(item) + LessonPage.body(item) + [.gap, .paragraph(word + " 'reset' asks it again.")])
  }

  private func head(_ item: Item) -> [Report.Part] {
    let items = lesson.askedItems
    let number = (items.firstIndex { $0.id == item.id } ?? 0) + 1
    return [
      .gap,
      .line("\(strong: "Question \(number) of \(items.count)")  \(faint: item.kind.rawValue)"),
      .gap,
    ]
  }

  /// The question itself: text, options, stub.
  static func body(_ item: Item) -> [Report.Part] {
    var parts = item.question.report.parts
    if !item.options.isEmpty { parts.append(.gap) }
    for option in item.options {
      let text = option.text.lines.map(\.trimmed).joined(separator: " ")
      parts.append(.items([RichText("\(option.letter.uppercased())  ") + Prose.styled(text)]))
    }
    switch item.kind {
    case .code, .strategy:
      parts += [.gap] + TutorText.stub(item).parts + [.gap, .paragraph(TutorText.codeTask(item))]
    case .predict: parts += [.gap, .paragraph(TutorText.guessTask)]
    case .choice, .number, .text, .value: break
    }
    return parts
  }

  // MARK: Parts of the lesson

  /// The parts of the lesson from top to bottom, with what is done and where one is.
  var list: Report {
    var table = ReportTable(.right(), .left(), .left())
    for (number, part) in lesson.file.stops.enumerated() {
      var state: RichText = number == stop ? "\(strong: "you are here")" : ""
      if case .item(let id, _) = part, let record = progress.items[id] {
        state = (state.isEmpty ? state : state + ", ") + LessonPage.word(for: record.outcome)
      }
      table.add(
        .integer(number + 1), .text(title(of: part)), .text(state))
    }
    return Report(
      .line(RichText("Lesson \(lesson.number): \(lesson.title)", .strong)), .table(table), .gap,
      .line(CourseMap.standing(progress.tally(of: lesson), isPlain: isPlain)))
  }

  private static func word(for outcome: Progress.Outcome) -> RichText {
    switch outcome {
    case .right: "\(good: "right")"
    case .guessed: "guessed"
    case .skipped: "skipped"
    case .tried: "open"
    }
  }

  private func title(of stop: LessonFile.Stop) -> RichText {
    switch stop {
    case .prose(let prose, _):
      if case .heading(_, let text)? = prose.pieces.first {
        return Prose.styled(text.clipped(to: titleWidth))
      }
      let text = prose.lines.joined(separator: " ").trimmed
      return Prose.styled(text.clipped(to: titleWidth))
    case .cell(let cell):
      let first = cell.statements.first?.range.text.inOneLine(width: titleWidth) ?? ""
      return cell.title.isEmpty
        ? RichText(first, .name) : RichText(cell.title.clipped(to: titleWidth))
    case .item(let id, _):
      guard let item = lesson.items[id] else { return RichText(id) }
      let text = item.question.lines.joined(separator: " ").trimmed
      return "question: " + Prose.styled(text.clipped(to: titleWidth - 10))
    }
  }

  // MARK: The end

  /// What is said behind the last part.
  var end: Report {
    let tally = progress.tally(of: lesson)
    var parts: [Report.Part] = [
      .gap, .line(RichText("The end of lesson \(lesson.number): \(lesson.title)", .strong)),
      .line(CourseMap.standing(tally, isPlain: isPlain)),
    ]
    let open = tally.items - tally.done
    if open > 0 {
      parts.append(
        .paragraph("\(count: open, "question") left open: 'list' shows where, 'back' leads there."))
    }
    if let place = course.lessons.firstIndex(where: { $0.name == lesson.name }),
      place + 1 < course.lessons.count
    {
      let next = course.lessons[place + 1]
      parts.append(
        .paragraph(
          "Enter goes on with lesson \(next.number), \(next.title); 'main' shows all lessons."))
    } else {
      parts.append(.paragraph("This was the last lesson. 'main' shows all of them."))
    }
    return Report(parts)
  }
}
