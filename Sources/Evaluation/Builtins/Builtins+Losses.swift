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
        (along the last axis). The backward pass needs x, and of each row m and \
        1 / √(v + epsilon); of f16 and bf16 it finds m again.
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
      "cross_entropy",
      [
        .init("logits"), .init("labels"), .init("smoothing", default: "0"),
        .init("ignore", default: "none"),
      ],
      summary:
        "The average over rows of −log softmax(logits)[label]: logits [n, classes], labels i32 "
        + "or i64 [n]; logits of f16 or bf16 give it in f32. `smoothing` spreads that part of each "
        + "target evenly over all classes (Szegedy et al. 2016); rows with the label `ignore` do "
        + "not count, and where no row is left the average is nan. The backward pass needs the "
        + "logits and the labels.",
      example: "cross_entropy(tensor([[2, 1], [0, 3]]), tensor([0, 1], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let labels = try arguments.labels(1, of: 0)
      let logits = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let rule = try arguments.labelRule(smoothing: 2, ignored: 3)
      return .tensor(try machine.emit(.crossEntropy(rule), [logits, labels], at: arguments.range))
    },
    Builtin(
      "linear_cross_entropy",
      [
        .init("x"), .init("w"), .init("labels"), .init("pieces", default: "8"),
        .init("smoothing", default: "0"), .init("ignore", default: "none"),
      ],
      summary: """
        `cross_entropy(x @ w, labels)` without all of the logits: the columns of w are gone \
        through in pieces, and the logits of one piece are held at a time, forward, and again \
        backward, where they are computed a second time. The backward pass needs x, w, the \
        labels, and one number for each row.
        """,
      example:
        "linear_cross_entropy(randn(4, 3), randn(3, 100), tensor([0, 7, 99, 1], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let labels = try arguments.labels(2, of: 0)
      var emission = Emission(machine, at: arguments.range)
      let operands = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(1),
      ])
      let pieces = try arguments.integer(3, default: 8)
      guard pieces >= 1 else {
        throw Fault(
          .value(
            .below1(pieces, parameter: "pieces", of: "linear_cross_entropy"),
            at: arguments.value(3).range))
      }
      let rule = try arguments.labelRule(smoothing: 4, ignored: 5)
      return .tensor(
        try emission.emit(.linearCrossEntropy(rule, pieces: pieces), operands + [labels]))
    },
    pairLoss(
      "binary_cross_entropy", ["logits", "targets"],
      "The average of −t · log σ(x) − (1 − t) · log(1 − σ(x)) for logits x and targets t from 0 to "
        + "1, computed stably.", "binary_cross_entropy(tensor([2, -1]), tensor([1, 0]))"
    ) { _ in .binaryCrossEntropy },
    pairLoss(
      "mae", ["a", "b"], "The average of |a − b|.", "mae(tensor([1, 2]), tensor([1, 4]))"
    ) { _ in .absolute },
    pairLoss(
      "huber", ["a", "b"], options: [.init("delta", default: "1")],
      "The average of d² / 2 for d = a − b up to a size of delta, and of delta · (|d| − delta / 2) "
        + "beyond (Huber 1964).", "huber(tensor([1, 2]), tensor([1, 4]), delta: 0.5)"
    ) { (arguments) throws(Fault) in
      let delta = try arguments.number(2, default: 1)
      guard delta.isFinite, delta >= 0 else {
        throw Fault(
          .value(
            .below0(delta, parameter: "delta", of: "huber"), at: arguments.value(2).range))
      }
      return .huber(delta: delta)
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
        throw Fault(.lossShapes("mse", a, b, of: arguments.texts, at: arguments.range))
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

  /// A loss of pairs: two tensors of one shape. Its backward pass needs both.
  private static func pairLoss(
    _ name: String, _ operands: [String], options: [Builtin.BuiltinParameter] = [],
    _ summary: String, _ example: String,
    _ loss: @escaping @Sendable (Arguments) throws(Fault) -> PairLoss
  ) -> Builtin {
    Builtin(
      name, operands.map { Builtin.BuiltinParameter($0) } + options,
      summary: summary + " The backward pass needs both.", example: example
    ) { (arguments, machine) throws(Fault) in
      var emission = Emission(machine, at: arguments.range)
      let pair = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(1),
      ])
      guard pair[0].shape == pair[1].shape else {
        throw Fault(
          .lossShapes(name, pair[0], pair[1], of: arguments.texts, at: arguments.range))
      }
      guard pair[0].shape.count > 0 else {
        throw Fault(.value(.noElements(name), at: arguments.range))
      }
      return .tensor(try emission.emit(.pairLoss(try loss(arguments)), pair))
    }
  }

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
  /// Labels, of the scores that another argument is or gives.
  fileprivate func labels(_ index: Int, of scores: Int) throws(Fault) -> TensorValue {
    if case .tensor(let first) = value(scores).value,
      case .tensor(let second) = value(index).value, !second.dtype.isIndex,
      first.dtype.isIndex || (first.shape.rank == 1 && second.shape.rank == 2)
    {
      throw Fault(
        .swappedLoss(
          logits: value(index).range, labels: value(scores).range,
          areWhole: first.dtype.isIndex, at: range))
    }
    let labels = try tensor(index)
    guard labels.dtype.isIndex else { throw mismatch(.i32Labels, index) }
    var emission = Emission(machine, at: range)
    return try emission.indices(labels)
  }

  /// How labels are read.
  fileprivate func labelRule(smoothing: Int, ignored: Int) throws(Fault) -> LabelRule {
    let part = try number(smoothing, default: 0)
    guard part >= 0, part <= 1 else {
      throw Fault(.value(.smoothing(part), at: value(smoothing).range))
    }
    return LabelRule(
      smoothing: part, ignored: optional(ignored) == nil ? nil : try integer(ignored))
  }

  /// The axis given, or the last.
  func lastAxis(_ index: Int, of tensor: TensorValue) throws(Fault) -> Int {
    if optional(index) != nil { return try axis(index, rank: tensor.shape.rank) }
    guard tensor.shape.rank > 0 else { throw Fault(.noSuchAxis(-1, rank: 0, at: range)) }
    return tensor.shape.rank - 1
  }
}

extension Arguments {
  /// The first two as they were typed.
  fileprivate var texts: (String, String) { (value(0).range.text, value(1).range.text) }
}
