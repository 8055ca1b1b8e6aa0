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
      machine.sayPrinted(line)
      return .none
    },
    Builtin(
      "fail", [.init("message")],
      summary: "Ends the command with an error that says this: for what a layer cannot take.",
      example:
        "fn half(n) {\n  if n % 2 == 1 { fail(\"half needs an even number\") }\n  n // 2\n}\nhalf(4)"
    ) { (arguments, _) throws(Fault) in
      throw Fault(.failed(try arguments.string(0), at: arguments.range))
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
