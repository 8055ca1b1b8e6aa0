import Notebook
import Reports
import Syntax
import Writing

/// The wording of what is said to a student.
enum TutorText {
  // MARK: Prompts

  static let mapPrompt = "course> "
  static let playPrompt = "try> "

  /// In a lesson, with the number of the part that was shown last.
  static func prompt(_ lesson: Lesson, part: Int, of count: Int) -> String {
    "lesson \(lesson.number), \(part) of \(count)> "
  }

  static func prompt(asking item: Item) -> String {
    switch item.kind {
    case .choice: item.options.map { $0.letter.uppercased() }.joined(separator: "/") + "> "
    case .predict: "guess> "
    case .code, .strategy: "code> "
    case .number, .text, .value: "answer> "
    }
  }

  // MARK: Ways through a lesson

  static let welcome: RichText = """
    Read, and press Enter to go on. You may type any command of the language in between: what it \
    changes is forgotten when you go on. 'info' lists what else you can say.
    """
  static let whySummary = "more on the last wrong answer or fault"

  static func resumed(_ lesson: Lesson, part: Int, of count: Int) -> RichText {
    "Going on with lesson \(lesson.number), \(lesson.title): part \(part) of \(count)."
  }

  static let left: RichText = "Next time, 'cairn learn' goes on here."

  static let atStart: RichText = "This is where the lesson begins; 'main' shows the others."
  static let noLessonOpen: RichText = """
    No lesson is open: type the number of one, or press Enter to go on where you stopped.
    """
  static let questionWaits: RichText = """
    The question waits for an answer. 'hint' helps, 'play' lets you try commands first, 'skip' \
    shows the answer and leaves it.
    """
  static let codeWaits: RichText = """
    Type commands; 'submit' hands them in. 'hint' helps, 'skip' shows the answer and leaves it.
    """
  static let playing: RichText = """
    Type what you like; it is no answer. 'next' comes back to the question.
    """
  static let mayPlay: RichText = """
    Type any command of the language; 'next' goes on, and forgets it.
    """
  static let forgotten: RichText = "What you typed here is forgotten."
  static let nothingToReset: RichText = "There is nothing to reset: type another answer."
  static let nothingToSkip: RichText = "No question waits here: 'next' goes on."
  static let nothingAsked: RichText = "No question waits here."
  static let nothingToExplain: RichText = "Nothing went wrong so far."

  static func unknownColon(_ text: String) -> RichText {
    "There is no \(name: text.inOneLine(width: 40)) in a lesson; 'info' lists what there is."
  }

  static func letterIsName(_ letter: String) -> RichText {
    "(For the value of \(name: letter), type \(name: "(\(letter))").)"
  }

  static func brokenItem(_ id: String, _ lesson: Lesson, line: Int) -> RichText {
    """
    (The question \(name: id), \(lesson.path):\(line), cannot be read: 'cairn course check' says \
    why.)
    """
  }

  // MARK: Pages

  static func info(_ lesson: Lesson, of course: Course, part: Int, of count: Int) -> Report {
    Report(
      .paragraph(
        """
        \(course.title). Lesson \(lesson.number), \(lesson.title): \
        part \(min(part + 1, count)) of \(count).
        """),
      .gap, LessonCommand.table, .gap,
      .paragraph(
        """
        A word counts as one of these only alone on its line. For the value of a name that is \
        spelt so, put it in parentheses: (n). Everything else is a command of the language, or an \
        answer; what you type in between is forgotten when you go on.
        """))
  }

  static func mapInfo(_ course: Course) -> Report {
    Report(
      course.introduction.report.parts + [
        .gap,
        .paragraph(
          "Type the number of a lesson, or press Enter to go on where you stopped; 'quit' leaves."),
      ])
  }

  // MARK: Questions

  static func codeTask(_ item: Item) -> RichText {
    """
    Type commands: each runs at once, and belongs to your answer where it succeeds. 'submit' hands \
    them in, 'reset' begins again.
    """
  }

  static let stubTitle: RichText = "You begin with:"
  static let guessTask: RichText = "Make a guess; it is measured next."

  static func stub(_ item: Item) -> Report {
    guard let stub = item.stub else { return Report(.paragraph(forgotten)) }
    return Report(.paragraph(stubTitle), .code(CodeLines.quoted(stub.text)))
  }

  static func hint(_ hint: Prose, _ number: Int, of count: Int) -> Report {
    Report(
      [.line(RichText("Hint \(number) of \(count)", .strong))] + hint.report.parts + [.gap])
  }

  static let noHints: RichText = "There is no hint to this question."

  static func model(of item: Item) -> Report {
    var parts: [Report.Part] = [.paragraph("Skipped. An answer:")]
    if item.kind == .choice {
      for option in item.options where option.isRight {
        parts.append(.paragraph(RichText("\(option.letter.uppercased()): ") + prose(option.text)))
        parts += option.reply.report.parts
      }
    } else if let model = item.models.first {
      parts.append(item.kind == .text ? .verbatim(model.text) : .code(CodeLines.quoted(model.text)))
    }
    return Report(parts + [.gap])
  }

  private static func prose(_ prose: Prose) -> RichText {
    Prose.styled(prose.lines.map(\.trimmed).joined(separator: " "))
  }

  // MARK: Verdicts

  static func right(_ reply: Prose?) -> Report {
    Report([.line("\(good: "Right.")")] + (reply?.report.parts ?? []) + [.gap])
  }

