import Graphs
import Syntax
import Writing

extension Interpreter {
  /// Optimizers: how parameters are updated from their gradients. `lr` is a number, or a function
  /// of the number of updates made.
  static let optimizerBuiltins: [Builtin] = [
    optimizer("sgd", [("lr", "0.01")], "Gradient descent: p ← p − lr · g.", "sgd(lr: 0.1)") {
      .sgd(rate: $0[0])
    },
    optimizer(
      "momentum", [("lr", "0.01"), ("momentum", "0.9")],
      "Gradient descent with momentum: v ← μ · v + g; p ← p − lr · v.", "momentum(lr: 0.1)"
    ) { .momentum(rate: $0[0], momentum: $0[1]) },
    optimizer(
      "adam", [("lr", "0.001"), ("beta1", "0.9"), ("beta2", "0.999"), ("epsilon", "1e-8")],
      "Adam (Kingma & Ba 2015), with bias correction.", "adam(lr: 0.01)"
    ) { .adam(rate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3]) },
    optimizer(
      "adamw",
      [
        ("lr", "0.001"), ("beta1", "0.9"), ("beta2", "0.999"), ("epsilon", "1e-8"),
        ("decay", "0.01"),
      ],
      "Adam with decoupled weight decay (Loshchilov & Hutter 2019).", "adamw(lr: 0.01)"
    ) { .adamW(rate: $0[0], beta1: $0[1], beta2: $0[2], epsilon: $0[3], decay: $0[4]) },
  ]

  private static func optimizer(
    _ name: String, _ options: [(name: String, value: String)], _ summary: String,
    _ example: String, _ rule: @escaping @Sendable ([Double]) -> UpdateRule
  ) -> Builtin {
    Builtin(
      name, options.map { Builtin.BuiltinParameter($0.name, default: $0.value) },
      summary: summary, example: example
    ) { (arguments, machine) throws(Fault) in
      var numbers: [Double] = []
      var spelled: [(name: String, text: String)] = []
      var rateFunction: Function?
      for (index, option) in options.enumerated() {
        if option.name == "lr", case .function(let function) = arguments.value(index).value {
          rateFunction = function
          numbers.append(Double(option.value) ?? 0)
          spelled.append((option.name, function.name))
          continue
        }
        let number = try arguments.number(index, default: Double(option.value) ?? 0)
        guard !option.name.hasPrefix("beta") || number < 1 else {
          throw Fault(
            .value(
              .notBelow1(number, parameter: option.name, of: name),
              at: arguments.value(index).range))
        }
        guard number.isFinite, number >= 0 else {
          throw Fault(
            .value(
              .below0(number, parameter: option.name, of: name),
              at: arguments.value(index).range))
        }
        numbers.append(number)
        if arguments.optional(index) != nil {
          spelled.append((option.name, NumberFormat.number(number)))
        }
      }
      return .optimizer(
        Optimizer(
          name, .init(rule: rule(numbers), rateFunction: rateFunction, options: spelled)))
    }
  }
}
