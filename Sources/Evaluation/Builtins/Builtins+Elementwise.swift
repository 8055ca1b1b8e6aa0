import Foundation
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions of each element; of plain numbers too, which stay plain.
  static let elementwiseBuiltins: [Builtin] = [
    unary("exp", .exp, "e to the power x.") { exp($0) },
    unary("log", .log, "The natural logarithm.") { log($0) },
    unary("sqrt", .sqrt, "The square root.") { $0.squareRoot() },
    unary("square", .square, "x · x.") { $0 * $0 },
    unary("tanh", .tanh, "The hyperbolic tangent.") { tanh($0) },
    unary("sigmoid", .sigmoid, "1 / (1 + e^−x).") { 1 / (1 + exp(-$0)) },
    unary("relu", .relu, "x where it is above 0, else 0.") { max($0, 0) },
    unary(
      "gelu", .gelu, "x · Φ(x), with the normal distribution function Φ (Hendrycks & Gimpel 2016)."
    ) {
      $0 * 0.5 * erfc(-$0 / 2.0.squareRoot())
    },
    unary("softplus", .softplus, "log(1 + e^x).") { max($0, 0) + log1p(exp(-abs($0))) },
    unary("silu", .silu, "x · sigmoid(x).") { $0 / (1 + exp(-$0)) },
    unary("sin", .sin, "The sine, of radians.") { sin($0) },
    unary("cos", .cos, "The cosine, of radians.") { cos($0) },
    unary("abs", .abs, "The absolute value.") { abs($0) },
    pairwise("minimum", .minimum, "The lesser of two, element by element.") { min($0, $1) },
    pairwise("maximum", .maximum, "The greater of two, element by element.") { max($0, $1) },
    pairwise("pow", .power, "x to the power y.") { pow($0, $1) },
    Builtin(
      "clip",
      [
        .init("x"), .init("low", default: "none"), .init("high", default: "none"),
        .init("norm", default: "none"), .init("value", default: "none"),
      ],
      summary:
        "Each element, but at least low and at most high. Gradients are scaled together down to a "
        + "norm, `clip(g, norm: 1.0)`, or held within ±value, `clip(g, value: 0.5)`.",
      example: "clip(tensor([-2, 0.5, 3]), 0, 1)"
    ) { (arguments, machine) throws(Fault) in
      if case .gradients(let gradients) = arguments.value(0).value {
        return .gradients(try machine.clipped(gradients, arguments))
      }
      for index in 3...4 where arguments.optional(index) != nil {
        throw Fault(
          .expected(
            .gradients, found: arguments.value(0).value, as: .parameter("x", of: "clip"),
            at: arguments.value(0).range))
      }
      let low = try arguments.number(1)
      let high = try arguments.number(2)
      guard low <= high else {
        throw Fault(
          .value(
            .clipBounds(low: low, high: high),
            at: arguments.range))
      }
      if let number = machine.double(arguments.value(0).value) {
        return .float(min(max(number, low), high))
      }
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      return .tensor(try machine.emit(.clip(low: low, high: high), [tensor], at: arguments.range))
    },
    Builtin(
      "where", [.init("condition"), .init("a"), .init("b")],
      summary:
        "a where the condition holds (is not 0), else b; all broadcast together. A number takes "
        + "the type of a tensor of floats beside it.",
      example: "where(tensor([1, -1]) > 0, 1.0, 0.0)"
    ) { (arguments, machine) throws(Fault) in
      func branch(_ place: Int, beside other: Int) throws(Fault) -> TensorValue {
        let argument = arguments.value(place)
        guard case .tensor(let tensor) = arguments.value(other).value, tensor.dtype.isFloating,
          let number = machine.double(argument.value)
        else { return try arguments.tensorOrNumber(place) }
        try machine.check([number], fit: tensor.dtype, at: argument.range)
        return try machine.filled(number, .scalar, tensor.dtype, at: argument.range)
      }
      var emission = Emission(machine, at: arguments.range)
      return .tensor(
        try emission.select(
          try arguments.tensorOrNumber(0), try branch(1, beside: 2), try branch(2, beside: 1)))
    },
    Builtin(
      "cast", [.init("x"), .init("dtype", words: dtypeNames)],
      summary:
        "The same elements in another type: f32, f64, f16, bf16, i32, i64 or bool. Floats are "
        + "rounded to the nearest, cut toward 0 for i32 and i64; all but 0 is true. f16 (up to "
        + "65504, three digits) and bf16 (the range of f32, two digits) take two bytes, and are "
        + "computed with in f32; i64 holds whole numbers up to 2^53.",
      example: "cast(tensor([1.5, 2.5]), dtype: i32)"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensorOrNumber(0)
      var emission = Emission(machine, at: arguments.range)
      return .tensor(try emission.cast(tensor, to: try arguments.dtype(1, default: .f32)))
    },
    Builtin(
      "dropout", [.init("x"), .init("rate", default: "0.5"), .init("always", default: "false")],
      summary: """
        Zeroes each element with the probability rate, and scales the others by 1 / (1 − rate), \
        where a call trains; the identity where it evaluates, unless `always` is true. The mask is \
        kept nowhere and takes no byte: the backward pass and each replay draw the same one again. \
        With a rate alone it makes a layer: `chain(dense(8, 8), dropout(0.5))`.
        """,
      example: "dropout(ones(4), 0.5, always: true)"
    ) { (arguments, machine) throws(Fault) in
      let isLayer = arguments.optional(1) == nil && machine.double(arguments.value(0).value) != nil
      let rate = try arguments.number(isLayer ? 0 : 1, default: 0.5)
      guard rate >= 0, rate < 1 else {
        throw Fault(.value(.dropoutRate(rate), at: arguments.range))
      }
      if isLayer, let maker = machine.predefined["dropout_layer"] {
        let always = arguments.optional(2) == nil ? [] : [arguments.value(2)]
        return try machine.call(
          maker.value, [arguments.value(0)] + always, at: arguments.range)
      }
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let draws = try arguments.boolean(2, default: false)
      guard draws || machine.isTraining else { return .tensor(tensor) }
      return .tensor(try machine.emit(.dropout(rate: rate, site: 0), [tensor], at: arguments.range))
    },
    Builtin(
      "stop_gradient", [.init("x")],
      summary: "The same value, through which no gradient flows.",
      example: "stop_gradient(ones(2))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      guard machine.trace != nil else { return .tensor(tensor) }
      return .tensor(try machine.emit(.stopGradient, [tensor], at: arguments.range))
    },
    Builtin(
      "named", [.init("x"), .init("name")],
      summary:
        "The same value with a name, for `save_only(names: …)` and `recompute_only(names: …)`.",
      example: "named(ones(2), \"hidden\")"
    ) { (arguments, machine) throws(Fault) in
      let tensor = machine.whole(try arguments.tensor(0), at: arguments.range)
      let name = try arguments.string(1)
      if let trace = machine.trace {
        trace.builder.name(try trace.operand(for: tensor, at: arguments.range), name)
      }
      return .tensor(tensor)
    },
  ]

  /// `clip(g, norm: 1.0)`, `clip(g, value: 0.5)`
  private func clipped(
    _ gradients: GradientsValue, _ arguments: Arguments
  ) throws(Fault) -> GradientsValue {
    let given = (1...4).filter { arguments.optional($0) != nil }
    guard given == [3] || given == [4] else {
      throw Fault(.value(.gradientBounds, at: arguments.range))
    }
    let limit = try arguments.number(given[0])
    guard limit >= 0 else {
      throw Fault(
        .value(
          .below0(limit, parameter: given == [3] ? "norm" : "value", of: "clip"),
          at: arguments.value(given[0]).range))
    }
    return given == [3]
      ? try clipped(gradients, norm: limit, at: arguments.range)
      : try clipped(gradients, value: limit, at: arguments.range)
  }

  private static func unary(
    _ name: String, _ operation: Unary, _ summary: String,
    _ plain: @escaping @Sendable (Double) -> Double
  ) -> Builtin {
    Builtin(name, [.init("x")], summary: summary, example: "\(name)(tensor([0.5, 2]))") {
      (arguments, machine) throws(Fault) in
      let argument = arguments.value(0)
      if case .integer(let x) = argument.value, operation == .abs {
        guard let size = Int(exactly: x.magnitude) else {
          throw Fault(.integerOverflow(at: arguments.range))
        }
        return .integer(size)
      }
      if case .bytes(let x) = argument.value, operation == .abs, x != .min {
        return .bytes(abs(x))
      }
      if let number = machine.double(argument.value) { return .float(plain(number)) }
      var emission = Emission(machine, at: arguments.range)
      return .tensor(try emission.unary(operation, try arguments.tensor(0)))
    }
  }

  private static func pairwise(
    _ name: String, _ operation: Binary, _ summary: String,
    _ plain: @escaping @Sendable (Double, Double) -> Double
  ) -> Builtin {
    Builtin(
      name, [.init("a"), .init("b")], summary: summary,
      example: "\(name)(tensor([1, 5]), tensor([3, 2]))"
    ) { (arguments, machine) throws(Fault) in
      let (first, second) = (arguments.value(0), arguments.value(1))
      if let a = machine.double(first.value), let b = machine.double(second.value) {
        // Exact for integers, and nan is passed on.
        if operation == .minimum || operation == .maximum {
          return try machine.extreme(
            [first.value, second.value], operation, of: name, at: arguments.range)
        }
        return .float(plain(a, b))
      }
      return try machine.tensorBinary(
        operation, first.value, second.value, at: arguments.range)
    }
  }
}
