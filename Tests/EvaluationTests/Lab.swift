import Evaluation
import Foundation
import Reports
import Syntax
import Testing

/// Runs Cairn in tests: a session on a large stack, and what its commands came to.
enum Lab {
  /// The folder of the repository.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The statements of a text. Records an issue where it does not parse.
  static func statements(_ text: String, name: String = "<test>") -> [Statement] {
    let parsed = Parser.parse(SourceText(name: name, text: text))
    for fault in parsed.faults { Issue.record("\(fault.message)") }
    return parsed.script.statements
  }

  /// Runs each statement of a text in a session, and gives the outcomes.
  static func run(_ text: String, in machine: Interpreter) -> [Outcome] {
    statements(text).map { machine.run($0) }
  }

  /// Runs a text in a fresh session on a large stack, and gives what `body` makes of the session
  /// and the outcomes.
  static func session<Result>(
    _ text: String, configuration: Interpreter.Configuration = .init(),
    _ body: @escaping (Interpreter, [Outcome]) throws -> Result
  ) throws -> Result {
    var result: Swift.Result<Result, any Error>?
    onLargeStack {
      let machine = Interpreter(configuration: configuration)
      let outcomes = run(text, in: machine)
      result = Swift.Result { try body(machine, outcomes) }
    }
    return try #require(result).get()
  }

  /// The value of the last statement of a text that must run without a fault, as `display` shows
  /// it.
  static func last(_ text: String) throws -> String {
    try session(text) { machine, outcomes in
      for outcome in outcomes {
        if let fault = outcome.fault { Issue.record("\(fault.code): \(fault.message)") }
      }
      return outcomes.last?.value.map(machine.display) ?? ""
    }
  }

  /// The fault of the last statement of a text.
  static func fault(_ text: String) throws -> Diagnostic {
    try session(text) { _, outcomes in try #require(outcomes.last?.fault) }
  }

  /// Everything a learner could notice: the bytes live by class, and every number that a name leads
  /// to.
  static func fingerprint(_ machine: Interpreter) -> String {
    var text = "\(machine.ledger.live) \(machine.context.seed) \(machine.context.step)"
    for (name, value) in machine.bindings {
      switch value {
      case .tensor(let tensor): text += "\(name) \(tensor.doubles())\n"
      case .layer(let layer):
        for parameter in layer.parameters() + layer.states() {
          text += "\(name).\(parameter.name) \(parameter.tensor.doubles())\n"
        }
      default: text += "\(name) \(machine.display(value))\n"
      }
    }
    return text
  }
}

extension Outcome {
  /// What the command said, as a terminal shows it, with a newline at the end unless empty.
  var printed: String { said.isEmpty ? "" : TerminalRenderer().text(said) + "\n" }
}