  /// After what was measured is shown.
  static func guess(_ attempt: Attempt) -> Report {
    var sides: RichText = ""
    if let compared = attempt.compared {
      sides = " You guessed \(name: compared.guess); measured is \(name: compared.measured)."
    }
    switch attempt.verdict {
    case .right: return Report(.paragraph("\(good: "Your guess holds.")" + sides), .gap)
    case .wrong(let shortfall):
      var parts: [Report.Part] = [.paragraph("\(bad: "Your guess does not hold.")" + sides)]
      parts += shortfall.reply?.report.parts ?? []
      return Report(parts + [.gap])
    case .unreadable, .failed, .overLimit, .stopped, .faultOfCourse: return Report()
    }
  }

  static func wrong(_ shortfall: Shortfall, _ item: Item) -> Report {
    var parts: [Report.Part] = [.line("\(bad: "Not yet.")")]
    if let reply = shortfall.reply {
      parts += reply.report.parts
    } else {
      parts += shortfall.remarks.map { .paragraph(remark($0)) }
    }
    parts.append(.paragraph(item.kind.isCode ? changeIt : tryAgain))
    return Report(parts + [.gap])
  }

  private static let tryAgain: RichText = "Try again, or ask for a 'hint'."
  private static let changeIt: RichText = """
    Type what you want to change, and 'submit' again; or ask for a 'hint'.
    """

  static func remark(_ remark: Shortfall.Remark) -> RichText {
    switch remark {
    case .found(let value): "Your answer is \(name: value)."
    case .test(let name): "What does not hold: \(strong: name)."
    case .expectation(let message): RichText(capitalized(message) + ".")
    case .tooSmall: "It is too small."
    case .tooLarge: "It is too large."
    case .hint(let hint): RichText(capitalized(hint))
    }
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// The fault without a hint that would not help in an answer.
  static func alone(_ fault: Diagnostic) -> Diagnostic {
    fault.kind == .name ? fault.withoutHint : fault
  }

  static let stopped: RichText = "Stopped before the answer was judged; it does not count."
  static let unreadable: RichText = "This is no answer yet, and does not count."
  static let notTaken: RichText = "(This one does not belong to your answer.)"
  static let nothingTyped: RichText = "Nothing is there to hand in yet: type commands first."
  static let unchanged: RichText = """
    You have not changed what you began with. Type commands that do what is asked for.
    """
  static let noSubmit: RichText = "Type the answer itself; there is nothing to hand in."
  static let overLimit: RichText = """
    Your answer was stopped: it took more steps, more memory or more output than an answer may. \
    Does \
    it have a loop without an end?
    """
  static let faultOfCourse: RichText = """
    The question itself goes wrong, whatever you answer: please tell whoever wrote it. 'skip' goes \
    on.
    """

  static func failed(_ fault: Diagnostic) -> RichText {
    fault.kind == .name
      ? """
      Your answer stopped there. An answer stands alone: it knows what the question says, and not \
      the names of the lesson.
      """ : "Your answer stopped there, so that nothing could be checked."
  }

  // MARK: Why

  static func why(_ fault: Diagnostic) -> Report {
    Report(
      .verbatim(DiagnosticRenderer().text(fault)), .paragraph(RichText(meaning(of: fault.kind))))
  }

  static func why(_ verdict: Verdict, _ item: Item) -> Report? {
    switch verdict {
    case .right: return Report(.paragraph("Your answer met everything that the question checks."))
    case .stopped: return nil
    case .wrong(let shortfall): return why(shortfall, item)
    case .unreadable(let fault), .failed(let fault), .overLimit(let fault),
      .faultOfCourse(let fault):
      return why(fault)
    }
  }

  private static func why(_ shortfall: Shortfall, _ item: Item) -> Report {
    var parts: [Report.Part] = []
    if let reply = shortfall.reply { parts += reply.report.parts }
    if item.kind.isCode || item.kind == .predict, let failure = shortfall.failure {
      parts.append(.verbatim(DiagnosticRenderer().text(failure)))
    } else {
      parts += shortfall.remarks.map { .paragraph(remark($0)) }
    }
    parts.append(.paragraph(checked(item.kind)))
    return Report(parts)
  }

  private static func checked(_ kind: ItemKind) -> RichText {
    switch kind {
    case .choice: "Another option is right."
    case .text: "Your words are compared without regard to capitals."
    case .number, .value, .predict:
      "Any expression with the right value is accepted, however it is spelt."
    case .code, .strategy:
      """
      Your commands ran in a fresh session behind the setup of the question, and then what is \
      expected of them was tried. Any commands that meet it are accepted.
      """
    }
  }

  /// What a kind of fault means for whoever is new to it.
  private static func meaning(of kind: Diagnostic.Kind) -> String {
    switch kind {
    case .syntax: "This cannot be read as commands, so that nothing of it ran."
    case .name: "A name stands there that nothing was bound to."
    case .type: "A value of another kind was needed there."
    case .shape: "The shapes of the tensors do not fit each other there."
    case .value: "The value is one that cannot be computed with there."
    case .memory: "There was no room for it within the budget, or on this machine."
    case .gradient: "There is no gradient of this."
    case .schedule: "The actions of the schedule cannot be taken in this order."
    case .test: "Something was expected that does not hold."
    case .limit: "It took more than it may."
    case .interrupted: "It was stopped before its end."
    case .io: "A file could not be read or written."
    }
  }

  // MARK: Progress

  static func progress(_ problem: ProgressFile.Problem) -> RichText {
    switch problem {
    case .file(let failure): "(Progress is not kept: its file says '\(failure.writing)'.)"
    case .newer:
      "(Progress is not kept: a later version of Cairn has written its file, which stays.)"
    case .damaged(let copy):
      """
      (The file with your progress was damaged. What it held is in \
      \(FileFailure.shown(copy)); progress begins anew.)
      """
    }
  }
}
