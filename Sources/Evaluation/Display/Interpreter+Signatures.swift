import Schedules
import Syntax

extension Interpreter {
  /// How a function is called, as help and the REPL show it: `fn square(x)`,
  /// `layer dense(inputs, outputs)`, `strategy thirds(k) on chain`.
  func signature(of function: Function) -> String {
    switch function.kind {
    case .builtin(let builtin): return "fn \(builtin.signature)"
    case .closure(let closure):
      let parameters = closure.code.parameters.map { parameter in
        parameter.defaultValue.map { "\(parameter.name) = \($0.range.text)" } ?? parameter.name
      }
      let name = function.name == "fn" ? "fn" : "fn \(function.name)"
      return "\(name)(\(parameters.joined(separator: ", ")))"
    case .layerMaker(let code, _):
      return "layer \(code.name)(\(text(of: code.declaration.parameters)))"
    case .learnerStrategy(let declaration, _):
      let parameters =
        declaration.parameters.isEmpty ? "" : "(\(text(of: declaration.parameters)))"
      return
        "strategy \(declaration.name.name)\(parameters) on \(declaration.subject.rawValue)"
    case .strategyMaker(let name):
      let entry = Catalogue.entries.first { $0.name == name }
      return "strategy " + (entry.map(signature(of:)) ?? name)
    }
  }

  /// A built-in strategy with the names of its options: `revolve(slots:)`.
  func signature(of entry: Catalogue.Entry) -> String {
    entry.options.isEmpty
      ? entry.name
      : "\(entry.name)(\(entry.options.map { $0.name + ":" }.joined(separator: ", ")))"
  }

  /// Parameters as they were declared: `size, epsilon = 1e-5`.
  private func text(of parameters: [Parameter]) -> String {
    parameters.map { parameter in
      parameter.defaultValue.map { "\(parameter.name.name) = \($0.range.text)" }
        ?? parameter.name.name
    }.joined(separator: ", ")
  }
}
