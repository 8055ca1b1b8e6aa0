import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that take many elements to one.
  static let reductionBuiltins: [Builtin] = [
    reduction("sum", .sum, "The sum over all elements, or over one or several axes.") {
      $0.reduce(0, +)
    },
    reduction("average", .average, "The average over all elements, or over one or several axes.") {
      $0.isEmpty ? .nan : $0.reduce(0, +) / Double($0.count)
    },
    extremum(
      "max", .max, .maximum,
      "The greatest over all elements, or over axes; or of two tensors, element by element."
    ) {
      $0.max() ?? -.infinity
    },
    extremum(
      "min", .min, .minimum,
      "The least over all elements, or over axes; or of two tensors, element by element."
    ) {
      $0.min() ?? .infinity
    },
    position("argmax", .greatest, "The index of the first greatest element along an axis."),
    position("argmin", .least, "The index of the first least element along an axis."),
  ]

  private static let reductionParameters: [Builtin.BuiltinParameter] = [
    .init("x"), .init("axis", default: "none"), .init("keepdims", default: "false"),
  ]

  private static func reduction(
    _ name: String, _ operation: Reduction, _ summary: String,
    _ plain: @escaping @Sendable ([Double]) -> Double
  ) -> Builtin {
    Builtin(
      name, reductionParameters, summary: summary,
      example: "\(name)(tensor([[1, 2], [3, 4]]), axis: 0)"
    ) { (arguments, machine) throws(Fault) in
      if let value = try machine.plainReduction(
        arguments, plain, keepsIntegers: operation != .average)
      {
        return value
      }
      return .tensor(try machine.reduce(operation, arguments))
    }
  }

  private static func extremum(
    _ name: String, _ operation: Reduction, _ pairwise: Binary, _ summary: String,
    _ plain: @escaping @Sendable ([Double]) -> Double
  ) -> Builtin {
    // With one argument it reduces a tensor or a list, and takes what every reduction takes.
    let reduction = Builtin(name, reductionParameters, summary: "", example: "") { (_, _) in .none }
    return Builtin(
      name,
      [.init("axis", default: "none"), .init("keepdims", default: "false")], variadic: true,
      summary: summary, example: "\(name)(3, 1, 2)"
    ) { (arguments, machine) throws(Fault) in
      guard let first = arguments.rest.first else {
        throw Fault(
          .missingArgument("x", of: name, expected: ["x", "axis", "keepdims"], at: arguments.range))
      }
      if arguments.rest.count == 1 {
        let inner = try arguments.matched(to: reduction)
        if let value = try machine.plainReduction(inner, plain, keepsIntegers: true) {
          return value
        }
        return .tensor(try machine.reduce(operation, inner))
      }
      let numbers = arguments.rest.map { machine.double($0.value) }
      if numbers.allSatisfy({ $0 != nil }) {
        let best = plain(numbers.compactMap(\.self))
        let allWhole = arguments.rest.allSatisfy {
          if case .integer = $0.value { true } else { false }
        }
        if allWhole, let whole = Int(exactly: best) { return .integer(whole) }
        return .float(best)
      }
      var value = first.value
      for argument in arguments.rest.dropFirst() {
        value = try machine.tensorBinary(pairwise, value, argument.value, at: arguments.range)
      }
      return value
    }
  }

  private static func position(_ name: String, _ extremum: Extremum, _ summary: String) -> Builtin {
    Builtin(
      name, [.init("x"), .init("axis", default: "none")], summary: summary,
      example: "\(name)(tensor([[1, 5], [7, 2]]), axis: 1)"
    ) { (arguments, machine) throws(Fault) in
      var tensor = try arguments.tensor(0)
      var axis = 0
      if arguments.optional(1) == nil {
        tensor = machine.reshaped(tensor, to: [tensor.shape.count], at: arguments.range)
      } else {
        axis = try arguments.axis(1, rank: tensor.shape.rank)
      }
      return .tensor(
        try machine.emit(.argReduce(extremum, axis: axis), [tensor], at: arguments.range))
    }
  }

  /// A reduction of a plain list of numbers; `nil` for anything else.
  private func plainReduction(
    _ arguments: Arguments, _ plain: ([Double]) -> Double, keepsIntegers: Bool
  ) throws(Fault) -> Value? {
    switch arguments.value(0).value {
    case .list, .range: break
    default: return nil
    }
    var isWhole = keepsIntegers
    var numbers: [Double] = []
    for element in try arguments.list(0) {
      if case .integer = element {} else { isWhole = false }
      guard let number = double(element) else { return nil }
      numbers.append(number)
    }
    let value = plain(numbers)
    if isWhole, let whole = Int(exactly: value) { return .integer(whole) }
    return .float(value)
  }

  private func reduce(
    _ operation: Reduction, _ arguments: Arguments
  ) throws(Fault) -> TensorValue {
    let tensor = try arguments.tensor(0)
    var emission = Emission(self, at: arguments.range)
    return try emission.reduce(
      operation, tensor, axes: try arguments.axes(1, rank: tensor.shape.rank),
      keepDims: try arguments.boolean(2, default: false))
  }
}

extension Arguments {
  /// An axis, counted from the end where it is negative.
  func axis(_ index: Int, rank: Int) throws(Fault) -> Int {
    try resolve(try integer(index), rank: rank, at: value(index).range)
  }

  /// One axis or a list of them, ascending; all of them where none is given.
  func axes(_ index: Int, rank: Int) throws(Fault) -> [Int] {
    guard optional(index) != nil else { return Array(0..<rank) }
    if case .list = value(index).value {
      var axes: [Int] = []
      for axis in try integers(index) {
        axes.append(try resolve(axis, rank: rank, at: value(index).range))
      }
      return Array(Set(axes)).sorted()
    }
    return [try axis(index, rank: rank)]
  }

  private func resolve(_ axis: Int, rank: Int, at range: SourceRange) throws(Fault) -> Int {
    let resolved = axis < 0 ? axis &+ rank : axis
    guard (0..<rank).contains(resolved) else {
      throw Fault(.noSuchAxis(axis, rank: rank, at: range))
    }
    return resolved
  }
}
