package import Evaluation
package import Reports
package import Syntax

/// A fresh session under limits, in which a text is run part by part: what stands before an answer,
/// the answer, and what checks it. Nothing that was typed elsewhere is there.
package final class CheckRun {
  /// How a part of the text ended.
  package enum Ending {
    /// All its commands succeeded.
    case done
    /// The first of its commands that failed, or a fault of its syntax; then nothing of it ran.
    case failed(Diagnostic)
  }

  private let session: Session

  /// A session as the configuration says, where the limits do not say otherwise.
  package init(_ configuration: Interpreter.Configuration, limits: CheckLimits = .usual) {
    var configuration = configuration
    configuration.stepLimit = limits.steps
    configuration.ceiling = limits.bytes
    configuration.workLimit = limits.flops
    configuration.outputLimit = limits.output
    session = Session(configuration: configuration)
  }

  /// Runs the next part, and hands each command's report over. It ends at its first command that
  /// fails, tests apart: those that come behind a failing test are run too.
  package func run(_ source: SourceText, each: (CommandReport) -> Void = { _ in }) -> Ending {
    var first: Diagnostic?
    session.run(source) { report in
      first = first ?? report.fault
      each(report)
    }
    return first.map(Ending.failed) ?? .done
  }

  /// Reads a text into a tree.
  package func parse(_ source: SourceText) -> Parser.Result { session.parse(source) }

  /// Runs one command.
  package func run(_ statement: Statement) -> CommandReport { session.run(statement) }

  /// Hears what commands say, while they run.
  package var listener: ((Report) -> Void)? {
    get { session.listener }
    set { session.listener = newValue }
  }

  // MARK: Submissions

  /// Takes all names so far for those of a submission, which `checks` then ask: see
  /// `Interpreter.judge`.
  package func judge(by checks: SourceText) { session.interpreter.judge(by: checks) }

  /// What the draws of each turn of the next test begin with; `nil` where its `seeds:` says.
  package var testSeeds: [UInt64]? {
    get { session.interpreter.testSeeds }
    set { session.interpreter.testSeeds = newValue }
  }

  /// True once the checks asked for something of the submission.
  package var hasAsked: Bool {
    get { session.interpreter.hasAsked }
    set { session.interpreter.hasAsked = newValue }
  }

  /// Loop turns, calls and training steps of the last command.
  package var steps: Int { session.interpreter.steps }

  // MARK: Values

  /// Expectations that held so far: a check that expected nothing has shown nothing.
  package var expectationsMet: Int { session.interpreter.expectationsMet }

  /// The value that a name has; `nil` where it has none.
  package func value(of name: String) -> Value? {
    session.interpreter.bindings.first { $0.name == name }?.value
  }

  /// What kind of value it is: `int`, `f32[3]`.
  package func typeName(of value: Value) -> String { session.interpreter.typeName(of: value) }

  /// The value as `print` shows it.
  package func text(of value: Value) -> String { session.interpreter.text(of: value) }

  /// Columns that drawings take.
  package var width: Int {
    get { session.width }
    set { session.width = newValue }
  }
}
