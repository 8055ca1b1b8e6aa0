import Foundation
import Syntax

extension Interpreter {
  /// Functions of plain numbers.
  static let numberBuiltins: [Builtin] = [
    Builtin(
      "round", [.init("x"), .init("digits", default: "0")],
      summary: "The number rounded to so many digits after the point.",
      example: "round(3.14159, 2)"
    ) { (arguments, _) throws(Fault) in
      let digits = try arguments.integer(1, default: 0)
      let number = try arguments.number(0)
      guard (-300...300).contains(digits), number.isFinite else { return .float(number) }
      let scale = pow(10.0, Double(digits))
      let rounded = (number * scale).rounded() / scale
      if arguments.optional(1) == nil, let whole = Int(exactly: rounded) { return .integer(whole) }
      return .float(rounded)
    },
    Builtin(
      "floor", [.init("x")], summary: "The greatest integer not above a number.",
      example: "floor(2.7)"
    ) { (arguments, _) throws(Fault) in
      let down = try arguments.number(0).rounded(.down)
      guard let whole = Int(exactly: down) else {
        throw Fault(.integerOverflow(at: arguments.range))
      }
      return .integer(whole)
    },
    Builtin(
      "ceil", [.init("x")], summary: "The least integer not below a number.", example: "ceil(2.1)"
    ) { (arguments, _) throws(Fault) in
      let up = try arguments.number(0).rounded(.up)
      guard let whole = Int(exactly: up) else { throw Fault(.integerOverflow(at: arguments.range)) }
      return .integer(whole)
    },
    Builtin(
      "int", [.init("x")],
      summary: "A number, a string of digits or a one-element tensor as an integer.",
      example: "int(\"42\")"
    ) { (arguments, machine) throws(Fault) in
      if case .string(let text) = arguments.value(0).value {
        guard let whole = Int(text.string) else {
          throw arguments.mismatch(.digits, 0)
        }
        return .integer(whole)
      }
      if case .boolean(let truth) = arguments.value(0).value { return .integer(truth ? 1 : 0) }
      let number = try arguments.number(0)
      guard let whole = Int(exactly: number.rounded(.towardZero)) else {
        throw Fault(.integerOverflow(at: arguments.range))
      }
      return .integer(whole)
    },
    Builtin(
      "float", [.init("x")],
      summary: "A number, a string or a one-element tensor as a float.", example: "float(3)"
    ) { (arguments, _) throws(Fault) in
      if case .string(let text) = arguments.value(0).value, let number = Double(text.string) {
        return .float(number)
      }
      return .float(try arguments.number(0))
    },
  ]
}
