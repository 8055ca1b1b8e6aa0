import Foundation
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions of each element. Plain numbers stay plain numbers.
  static let elementwiseBuiltins: [Builtin] =
    [
      unary("exp", .exp, "e to the power of each element.", "exp(tensor([0, 1]))") { Foundation.exp($0) },
      unary("log", .log, "The natural logarithm of each element.", "log(tensor([1, 2]))") {
        Foundation.log($0)
      },
      unary("sqrt", .sqrt, "The square root of each element.", "sqrt(tensor([4, 9]))") {
        $0.squareRoot()
      },
      unary("tanh", .tanh, "The hyperbolic tangent of each element.", "tanh(tensor([-1, 1]))") {
        Foundation.tanh($0)
      },
      unary("sigmoid", .sigmoid, "1 / (1 + e^-x) of each element.", "sigmoid(tensor([-1, 1]))") {
        1 / (1 + Foundation.exp(-$0))
      },
      unary("relu", .relu, "Each element, or 0 where it is negative.", "relu(tensor([-1, 2]))") {
        $0.isNaN ? $0 : max($0, 0)
      },
      unary(
        "gelu", .gelu,
        "x·Φ(x) of each element, by its tanh approximation (Hendrycks & Gimpel 2016).",
        "gelu(tensor([-1, 2]))"
      ) {
        let inner = (2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0)
        return 0.5 * $0 * (1 + Foundation.tanh(inner))
      },
      unary(
        "softplus", .softplus, "log(1 + e^x) of each element.", "softplus(tensor([-1, 2]))"
      ) { max($0, 0) + Foundation.log1p(Foundation.exp(-abs($0))) },
      unary("silu", .silu, "x · sigmoid(x) of each element.", "silu(tensor([-1, 2]))") {
        $0 / (1 + Foundation.exp(-$0))
      },
      unary("sin", .sin, "The sine of each element.", "sin(tensor([0, 1]))") { Foundation.sin($0) },
      unary("cos", .cos, "The cosine of each element.", "cos(tensor([0, 1]))") {
        Foundation.cos($0)
      },
    ] + keepingBuiltins

  /// Functions that keep integers what they are.
  private static let keepingBuiltins: [Builtin] = [
    Builtin(
      "abs", [.init("x")], summary: "The size of each element, without its sign.",
      example: "abs(tensor([-1, 2]))"
    ) { (arguments, machine) throws(Fault) in
      switch arguments.value(0).value {
      case .integer(let x):
        guard x != .min else { throw Fault(.integerOverflow(at: arguments.range)) }
        return .integer(Swift.abs(x))
      case .float(let x): return .float(Swift.abs(x))
      default:
        return .tensor(
          try machine.emit(.unary(.abs), [try arguments.tensorOrNumber(0)], at: arguments.range))
      }
    },
    Builtin(
      "square", [.init("x")], summary: "Each element times itself.",
      example: "square(tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      let value = arguments.value(0).value
      if case .tensor(let x) = value, x.dtype.isFloating {
        return .tensor(try machine.emit(.unary(.square), [x], at: arguments.range))
      }
      return try machine.apply(
        .multiply, value, value, at: arguments.range, left: arguments.value(0).range,
        right: arguments.value(0).range)
    },
    Builtin(
      "pow", [.init("x"), .init("exponent")], summary: "x to the power of exponent: x ** exponent.",
      example: "pow(tensor([1, 2, 3]), 2)"
    ) { (arguments, machine) throws(Fault) in
      try machine.apply(
        .power, arguments.value(0).value, arguments.value(1).value, at: arguments.range,
        left: arguments.value(0).range, right: arguments.value(1).range)
    },
    Builtin(
      "clip", [.init("x"), .init("low"), .init("high")],
      summary: "Each element, or the nearer of low and high where it is outside them.",
      example: "clip(tensor([-2, 0.5, 2]), -1, 1)"
    ) { (arguments, machine) throws(Fault) in
      let low = try arguments.number(1)
      let high = try arguments.number(2)
      guard low <= high else {
        throw Fault(.value("clip needs low ≤ high", at: arguments.range))
      }
      if case .tensor(let x) = arguments.value(0).value {
        return .tensor(
          try machine.emit(
            .clip(low: low, high: high), [try machine.floating(x, at: arguments.range)],
            at: arguments.range))
      }
      let number = try arguments.number(0)
      return .float(number.isNaN ? number : Swift.min(Swift.max(number, low), high))
    },
    Builtin(
      "minimum", [.init("a"), .init("b")], summary: "The lesser of two, element by element.",
      example: "minimum(tensor([1, 5]), tensor([3, 2]))"
    ) { (arguments, machine) throws(Fault) in
      try machine.lesser(
        .minimum, arguments.value(0), arguments.value(1), at: arguments.range)
    },
    Builtin(
      "maximum", [.init("a"), .init("b")], summary: "The greater of two, element by element.",
      example: "maximum(tensor([1, 5]), 3)"
    ) { (arguments, machine) throws(Fault) in
      try machine.lesser(
        .maximum, arguments.value(0), arguments.value(1), at: arguments.range)
    },
    Builtin(
      "where", [.init("condition"), .init("a"), .init("b")],
      summary: "Elements of a where the condition is not 0, else of b.",
      example: "where(tensor([1, -2]) > 0, 1.0, 0.0)"
    ) { (arguments, machine) throws(Fault) in
      let range = arguments.range
      if case .boolean(let truth) = arguments.value(0).value {
        return arguments.value(truth ? 1 : 2).value
      }
      var condition = try arguments.tensorOrNumber(0)
      if condition.dtype != .i32 {
        condition = try machine.emit(
          .scalar(.notEqual, 0, numberFirst: false), [condition], at: range)
      }
      let (a, b) = try machine.alike(arguments.value(1), arguments.value(2), at: range)
      return .tensor(try machine.emit(.select, [condition, a, b], at: range))
    },
    Builtin(
      "cast", [.init("x"), .init("dtype", words: dtypeWords)],
      summary: "The same elements in another type; floats are cut to integers for i32.",
      example: "cast(tensor([1.5, 2.5]), dtype: i32)"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.cast(
          try arguments.tensorOrNumber(0), to: try arguments.dtype(1, default: .f32),
          at: arguments.range))
    },
    Builtin(
      "named", [.init("x"), .init("name")],
      summary: "The same tensor, with a name for policies such as `save_only(names: …)`.",
      example: "named(tensor([1, 2]), \"hidden\")"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      machine.trace?.name(x, try arguments.string(1))
      return .tensor(x)
    },
  ]

  private static func unary(
    _ name: String, _ function: Unary, _ summary: String, _ example: String,
    _ plain: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin(name, [.init("x")], summary: summary, example: example) {
      (arguments, machine) throws(Fault) in
      let argument = arguments.value(0)
      if let number = machine.double(argument.value) { return .float(plain(number)) }
      let x = try machine.asTensor(
        argument.value, at: argument.range, role: "`x` of \(arguments.builtin.name)")
      return .tensor(
        try machine.emit(
          .unary(function), [try machine.floating(x, at: arguments.range)], at: arguments.range))
    }
  }

  /// Two values as tensors of one type; a number takes the other's type where it fits.
  func alike(
    _ a: PassedArgument, _ b: PassedArgument, at range: SourceRange
  ) throws(Fault) -> (TensorValue, TensorValue) {
    var type = DType.f32
    if case .tensor(let x) = a.value { type = x.dtype }
    if case .tensor(let y) = b.value { type = y.dtype }
    return try promoted(
      try asTensor(a.value, like: type, at: a.range, role: "an operand"),
      try asTensor(b.value, like: type, at: b.range, role: "an operand"), at: range)
  }

  /// The lesser (greater) of two numbers or tensors, element by element.
  func lesser(
    _ operation: Binary, _ a: PassedArgument, _ b: PassedArgument, at range: SourceRange
  ) throws(Fault) -> Value {
    if let x = double(a.value), let y = double(b.value) {
      if x.isNaN { return a.value }
      if y.isNaN { return b.value }
      return (operation == .minimum ? y < x : y > x) ? b.value : a.value
    }
    return .tensor(
      try elementwise(
        operation, named: operation.rawValue, a.value, b.value, at: range, left: a.range,
        right: b.range))
  }
}
