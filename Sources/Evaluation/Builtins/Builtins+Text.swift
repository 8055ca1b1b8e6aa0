import Reports
import Syntax
import Writing

extension Interpreter {
  /// An integer or a string as a string; `nil` for all others.
  @Sendable
  private static func plainText(_ value: Value) -> Value? {
    switch value {
    case .integer(let number): .string(.of(String(number)))
    case .string: value
    default: nil
    }
  }

  /// Printing, and functions of strings.
  static let textBuiltins: [Builtin] = [
    Builtin(
      "print", [.init("end", default: "\"\\n\"")], variadic: true,
      summary:
        "Prints its arguments on a line, a space between them, and `end` behind them: what is "
        + "printed next stands on the same line where that ends none.",
      example: "print(\"loss\", 0.25)"
    ) { (arguments, machine) throws(Fault) in
      let line = arguments.rest.map { machine.text(of: $0.value) }.joined(separator: " ")
      let end = arguments.optional(0) == nil ? "\n" : try arguments.string(0)
      if machine.trace?.isRepeated == true { machine.remark(Remark.printedOnce) }
      try machine.sayPrinted(line, end: end, at: arguments.range)
      return .none
    },
    Builtin(
      "join", [.init("list"), .init("separator", default: "\"\"")],
      summary:
        "The elements of a list, as `print` shows them, in one string with a separator between.",
      example: "join([\"keep\", \"drop\"], \", \")"
    ) { (arguments, machine) throws(Fault) in
      let separator = arguments.optional(1) == nil ? nil : try arguments.text(1)
      let start = machine.spelling.count
      defer { machine.spelling.end(at: start) }
      try arguments.list(0).withUnsafeBufferPointer { (elements) throws(Fault) in
        for place in elements.indices {
          try machine.heed(at: arguments.range)
          if place > 0, let separator { machine.spelling.append(separator) }
          // They are looked at where they lie.
          if let element = elements.baseAddress { machine.spell(element + place) }
          try machine.heedLength(ofStringFrom: start, at: arguments.range)
        }
      }
      return .string(machine.spelling.text(from: start))
    },
    Builtin(
      "fail", [.init("message")],
      summary: "Ends the command with an error that says this: for what a layer cannot take.",
      example:
        "fn half(n) {\n  if n % 2 == 1 { fail(\"half needs an even number\") }\n  n // "
        + "2\n}\nhalf(4)"
    ) { (arguments, _) throws(Fault) in
      throw Fault(.failed(try arguments.string(0), at: arguments.range))
    },
    Builtin(
      "text", [.init("x"), .init("digits", default: "none")],
      summary:
        "Anything as a string, as `print` shows it; a number with so many digits after the "
        + "point, where they are given.",
      example: "text(3.14159, digits: 3)",
      quick: Interpreter.plainText
    ) { (arguments, machine) throws(Fault) in
      guard arguments.optional(1) != nil else {
        return .string(.of(machine.text(of: arguments.value(0).value)))
      }
      let digits = try arguments.integer(1)
      guard (0...15).contains(digits) else {
        throw Fault(.value(.digits(digits), at: arguments.value(1).range))
      }
      return .string(.of(NumberFormat.fixed(try arguments.number(0), digits: digits)))
    },
    Builtin(
      "type", [.init("x")], summary: "The name of a value's type.", example: "type([1, 2])"
    ) { (arguments, machine) throws(Fault) in
      .string(.of(machine.typeName(of: arguments.value(0).value)))
    },
  ]
}
