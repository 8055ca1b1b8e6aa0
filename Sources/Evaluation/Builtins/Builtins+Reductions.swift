import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that take many elements to one.
  static let reductionBuiltins: [Builtin] = [
    reduction("sum", .sum, "The sum over all elements, or over one or several axes; of a list too.")
    {
      (machine, values, range) throws(Fault) in
      try machine.total(values, of: "sum", at: range)
    },
    reduction(
      "average", .average,
      "The average over all elements, or over one or several axes; of a list too."
    ) { (machine, values, range) throws(Fault) in
      try machine.mean(values, of: "average", at: range)
    },
    extremum(
      "max", .max, .maximum,
      "The greatest over all elements, or over axes; of a list; or of several, tensors element "
        + "by element."
    ),
    extremum(
      "min", .min, .minimum,
      "The least over all elements, or over axes; of a list; or of several, tensors element by "
        + "element."
    ),
    position("argmax", .greatest, "The index of the first greatest element along an axis."),
    position("argmin", .least, "The index of the first least element along an axis."),
  ]

  private static let reductionParameters: [Builtin.BuiltinParameter] = [
    .init("x"), .init("axis", default: "none"), .init("keepdims", default: "false"),
  ]

  private static func reduction(
    _ name: String, _ operation: Reduction, _ summary: String,
    _ plain: @escaping @Sendable (Interpreter, [Value], SourceRange) throws(Fault) -> Value
  ) -> Builtin {
    Builtin(
      name, reductionParameters, summary: summary,
      example: "\(name)(tensor([[1, 2], [3, 4]]), axis: 0)"
    ) { (arguments, machine) throws(Fault) in
      if let values = try arguments.plainElements() {
        return try plain(machine, values, arguments.range)
      }
      return .tensor(try machine.reduce(operation, arguments))
    }
  }

  private static func extremum(
    _ name: String, _ operation: Reduction, _ pairwise: Binary, _ summary: String
  ) -> Builtin {
    // With one argument it reduces a tensor or a list, and takes what every reduction takes.
    let reduction = Builtin(name, reductionParameters, summary: "", example: "") { (_, _) in .none }
    return Builtin(
      name,
      [.init("axis", default: "none"), .init("keepdims", default: "false")], variadic: true,
      summary: summary, example: "\(name)(3, 1, 2)"
    ) { (arguments, machine) throws(Fault) in
      guard !arguments.rest.isEmpty else {
        throw Fault(
          .missingArgument("x", of: name, expected: ["x", "axis", "keepdims"], at: arguments.range))
      }
      if arguments.rest.count == 1 {
        let inner = try arguments.matched(to: reduction)
        guard let values = try inner.plainElements() else {
          return .tensor(try machine.reduce(operation, inner))
        }
        return try machine.extreme(values, pairwise, of: name, at: arguments.range)
      }
      if let option = (0...1).first(where: { arguments.optional($0) != nil }) {
        throw Fault(
          .value(
            .severalWithOption(arguments.builtin.parameters[option].name, of: name),
            at: arguments.value(option).range))
      }
      return try machine.extreme(
        arguments.rest.map(\.value), pairwise, of: name, at: arguments.range)
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
      var emission = Emission(machine, at: arguments.range)
      let counted = try emission.counted(tensor)
      return .tensor(
        try machine.emit(.argReduce(extremum, axis: axis), [counted], at: arguments.range))
    }
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
      try refuseRepeated(axes, at: value(index).range)
      return axes.sorted()
    }
    return [try axis(index, rank: rank)]
  }

  /// Refuses axes, counted from 0, of which one stands twice.
  func refuseRepeated(_ axes: [Int], at range: SourceRange) throws(Fault) {
    for (place, axis) in axes.enumerated() where axes[..<place].contains(axis) {
      throw Fault(.value(.repeatedAxis(axis), at: range))
    }
  }

  /// Of a reduction: the elements of a list or a range, which has no axes but its one; `nil` for
  /// anything else, and for a list of lists.
  fileprivate func plainElements() throws(Fault) -> [Value]? {
    switch value(0).value {
    case .list, .range: break
    default: return nil
    }
    let elements = try list(0)
    guard optional(1) == nil, optional(2) == nil else { return nil }
    return elements
  }

  /// An axis counted from 0, of `rank` axes; negative ones count from the last. Throws where there
  /// is none.
  func resolve(_ axis: Int, rank: Int, at range: SourceRange) throws(Fault) -> Int {
    let resolved = axis < 0 ? axis &+ rank : axis
    guard (0..<rank).contains(resolved) else {
      throw Fault(.noSuchAxis(axis, rank: rank, at: range))
    }
    return resolved
  }
}
