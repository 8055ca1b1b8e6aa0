package import Evaluation
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
