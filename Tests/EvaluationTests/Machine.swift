import Syntax

@testable import Evaluation

/// A session in a test: runs text, statement by statement.
final class Machine {
  let interpreter: Interpreter

  init(directory: String = ".", budget: Int? = 256 << 20) {
    var configuration = Interpreter.Configuration()
    configuration.seed = 7
    configuration.directory = directory
    configuration.budget = budget
    interpreter = Interpreter(configuration: configuration)
  }

  /// What the statements of a text came to. A text that does not parse gives its first fault.
  func run(_ text: String) -> Result<Value?, Fault> {
    let parsed = Parser.parse(SourceText(name: "<test>", text: text))
    if let fault = parsed.faults.first { return .failure(Fault(fault)) }
    var last: Value?
    for statement in parsed.script.statements {
      let outcome = interpreter.run(statement)
      if let fault = outcome.fault { return .failure(Fault(fault)) }
      last = outcome.value
    }
    return .success(last)
  }

  /// The display of a text's value, or `kind: message` of its fault.
  func shown(_ text: String) -> String {
    switch run(text) {
    case .success(let value): value.map { interpreter.display($0) } ?? ""
    case .failure(let fault): "\(fault.diagnostic.kind): \(fault.diagnostic.message)"
    }
  }

  /// The kind of a text's fault; `nil` where it has none.
  func fault(_ text: String) -> Diagnostic? {
    if case .failure(let fault) = run(text) { fault.diagnostic } else { nil }
  }
}

/// Runs a test's body on a large stack, as the program does.
func onLargeStack(_ body: @escaping () -> Void) {
  guard let thread = EvaluationThread() else { preconditionFailure("no thread") }
  thread.run(body)
}
