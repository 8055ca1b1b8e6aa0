import Graphs
import Syntax
import Writing

extension Interpreter {
  /// Optimizers: how parameters are updated from their gradients. `lr` is a number, or a function
  /// of the number of updates made. All can clip: `clip_value`, then `clip_norm`.
  static let optimizerBuiltins: [Builtin] = [
    optimizer(
      "sgd", [("lr", "0.001"), ("momentum", "0"), ("nesterov", "false"), ("decay", "0")],
      "Gradient descent: p ← p − lr · g. With a momentum (Polyak 1964), v ← momentum · v + g and "
        + "p ← p − lr · v; with nesterov (Sutskever et al. 2013), p ← p − lr · (g + momentum · v). "
        + "It keeps v, of the parameter's size, and without momentum nothing. " + decaying,
      "sgd(lr: 0.1, momentum: 0.9)"
    ) {
      .sgd(rate: $0[0], momentum: $0[1], isNesterov: $0[2] != 0, decay: $0[3])
    },
    optimizer(
      "momentum", [("lr", "0.01"), ("momentum", "0.9")],
      "Gradient descent with momentum: v ← momentum · v + g; p ← p − lr · v. It keeps v, of the "
        + "parameter's size. `sgd` has more options.", "momentum(lr: 0.1)"
    ) { .sgd(rate: $0[0], momentum: $0[1]) },
    optimizer(
      "adam",
      [("lr", "0.001"), ("beta1", "0.9"), ("beta2", "0.999"), ("epsilon", "1e-8"), ("decay", "0")],
      "Adam (Kingma & Ba 2015): m ← beta1 · m + (1 − beta1) · g; v ← beta2 · v + (1 − beta2) · g²; "
        + "p ← p − lr · m̂ / (√v̂ + epsilon), with m̂ = m / (1 − beta1ᵗ) and "
        + "v̂ = v / (1 − beta2ᵗ) at the t-th update. It keeps m and v, of the parameter's size "
        + "each. " + decaying,
      "adam(lr: 0.01)"
    ) { .adam(rate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], decay: $0[4]) },
    optimizer(
      "adamw",
      [
        ("lr", "0.001"), ("beta1", "0.9"), ("beta2", "0.999"), ("epsilon", "1e-8"),
        ("decay", "0.01"),
      ],
      "Adam with decoupled weight decay (Loshchilov & Hutter 2019): the decay is no part of the "
        + "gradient, but p ← p − lr · decay · p besides.", "adamw(lr: 0.01)"
    ) { .adamW(rate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], decay: $0[4]) },
    optimizer(
      "rmsprop",
      [("lr", "0.01"), ("alpha", "0.99"), ("epsilon", "1e-8"), ("momentum", "0"), ("decay", "0")],
      "RMSProp (Tieleman & Hinton 2012): v ← alpha · v + (1 − alpha) · g²; p ← p − lr · u with "
        + "u = g / (√v + epsilon). It keeps v, of the parameter's size; with a momentum, "
        + "b ← momentum · b + u too, and p ← p − lr · b. " + decaying, "rmsprop(lr: 0.01)"
    ) { .rmsprop(rate: $0[0], alpha: $0[1], epsilon: $0[2], momentum: $0[3], decay: $0[4]) },
    optimizer(
      "adagrad", [("lr", "0.01"), ("lr_decay", "0"), ("epsilon", "1e-10"), ("decay", "0")],
      "Adagrad (Duchi et al. 2011): s ← s + g²; p ← p − lr / (1 + (t − 1) · lr_decay) · "
        + "g / (√s + epsilon) at the t-th update. It keeps s, of the parameter's size. " + decaying,
      "adagrad(lr: 0.1)"
    ) { .adagrad(rate: $0[0], epsilon: $0[2], rateDecay: $0[1], decay: $0[3]) },
    optimizer(
      "lion", [("lr", "1e-4"), ("beta1", "0.9"), ("beta2", "0.99"), ("decay", "0")],
      "Lion (Chen et al. 2023): p ← p − lr · (sign(beta1 · m + (1 − beta1) · g) + decay · p); "
        + "m ← beta2 · m + (1 − beta2) · g. It keeps m, of the parameter's size.",
      "lion(lr: 0.001)"
    ) { .lion(rate: $0[0], beta1: $0[1], beta2: $0[2], decay: $0[3]) },
    optimizer(
      "adafactor",
      [
        ("lr", "0.01"), ("power", "0.8"), ("epsilon", "0.001"), ("threshold", "1"), ("decay", "0"),
      ],
      "Adafactor (Shazeer & Stern 2018, algorithms 4 and 5 without a first moment, as in PyTorch): "
        + "v is a running mean of g² whose weight of the past is 1 − t^−power; u = g / √v, scaled "
        + "down to a root mean square of threshold; "
        + "p ← p − lr · decay · p − max(epsilon, RMS(p)) · min(lr, 1/√t) · u. "
        + "Of a matrix [n, m] it keeps v as a row and a column, n + m numbers where Adam "
        + "keeps 2 · n · m; of a vector all of it.", "adafactor(lr: 0.01)"
    ) {
      .adafactor(
        rate: $0[0], power: $0[1], epsilon: $0[2], threshold: $0[3], decay: $0[4])
    },
  ]

  private static let decaying = "A decay adds decay · p to g."

  /// The options that every optimizer has.
  private static let bounds = ["clip_norm", "clip_value"]

  private static func optimizer(
    _ name: String, _ options: [(name: String, value: String)], _ summary: String,
    _ example: String, _ rule: @escaping @Sendable ([Double]) -> UpdateRule
  ) -> Builtin {
    Builtin(
      name,
      options.map { Builtin.BuiltinParameter($0.name, default: $0.value) }
        + bounds.map { Builtin.BuiltinParameter($0, default: "none") },
      summary: summary + " `clip_norm` scales all gradients together down to a norm, which needs "
        + "all of them before the first update; `clip_value` holds each element within ±value.",
      example: example
    ) { (arguments, machine) throws(Fault) in
      var reader = OptimizerReader(arguments)
      var numbers: [Double] = []
      for (index, option) in options.enumerated() {
        numbers.append(try reader.number(index, option.name, default: option.value))
      }
      var setting = Optimizer.Setting(
        rule: rule(numbers), rateFunction: reader.rateFunction, options: [])
      setting.clipping = Clipping(
        norm: try reader.bound(options.count, bounds[0]),
        value: try reader.bound(options.count + 1, bounds[1]))
      setting.options = reader.spelled
      if case .sgd(_, momentum: 0, isNesterov: true, decay: _) = setting.rule {
        throw Fault(.value(.nesterovAlone, at: arguments.range))
      }
      return .optimizer(Optimizer(name, setting))
    }
  }
}

