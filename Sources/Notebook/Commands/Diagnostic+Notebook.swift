import Evaluation
import Experiments
import Syntax
import Writing

/// The wording of what goes wrong on this floor.
extension Diagnostic {
  // MARK: Commands

  /// Raised where the thread that commands run on cannot be made; the command has not run.
  static func noThread(at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      .limit, "no-thread", "the system gave no thread to run the command on", at: range,
      hint: "limits on address space ('ulimit -v') and on processes ('ulimit -u') may stand in the"
        + " way")
  }

  /// The texts of a session's commands cannot be read back from their file.
  static func textsUnreadable(_ problem: SpillFile.Problem) -> Diagnostic {
    Diagnostic(
      .io, "texts-unreadable",
      "the texts of earlier commands cannot be read: \(problem.reason)", at: nil)
  }

  /// For a command on schedules, such as `timeline`, without an argument; the grammar gives it one.
  static func missingSchedule(for command: Command) -> Diagnostic {
    Diagnostic(
      .value, "missing-argument", "`\(command.verb)` needs a schedule, and none was given",
      at: command.verbRange,
      hint: "`help \(command.verb)` shows how one is made and given")
  }

  /// Raised where such a command is given a value without a schedule; `found` is its type,
  /// `argument` its place from 0.
  static func notSchedule(_ command: Command, argument: Int, found: String) -> Diagnostic {
    Diagnostic(
      .type, "not-a-schedule", "`\(command.verb)` needs a schedule, and this is \(found)",
      at: command.place(of: argument),
      hint: "'plan' gives a schedule, and what 'gradient' gives has one too: `help plan`")
  }

  /// For `plot` without an argument; the grammar gives it one.
  static func missingNumbers(for command: Command) -> Diagnostic {
    Diagnostic(
      .value, "missing-argument", "`plot` needs a list of numbers, and none was given",
      at: command.verbRange, hint: "for example: plot [3.0, 2.0, 1.5]")
  }

  /// Raised where what `plot` is given is no list of numbers, nor a list of such lists.
  static func notNumbers(_ command: Command, argument: Int, _ value: Value) -> Diagnostic {
    Diagnostic(
      .type, "not-numbers",
      "`plot` needs a list of numbers, or a list of such lists, and this is "
        + Diagnostic.describe(value),
      at: command.place(of: argument), hint: "for example: plot [[3.0, 2.0], [2.5, 1.5]]")
  }

  /// Raised where `plot` is given a curve of more numbers than it draws.
  static func tooManyNumbers(
    _ command: Command, argument: Int, _ count: Int, limit: Int
  ) -> Diagnostic {
    Diagnostic(
      .value, "too-many-numbers",
      "`plot` draws \(CountFormat.grouped(limit)) numbers a curve at most, and these are "
        + CountFormat.grouped(count),
      at: command.place(of: argument), hint: "plot a stretch of them, as x[0..<1000] is one of x")
  }

  /// Raised where `why` is given a schedule alone; the hint names its first step.
  static func missingSubject(for command: Command, _ plan: Plan) -> Diagnostic {
    let example = plan.workload.steps.first?.label ?? "relu#1"
    let subject = command.arguments.first?.range.text ?? "p"
    return Diagnostic(
      .value, "missing-argument", "`why` needs a value of the schedule, and none was given",
      at: command.verbRange,
      hint: "name it by its label, for example: why \(subject), \"\(example)\"")
  }

  /// Raised where `why` is given a string that labels or names no step; `known` are the labels.
  static func unknownStep(_ label: String, _ command: Command, known: [String]) -> Diagnostic {
    Diagnostic(
      .name, "unknown-step", "no step of the schedule is labelled or named \"\(label)\"",
      at: command.place(of: 1),
      hint: didYouMean(label, known)
        ?? "`step \(command.arguments.first?.range.text ?? "p")` prints the labels")
  }

  /// Raised where `why` is asked about a value that is neither a tensor nor a string; `found` is
  /// its type.
  static func notTensor(_ command: Command, argument: Int, found: String) -> Diagnostic {
    Diagnostic(
      .type, "not-a-tensor", "`why` needs a tensor or a step's label, and this is \(found)",
      at: command.place(of: argument))
  }

  /// For `source` without an argument; the grammar gives it one.
  static func missingName(for command: Command) -> Diagnostic {
    Diagnostic(
      .value, "missing-argument", "`source` needs the name of a layer or a function",
      at: command.verbRange, hint: "for example: source dense")
  }

  /// Raised where `source` is asked for what is not written in Cairn, or for a name that is not
  /// known.
  static func noSource(_ name: String, _ command: Command, known: [String]) -> Diagnostic {
    known.contains(name)
      ? Diagnostic(
        .value, "no-source", "`\(name)` has no Cairn text: it is not written in Cairn",
        at: command.place(of: 0), hint: "`help \(name)` tells what it does")
      : Diagnostic(
        .name, "unknown-name", "nothing is named `\(name)`", at: command.place(of: 0),
        hint: didYouMean(name, known))
  }

  /// Raised where `account` is followed by another word than its details.
  static func unknownDetail(_ word: String, _ command: Command) -> Diagnostic {
    let known = AccountReport.Detail.allCases.map(\.rawValue)
    return Diagnostic(
      .value, "unknown-detail", "`account` takes brief, full or off, and this is `\(word)`",
      at: command.place(of: 0), hint: didYouMean(word, known))
  }

  /// Raised where `fuse` is followed by another word than on and off.
  static func unknownPosition(_ word: String, _ command: Command) -> Diagnostic {
    Diagnostic(
      .value, "unknown-position", "`fuse` takes on or off, and this is `\(word)`",
      at: command.place(of: 0),
      hint: didYouMean(word, Switch.allCases.map(\.rawValue)) ?? "write `fuse on` or `fuse off`")
  }

  /// Raised where `help` knows nothing of a topic; `known` are all topics.
  static func unknownTopic(_ topic: String, _ command: Command, known: [String]) -> Diagnostic {
    Diagnostic(
      .name, "unknown-topic", "there is no help on `\(topic)`", at: command.place(of: 0),
      hint: didYouMean(topic, known) ?? "`help` lists the topics")
  }
}

/// A hint with the nearest of the known names; `nil` where none is near.
private func didYouMean(_ name: String, _ known: [String]) -> String? {
  Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
}

extension Command {
  /// Where an argument stands; the verb where it is missing.
  func place(of argument: Int) -> SourceRange {
    arguments.indices.contains(argument) ? arguments[argument].range : verbRange
  }
}
