import Reports

/// What a student may say of the lesson, rather than in the language: a word alone on its line, or
/// its letter.
package enum LessonCommand: String, CaseIterable, Sendable {
  case next, back, skip, play, hint, info, reset, list, main, submit, quit

  /// The letter that stands for it.
  package var letter: Character {
    switch self {
    case .submit: "u"
    case .next, .back, .skip, .play, .hint, .info, .reset, .list, .main, .quit:
      rawValue.first ?? " "
    }
  }

  /// The command that a line is: its word or its letter alone on the line; `nil` for others.
  ///
  /// - Parameter letters: Letters that mean something else here, as the options of a choice do.
  package init?(_ line: String, except letters: Set<String> = []) {
    let word = line.trimmed.lowercased()
    guard !letters.contains(word),
      let command = LessonCommand.allCases.first(where: {
        $0.rawValue == word || String($0.letter) == word
      })
    else { return nil }
    self = command
  }

  /// What it does.
  var summary: String {
    switch self {
    case .next: "go on; Enter does so too"
    case .back: "see what stood before"
    case .skip: "show the answer of a question, and leave it"
    case .play: "try commands before you answer"
    case .hint: "a hint; each further one says more"
    case .info: "where you are, and these words"
    case .reset: "begin a question again; forget what you typed"
    case .list: "the parts of this lesson, and what is done"
    case .main: "the lessons of the course"
    case .submit: "hand in an answer of several commands"
    case .quit: "leave; next time you go on here"
    }
  }

  /// The list of them.
  static var table: Report.Part {
    var table = ReportTable(.left(), .left(), .left())
    for command in allCases {
      table.add(
        .text(RichText(command.rawValue, .name)), TableCell(String(command.letter)),
        TableCell(command.summary))
    }
    table.add(.text(RichText(":why", .name)), TableCell(""), TableCell(TutorText.whySummary))
    return .table(table)
  }
}
