import Notebook
import Reports
import Syntax

/// Answers, hints, and what is said of them.
extension LessonWalk {
  /// Takes an answer, or a part of one.
  func answer(_ text: String, to item: Item) {
    guard item.kind.isCode else { return judge(text, item) }
    let source = source(text)
    let parsed = Parser.parse(source)
    guard parsed.faults.isEmpty else {
      for fault in parsed.faults { tutor.setting.show(.fault(fault)) }
      reason = parsed.faults.first.map(TutorText.why)
      return
    }
    desk?.add(
      source, prepare: { tutor.prepare($0) },
      each: { report in
        tutor.setting.show(.command(report))
        if let fault = report.fault {
          reason = TutorText.why(fault)
          tutor.tell(TutorText.notTaken)
        }
      })
  }

  /// Hands the commands in.
  func submit() {
    guard case .asking(let item) = mode else { return tutor.tell(TutorText.nothingAsked) }
    guard item.kind.isCode else { return tutor.tell(TutorText.noSubmit) }
    guard let desk, !desk.draft.isEmpty else { return tutor.tell(TutorText.nothingTyped) }
    if let stub = item.stub, desk.draft.text == Draft(stub.text).text {
      return tutor.tell(TutorText.unchanged)
    }
    judge(desk.draft.text, item)
  }

  private func judge(_ answer: String, _ item: Item) {
    var check = ItemCheck(item, tutor.setting.configuration)
    check.width = min(tutor.setting.width(), 100)
    let attempt = check.attempt(answer)
    reason = TutorText.why(attempt.verdict, item)
    switch attempt.verdict {
    case .unreadable, .stopped, .faultOfCourse: break
    case .right, .wrong, .failed, .overLimit: tell(attempt, answer, of: item)
    }
    switch attempt.verdict {
    case .unreadable(let fault):
      tutor.setting.show(.fault(fault))
      tutor.tell(TutorText.unreadable)
    case .failed(let fault) where item.kind != .predict || attempt.revealed.isEmpty:
      tutor.setting.show(.fault(TutorText.alone(fault)))
      tutor.tell(TutorText.failed(fault))
    case .overLimit(let fault):
      tutor.setting.show(.fault(fault))
      tutor.tell(TutorText.overLimit)
    case .faultOfCourse(let fault):
      tutor.setting.show(.fault(fault))
      tutor.tell(TutorText.faultOfCourse)
    case .stopped: tutor.tell(TutorText.stopped)
    case .right, .wrong, .failed: break
    }
  }

  /// Says what became of an answer that was judged, and keeps it.
  private func tell(_ attempt: Attempt, _ answer: String, of item: Item) {
    let isRight = attempt.verdict.isRight
    if item.kind == .predict {
      // Any guess is one, once it was run and something could be shown against it.
      guard !attempt.revealed.isEmpty else { return }
      show(attempt.revealed, of: item)
      tutor.keep { $0.answered(item.id, isRight ? .right : .guessed) }
      mode = .reading
      tutor.show(TutorText.guess(attempt))
      return tellStanding()
    }
    tutor.keep { $0.answered(item.id, isRight ? .right : .tried) }
    guard isRight else {
      if case .wrong(let shortfall) = attempt.verdict {
        tutor.show(TutorText.wrong(shortfall, item))
      }
      return
    }
    mode = .reading
    desk = nil
    let option = item.options.first { $0.letter == answer.trimmed.lowercased() }
    tutor.show(TutorText.right(option?.reply))
    tellStanding()
  }

  /// Says how much of the lesson is done.
  private func tellStanding() {
    let tally = tutor.progress.tally(of: lesson)
    tutor.show(Report(.line(CourseMap.standing(tally, isPlain: tutor.setting.isPlain))))
  }

  /// Shows what is measured after a guess.
  private func show(_ revealed: [CommandReport], of item: Item) {
    guard let reveal = item.reveal else { return }
    let statements = Parser.parse(reveal).script.statements
    tutor.show(Report(.gap))
    for (statement, report) in zip(statements, revealed) {
      tutor.show(Report(.code(CodeLines.quoted(statement.range.text))))
      tutor.setting.show(.command(report))
    }
  }

  // MARK: Hints and skipping

  /// Shows the next hint.
  func hint() {
    guard let item = waiting else { return tutor.tell(TutorText.nothingAsked) }
    let shown = tutor.progress.items[item.id]?.hints ?? 0
    let number = min(shown + 1, item.hints.count)
    guard number > 0 else { return tutor.tell(TutorText.noHints) }
    tutor.show(TutorText.hint(item.hints[number - 1], number, of: item.hints.count))
    tutor.keep { $0.hinted(item.id, number) }
  }

  /// The question that waits.
  private var waiting: Item? {
    switch mode {
    case .asking(let item), .playing(let item): item
    case .reading: nil
    }
  }

  /// Shows the model answer and leaves the question.
  func skip() {
    guard let item = waiting else { return tutor.tell(TutorText.nothingToSkip) }
    tutor.keep { $0.skipped(item.id) }
    (mode, desk) = (.reading, nil)
    tutor.show(TutorText.model(of: item))
    tellStanding()
  }
}

/// Code as it is shown: behind `> `.
enum CodeLines {
  /// Each line behind `> `.
  static func quoted(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "> " + $0 }.lined
  }
}
