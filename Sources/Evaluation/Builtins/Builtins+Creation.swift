import Foundation
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that make tensors.
  static let creationBuiltins: [Builtin] = [
    Builtin(
      "tensor", [.init("values"), .init("dtype", default: "f32", words: dtypeNames)],
      summary:
        "A tensor of the given numbers: a number, a list, or lists of lists of equal lengths.",
      example: "tensor([[1, 2], [3, 4]])"
    ) { (arguments, machine) throws(Fault) in
      let argument = arguments.value(0)
      let dtype = try arguments.dtype(1, default: .f32)
      if case .tensor(let tensor) = argument.value {
        var emission = Emission(machine, at: arguments.range)
        return .tensor(try emission.cast(tensor, to: dtype))
      }
      let nested = try machine.nestedNumbers(argument.value, at: argument.range)
      try machine.check(nested.values, fit: dtype, at: argument.range)
      return .tensor(
        try machine.makeTensor(
          nested.values, shape: nested.shape, dtype: dtype, at: arguments.range))
    },
    filled("zeros", "A tensor of zeros.", "zeros(2, 3)", 0),
    filled("ones", "A tensor of ones.", "ones(2, 3)", 1),
    Builtin(
      "full", [.init("shape"), .init("value"), .init("dtype", default: "f32", words: dtypeNames)],
      summary: "A tensor of one number, repeated.", example: "full([2, 2], 0.5)"
    ) { (arguments, machine) throws(Fault) in
      let shape = try arguments.shape(0)
      return .tensor(
        try machine.filled(
          try arguments.number(1), shape, try arguments.dtype(2, default: .f32), at: arguments.range
        ))
    },
    Builtin(
      "arange",
      [
        .init("start"), .init("stop", default: "none"), .init("step", default: "1"),
        .init("dtype", default: "f32", words: dtypeNames),
      ],
      summary: "Numbers from start up to, not including, stop; `arange(n)` starts at 0.",
      example: "arange(0, 10, 2)"
    ) { (arguments, machine) throws(Fault) in
      let only = arguments.optional(1) == nil
      let start = only ? 0 : try arguments.number(0)
      let stop = only ? try arguments.number(0) : try arguments.number(1)
      let step = try arguments.number(2, default: 1)
      guard step != 0, start.isFinite, stop.isFinite, step.isFinite else {
        throw Fault(.value(.arange, at: arguments.range))
      }
      let count = max(0, ((stop - start) / step).rounded(.up))
      guard count < 1e12 else { throw Fault(.tooManyElements(at: arguments.range)) }
      let dtype = try arguments.dtype(3, default: .f32)
      if count > 0 {
        try machine.check(
          [start, count > 1 ? step : 0, start + (count - 1) * step], fit: dtype,
          at: arguments.range)
      }
      return .tensor(
        try machine.emit(
          .range(start: start, step: step, dtype, count: Int(count)), [], at: arguments.range))
    },
    Builtin(
      "eye", [.init("n"), .init("dtype", default: "f32", words: dtypeNames)],
      summary: "The n × n identity matrix.", example: "eye(3)"
    ) { (arguments, machine) throws(Fault) in
      let n = try arguments.integer(0)
      let shape = try arguments.checked([n, n])
      return .tensor(
        try machine.identity(
          shape, try arguments.dtype(1, default: .f32), at: arguments.range))
    },
    Builtin(
      "randn", [.init("dtype", default: "f32", words: dtypeNames)], variadic: true,
      summary: "Draws from the normal distribution with mean 0 and variance 1.",
      example: "randn(2, 3)"
    ) { (arguments, machine) throws(Fault) in
      let shape = try arguments.restShape()
      return .tensor(
        try machine.emit(
          .random(.normal, try arguments.floating(0), shape, site: 0), [], at: arguments.range))
    },
    Builtin(
      "uniform",
      [
        .init("low", default: "0"), .init("high", default: "1"),
        .init("dtype", default: "f32", words: dtypeNames),
      ], variadic: true,
      summary: "Draws that are equally likely anywhere from low up to high.",
      example: "uniform(2, 3, low: -1, high: 1)"
    ) { (arguments, machine) throws(Fault) in
      let low = try arguments.number(0, default: 0)
      let high = try arguments.number(1, default: 1)
      return .tensor(
        try machine.emit(
          .random(
            .uniform(low: low, high: high), try arguments.floating(2), try arguments.restShape(),
            site: 0), [], at: arguments.range))
    },
    initializer(
      "glorot",
      "Weights for a layer of so many inputs and outputs, uniform within √(6 / (inputs + "
        + "outputs)) (Glorot & Bengio 2010).",
      "glorot(4, 8)"
    ) { (6 / (Double($0) + Double($1))).squareRoot() },
    initializer(
      "he",
      "Weights for a layer with relu, uniform within √(6 / inputs) (He et al. 2015).", "he(4, 8)"
    ) { (inputs, _) in (6 / Double(inputs)).squareRoot() },
  ]

  /// The element types as they are typed: `f32`, `bf16`, `i32`.
  static let dtypeNames = DType.allCases.map(\.description)

  private static func filled(
    _ name: String, _ summary: String, _ example: String, _ value: Double
  ) -> Builtin {
    Builtin(
      name, [.init("dtype", default: "f32", words: dtypeNames)], variadic: true, summary: summary,
      example: example
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.filled(
          value, try arguments.restShape(), try arguments.dtype(0, default: .f32),
          at: arguments.range))
    }
  }

  private static func initializer(
    _ name: String, _ summary: String, _ example: String,
    limit: @escaping @Sendable (Int, Int) -> Double
  ) -> Builtin {
    Builtin(
      name,
      [
        .init("inputs"), .init("outputs"), .init("shape", default: "[inputs, outputs]"),
        .init("dtype", default: "f32", words: dtypeNames),
      ],
      summary: summary, example: example
    ) { (arguments, machine) throws(Fault) in
      let inputs = try arguments.integer(0)
      let outputs = try arguments.integer(1)
      guard inputs > 0, outputs > 0 else {
        throw Fault(.value(.initializerSize(name), at: arguments.range))
      }
      let shape =
        arguments.optional(2) == nil
        ? try arguments.checked([inputs, outputs]) : try arguments.shape(2)
      let bound = limit(inputs, outputs)
      return .tensor(
        try machine.emit(
          .random(
            .uniform(low: -bound, high: bound), try arguments.floating(3), shape, site: 0), [],
          at: arguments.range))
    }
  }

  /// Refuses numbers that an element of a type does not hold: fractions, and what is too large.
  func check(_ values: [Double], fit dtype: DType, at range: SourceRange) throws(Fault) {
    switch dtype {
    case .i32:
      if let number = values.first(where: { Int32(exactly: $0) == nil }) {
        throw Fault(.notInteger(number, dtype, at: range))
      }
    case .i64:
      let limit = Double(DType.wholeLimit)
      if let number = values.first(where: { $0.magnitude > limit || $0 != $0.rounded() }) {
        throw Fault(.notInteger(number, dtype, at: range))
      }
    case .f32:
      if let number = values.first(where: { $0.isFinite && !Float($0).isFinite }) {
        throw Fault(.value(.tooLarge(number, dtype), at: range))
      }
    case .f16, .bf16:
      if let number = values.first(where: { dtype.short?.holds($0) == false }) {
        throw Fault(.value(.tooLarge(number, dtype), at: range))
      }
    case .bool:
      if let number = values.first(where: { $0 != 0 && $0 != 1 }) {
        throw Fault(.value(.notTruth(number), at: range))
      }
    case .f64: break
    }
  }

  /// A tensor of one number, repeated.
  func filled(
    _ value: Double, _ shape: Shape, _ dtype: DType, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    try emit(.fill(value, dtype, shape), [], at: range)
  }

  /// The identity matrix of a square shape: in a traced block the classes 0, 1, 2, … one-hot,
  /// elsewhere in place.
  private func identity(
    _ shape: Shape, _ dtype: DType, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard shape.count > 0 else { return try filled(0, shape, dtype, at: range) }
    if trace == nil, !isSketching {
      do {
        let tensor = try Tensor(shape: shape, dtype: dtype, account: .values, ledger: ledger) {
          $0 % (shape[0] + 1) == 0 ? 1 : 0
        }
        return TensorValue(tensor, role: .constant, origin: range)
      } catch {
        throw fault(from: .memory(error), operands: [], at: range)
      }
    }
    let classes = try emit(
      .range(start: 0, step: 1, .i32, count: shape[0]), [], at: range)
    return try emit(.oneHot(classes: shape[0], dtype), [classes], at: range)
  }
}

