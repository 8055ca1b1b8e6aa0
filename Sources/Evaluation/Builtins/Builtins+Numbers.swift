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
      if digits >= 0, let whole = arguments.wholeNumber(0) {
        return arguments.optional(1) == nil ? .integer(whole) : .float(Double(whole))
      }
      let number = try arguments.number(0)
      let scale = pow(10.0, Double(digits))
      // What is too large for the digits has none of them.
      guard number.isFinite, (number * scale).isFinite, scale > 0, scale.isFinite else {
        return .float(digits < 0 && number.isFinite ? 0 : number)
      }
      let rounded = (number * scale).rounded() / scale
      if arguments.optional(1) == nil, let whole = Int(exactly: rounded) { return .integer(whole) }
      return .float(rounded)
    },
    Builtin(
      "floor", [.init("x")], summary: "The greatest integer not above a number.",
      example: "floor(2.7)"
    ) { (arguments, _) throws(Fault) in
      if let whole = arguments.wholeNumber(0) { return .integer(whole) }
      let down = try arguments.number(0).rounded(.down)
      guard let whole = Int(exactly: down) else {
        throw Fault(.integerOverflow(at: arguments.range))
      }
      return .integer(whole)
    },
    Builtin(
      "ceil", [.init("x")], summary: "The least integer not below a number.", example: "ceil(2.1)"
    ) { (arguments, _) throws(Fault) in
      if let whole = arguments.wholeNumber(0) { return .integer(whole) }
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
      if let whole = arguments.wholeNumber(0) { return .integer(whole) }
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

extension Arguments {
  /// The integer that is given, which a float may not hold exactly; `nil` for anything else.
  fileprivate func wholeNumber(_ index: Int) -> Int? {
    switch value(index).value {
    case .integer(let number), .bytes(let number): number
    default: nil
    }
  }
}
