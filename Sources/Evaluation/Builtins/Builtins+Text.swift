import Reports
import Syntax

extension Interpreter {
  /// Printing, and functions of strings.
  static let textBuiltins: [Builtin] = [
    Builtin(
      "print", [], variadic: true,
      summary: "Prints its arguments on a line, a space between them.",
      example: "print(\"loss\", 0.25)"
    ) { (arguments, machine) throws(Fault) in
      let line = arguments.rest.map { machine.text(of: $0.value) }.joined(separator: " ")
      machine.said.print(line)
      return .none
    },
    Builtin(
      "text", [.init("x")], summary: "Anything as a string, as `print` shows it.",
      example: "text(64 KiB)"
    ) { (arguments, machine) throws(Fault) in
      .string(Text(machine.text(of: arguments.value(0).value)))
    },
    Builtin(
      "type", [.init("x")], summary: "The name of a value's type.", example: "type([1, 2])"
    ) { (arguments, machine) throws(Fault) in
      .string(Text(machine.typeName(of: arguments.value(0).value)))
    },
  ]
}
