import Foundation
import Graphs
import Syntax
import Tensors

extension Interpreter {
  static let dtypeWords = DType.allCases.map(\.description)

  /// Functions that make tensors.
  static let creationBuiltins: [Builtin] = [
    Builtin(
      "tensor", [.init("values"), .init("dtype", default: "f32", words: dtypeWords)],
      summary: "A tensor of the numbers in nested lists.",
      example: "tensor([[1, 2, 3], [4, 5, 6]])"
    ) { (arguments, machine) throws(Fault) in
      let argument = arguments.value(0)
      let dtype = try arguments.dtype(1, default: .f32)
      let nested = try machine.nestedNumbers(argument.value, at: argument.range)
      if dtype == .i32, let wrong = nested.values.first(where: { Int32(exactly: $0) == nil }) {
        throw Fault(
          .value(
            "\(Display.number(wrong)) is not an integer that an i32 holds", at: argument.range))
      }
      return .tensor(
        try machine.makeTensor(
          nested.values, shape: nested.shape, dtype: dtype, account: .values, at: arguments.range))
    },
    Builtin(
      "zeros", [.init("dtype", default: "f32", words: dtypeWords)], variadic: true,
      summary: "A tensor of zeros of the given shape.", example: "zeros(2, 3)"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.filled(
          0, try arguments.dimensions(arguments.rest), try arguments.dtype(0, default: .f32),
          at: arguments.range))
    },
    Builtin(
      "ones", [.init("dtype", default: "f32", words: dtypeWords)], variadic: true,
      summary: "A tensor of ones of the given shape.", example: "ones(3)"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.filled(
          1, try arguments.dimensions(arguments.rest), try arguments.dtype(0, default: .f32),
          at: arguments.range))
    },
    Builtin(
      "full",
      [.init("shape"), .init("value"), .init("dtype", default: "f32", words: dtypeWords)],
      summary: "A tensor of the given shape whose elements are all one number.",
      example: "full([2, 2], 0.5)"
    ) { (arguments, machine) throws(Fault) in
      let number = try arguments.number(1)
      let dtype = try arguments.dtype(2, default: .f32)
      guard dtype != .i32 || Int32(exactly: number) != nil else {
        throw Fault(
          .value(
            "\(Display.number(number)) is not an integer that an i32 holds",
            at: arguments.value(1).range))
      }
      return .tensor(
        try machine.filled(
          number, try arguments.dimensions([arguments.value(0)]), dtype, at: arguments.range))
    },
    Builtin(
      "arange",
      [
        .init("start"), .init("stop", default: "none"), .init("step", default: "1"),
        .init("dtype", default: "f32", words: dtypeWords),
      ],
      summary: "Numbers from start up to, not including, stop; from 0 where only one is given.",
      example: "arange(0, 1, 0.25)"
    ) { (arguments, machine) throws(Fault) in
      let isOpen = arguments.optional(1) == nil
      let start = isOpen ? 0 : try arguments.number(0)
      let stop = try arguments.number(isOpen ? 0 : 1)
      let step = try arguments.number(2, default: 1)
      let count = ((stop - start) / step).rounded(.up)
      guard step != 0, count.isFinite else {
        throw Fault(.value("arange needs finite ends and a step other than 0", at: arguments.range))
      }
      guard count <= 100_000_000 else {
        throw Fault(.invalidShape("arange would give more than 100000000 numbers", at: arguments.range))
      }
      let length = max(0, Int(count))
      return .tensor(
        try machine.makeTensor(
          (0..<length).map { start + Double($0) * step }, shape: [length],
          dtype: try arguments.dtype(3, default: .f32), account: .values, at: arguments.range))
    },
    Builtin(
      "eye", [.init("n"), .init("dtype", default: "f32", words: dtypeWords)],
      summary: "The n × n matrix with ones on its diagonal.", example: "eye(3)"
    ) { (arguments, machine) throws(Fault) in
      let n = try arguments.integer(0)
      let shape = try machine.shape([n, n], at: arguments.value(0).range)
      guard shape.count <= 100_000_000 else {
        throw Fault(.invalidShape("a matrix of \(n) × \(n) is too large for eye", at: arguments.range))
      }
      var values = [Double](repeating: 0, count: shape.count)
      for index in 0..<n { values[index * n + index] = 1 }
      return .tensor(
        try machine.makeTensor(
          values, shape: shape, dtype: try arguments.dtype(1, default: .f32), account: .values,
          at: arguments.range))
    },
    Builtin(
      "randn", [.init("dtype", default: "f32", words: ["f32", "f64"])], variadic: true,
      summary: "A tensor of the given shape drawn from the normal distribution.",
      example: "randn(2, 3)"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.drawn(
          .normal, try arguments.dimensions(arguments.rest), try arguments.dtype(0, default: .f32),
          at: arguments.range))
    },
    Builtin(
      "uniform",
      [
        .init("low", default: "0"), .init("high", default: "1"),
        .init("dtype", default: "f32", words: ["f32", "f64"]),
      ], variadic: true,
      summary: "A tensor of the given shape drawn evenly from low up to high.",
      example: "uniform(2, 3, low: -1, high: 1)"
    ) { (arguments, machine) throws(Fault) in
      let low = try arguments.number(0, default: 0)
      let high = try arguments.number(1, default: 1)
      guard low.isFinite, high.isFinite, low <= high else {
        throw Fault(.value("uniform needs finite numbers with low ≤ high", at: arguments.range))
      }
      return .tensor(
        try machine.drawn(
          .uniform(low: low, high: high), try arguments.dimensions(arguments.rest),
          try arguments.dtype(2, default: .f32), at: arguments.range))
    },
    Builtin(
      "glorot", [.init("inputs"), .init("outputs"), .init("shape", default: "[inputs, outputs]")],
      summary:
        "Weights drawn evenly from ±√(6 / (inputs + outputs)) (Glorot & Bengio 2010): for tanh, sigmoid, softmax.",
      example: "glorot(4, 2)"
    ) { (arguments, machine) throws(Fault) in
      let inputs = try arguments.integer(0)
      let outputs = try arguments.integer(1)
      let shape = try machine.weightShape(inputs, outputs, arguments)
      let limit = (6 / (Double(inputs) + Double(outputs))).squareRoot()
      return .tensor(
        try machine.drawn(.uniform(low: -limit, high: limit), shape, .f32, at: arguments.range))
    },
    Builtin(
      "he", [.init("inputs"), .init("outputs"), .init("shape", default: "[inputs, outputs]")],
      summary:
        "Weights drawn from the normal distribution times √(2 / inputs) (He et al. 2015): for relu and its kin.",
      example: "he(4, 2)"
    ) { (arguments, machine) throws(Fault) in
      let inputs = try arguments.integer(0)
      let outputs = try arguments.integer(1)
      let shape = try machine.weightShape(inputs, outputs, arguments)
      let draw = try machine.drawn(.normal, shape, .f32, at: arguments.range)
      let scale = (2 / Double(inputs)).squareRoot()
      return .tensor(
        try machine.emit(
          .scalar(.multiply, scale, numberFirst: false), [draw], at: arguments.range))
    },
  ]

  /// A random tensor. Only floating types are drawn.
  func drawn(
    _ distribution: Distribution, _ shape: Shape, _ dtype: DType, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard dtype.isFloating else {
      throw Fault(.value("random numbers are f32 or f64, not \(dtype)", at: range))
    }
    return try emit(.random(distribution, dtype, shape, site: 0), [], at: range)
  }

  fileprivate func weightShape(
    _ inputs: Int, _ outputs: Int, _ arguments: Arguments
  ) throws(Fault) -> Shape {
    guard inputs > 0, outputs > 0 else {
      throw Fault(
        .value("\(arguments.builtin.name) needs inputs and outputs above 0", at: arguments.range))
    }
    if let given = arguments.optional(2) { return try arguments.dimensions([given]) }
    return try shape([inputs, outputs], at: arguments.range)
  }
}