extension Arguments {
  /// A shape that can be: no negative axis, not too many elements.
  func checked(_ axes: [Int]) throws(Fault) -> Shape {
    guard axes.allSatisfy({ $0 >= 0 }) else {
      throw Fault(.value(.negativeLength(axes), at: range))
    }
    guard let shape = Shape.checked(axes) else { throw Fault(.tooManyElements(at: range)) }
    return shape
  }

  /// The shape in a list of lengths, or a single length.
  func shape(_ index: Int) throws(Fault) -> Shape {
    if case .integer(let length) = value(index).value { return try checked([length]) }
    return try checked(try integers(index))
  }

  /// The shape in the unlabelled arguments: `zeros(2, 3)` or `zeros([2, 3])`.
  func restShape() throws(Fault) -> Shape {
    var axes: [Int] = []
    for argument in rest {
      switch argument.value {
      case .integer(let length): axes.append(length)
      case .list(let list) where rest.count == 1:
        for element in list.elements {
          guard case .integer(let length) = element else {
            throw Fault(
              .expected(
                .integer, found: element, as: .axisLength, at: argument.range))
          }
          axes.append(length)
        }
      default:
        throw Fault(
          .expected(
            .integer, found: argument.value, as: .axisLength, at: argument.range))
      }
    }
    return try checked(axes)
  }

  /// A floating type; f32 where none is given.
  func floating(_ index: Int) throws(Fault) -> DType {
    let dtype = try dtype(index, default: .f32)
    guard dtype.isFloating else {
      throw Fault(.value(.wholeDraws(builtin.name, dtype), at: value(index).range))
    }
    return dtype
  }
}
