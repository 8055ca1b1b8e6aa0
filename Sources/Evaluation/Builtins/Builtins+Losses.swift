import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Probabilities, losses, and what else takes rows as wholes.
  static let lossBuiltins: [Builtin] = [
    alongAxis("softmax", "Exponentials that add up to 1 along an axis, the last unless given.") {
      .softmax(axis: $0)
    },
    alongAxis("log_softmax", "The logarithm of the softmax, computed stably.") {
      .logSoftmax(axis: $0)
    },
    Builtin(
      "logsumexp", [.init("x"), .init("axis", default: "-1"), .init("keepdims", default: "false")],
      summary: "log Σ e^x along an axis, computed stably.", example: "logsumexp(tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      return .tensor(
        try machine.emit(
          .logSumExp(
            axis: try arguments.lastAxis(1, of: tensor),
            keepDims: try arguments.boolean(2, default: false)), [tensor], at: arguments.range))
    },
    Builtin(
      "normalize_rows",
      [.init("x"), .init("gain"), .init("offset"), .init("epsilon", default: "1e-5")],
      summary: """
        (x − m) / √(v + epsilon) · gain + offset, with the mean m and the variance v of each row \
        (along the last axis). The backward pass needs x, and of each row m and 1 / √(v + epsilon).
        """,
      example: "normalize_rows(tensor([[1, 2], [3, 7]]), ones(2), zeros(2))"
    ) { (arguments, machine) throws(Fault) in
      var emission = Emission(machine, at: arguments.range)
      let operands = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(1),
        try arguments.tensor(2),
      ])
      let epsilon = try arguments.number(3, default: 1e-5)
      return .tensor(try emission.emit(.layerNorm(epsilon: epsilon), operands))
    },
    Builtin(
      "cross_entropy", [.init("logits"), .init("labels")],
      summary:
        "The average over rows of −log softmax(logits)[label]: logits [n, classes], labels i32 "
        + "[n].",
      example: "cross_entropy(tensor([[2, 1], [0, 3]]), tensor([0, 1], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      if case .tensor(let first) = arguments.value(0).value,
        case .tensor(let second) = arguments.value(1).value, second.dtype != .i32,
        first.dtype == .i32 || (first.shape.rank == 1 && second.shape.rank == 2)
      {
        throw Fault(
          .swappedLoss(
            logits: arguments.value(1).range, labels: arguments.value(0).range,
            areWhole: first.dtype == .i32,
            at: arguments.range))
      }
      let logits = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let labels = try arguments.tensor(1)
      guard labels.dtype.isIndex else { throw arguments.mismatch(.i32Labels, 1) }
      return .tensor(try machine.emit(.crossEntropy, [logits, labels], at: arguments.range))
    },
    Builtin(
      "mse", [.init("a"), .init("b")], summary: "The average of (a − b)².",
      example: "mse(tensor([1, 2]), tensor([1, 4]))"
    ) { (arguments, machine) throws(Fault) in
      for place in 0..<2 {
        if case .tensor = arguments.value(place).value { continue }
        guard machine.double(arguments.value(place).value) != nil else {
          throw arguments.mismatch(.tensorOrNumber, place)
        }
      }
      if case .tensor(let a) = arguments.value(0).value,
        case .tensor(let b) = arguments.value(1).value, a.shape != b.shape
      {
        throw Fault(.lossShapes("mse", a, b, at: arguments.range))
      }
      let difference = try machine.tensorBinary(
        .subtract, arguments.value(0).value, arguments.value(1).value, at: arguments.range)
      guard case .tensor(let tensor) = difference else {
        return .float(machine.double(difference).map { $0 * $0 } ?? .nan)
      }
      guard tensor.shape.count > 0 else {
        throw Fault(.value(.noElements("mse"), at: arguments.range))
      }
      var emission = Emission(machine, at: arguments.range)
      let square = try emission.unary(.square, tensor)
      return .tensor(
        try emission.reduce(.average, square, axes: Array(0..<square.shape.rank)))
    },
  ]

  private static func alongAxis(
    _ name: String, _ summary: String, _ operation: @escaping @Sendable (Int) -> Operation
  ) -> Builtin {
    Builtin(
      name, [.init("x"), .init("axis", default: "-1")], summary: summary,
      example: "\(name)(tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      return .tensor(
        try machine.emit(
          operation(try arguments.lastAxis(1, of: tensor)), [tensor], at: arguments.range))
    }
  }
}

extension Arguments {
  /// The axis given, or the last.
  func lastAxis(_ index: Int, of tensor: TensorValue) throws(Fault) -> Int {
    if optional(index) != nil { return try axis(index, rank: tensor.shape.rank) }
    guard tensor.shape.rank > 0 else { throw Fault(.noSuchAxis(-1, rank: 0, at: range)) }
    return tensor.shape.rank - 1
  }
}