/// Reads the options of an optimizer.
private struct OptimizerReader {
  private let arguments: Arguments
  /// The function that gives the rate, where one does.
  private(set) var rateFunction: Function?
  /// Those that were given, as they print.
  private(set) var spelled: [(name: String, text: String)] = []

  /// A reader of these arguments, in the order of the options.
  init(_ arguments: Arguments) { self.arguments = arguments }

  /// An option: 0 and 1 for false and true.
  mutating func number(
    _ index: Int, _ name: String, default other: String
  ) throws(Fault) -> Double {
    if name == "lr", case .function(let function) = arguments.value(index).value {
      rateFunction = function
      spelled.append((name, function.name))
      return Double(other) ?? 0
    }
    if other == "false" {
      let truth = try arguments.boolean(index, default: false)
      if arguments.optional(index) != nil { spelled.append((name, "\(truth)")) }
      return truth ? 1 : 0
    }
    let number = try arguments.number(index, default: Double(other) ?? 0)
    let isShare = name.hasPrefix("beta") || name == "alpha"
    guard !isShare || number < 1 else {
      throw Fault(
        .value(
          .notBelow1(number, parameter: name, of: arguments.builtin.name),
          at: arguments.value(index).range))
    }
    try check(number, index, name)
    if arguments.optional(index) != nil { spelled.append((name, NumberFormat.number(number))) }
    return number
  }

  /// A bound of gradients; `nil` where none is given.
  mutating func bound(_ index: Int, _ name: String) throws(Fault) -> Double? {
    guard arguments.optional(index) != nil else { return nil }
    let number = try arguments.number(index)
    try check(number, index, name)
    spelled.append((name, NumberFormat.number(number)))
    return number
  }

  private func check(_ number: Double, _ index: Int, _ name: String) throws(Fault) {
    guard number.isFinite, number >= 0 else {
      throw Fault(
        .value(
          .below0(number, parameter: name, of: arguments.builtin.name),
          at: arguments.value(index).range))
    }
  }
}
