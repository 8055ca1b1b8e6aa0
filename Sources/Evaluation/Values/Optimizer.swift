package import Graphs

/// An optimizer: a rule, and what it remembers of each parameter.
package final class Optimizer: Owned {
  /// What a learner sets of it.
  struct Setting {
    /// The arithmetic of one update, with its numbers: rate, decay, momentum.
    var rule: UpdateRule
    /// The bounds that it holds gradients in.
    var clipping = Clipping()
    /// Gives the rate for the number of updates made; `nil` where it is the rule's.
    var rateFunction: Function?
    /// The options as they were given: `("lr", "0.01")`.
    var options: [(name: String, text: String)]
  }

  /// The function that made it: `adam`.
  package let name: String
  /// Changed through `Interpreter.setRate`, which remembers what was there.
  var setting: Setting
  /// Moments of each parameter it has updated.
  var moments: [ObjectIdentifier: [TensorValue]] = [:]
  /// The parameters that `moments` names, so that they live as long.
  var parameters: [TensorValue] = []
  /// Updates made so far.
  package internal(set) var updateCount = 0
  /// The command whose undo record has its count already.
  var recordedBy = -1

  /// A fresh one, which has updated nothing and remembers nothing.
  init(_ name: String, _ setting: Setting) {
    self.name = name
    self.setting = setting
  }

  /// The rule as it is set now; its rate does not count where a function gives it.
  package var rule: UpdateRule { setting.rule }

  /// `adam(lr: 0.01)`
  package var spelling: String {
    "\(name)(\(setting.options.map { "\($0.name): \($0.text)" }.joined(separator: ", ")))"
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for parameter in parameters { parts(for: parameter).forEach(visit) }
    if let function = setting.rateFunction { visit(function) }
  }

  /// What it holds for a parameter: that, and its moments.
  func parts(for parameter: TensorValue) -> [TensorValue] {
    [parameter] + moments[ObjectIdentifier(parameter), default: []]
  }

  /// Drops what it remembers of a parameter.
  func forget(_ parameter: TensorValue) {
    moments[ObjectIdentifier(parameter)] = nil
    parameters.removeAll { $0 === parameter }
  }
}

extension Optimizer.Setting {
  /// The same with another rate, or with a function that gives it.
  func with(_ rate: Optimizer.Rate) -> Self {
    var copy = self
    let text: String
    switch rate {
    case .number(let number, let spelled):
      copy.rule = rule.with(rate: number)
      copy.rateFunction = nil
      text = spelled
    case .function(let function):
      copy.rateFunction = function
      text = function.name
    }
    if let place = options.firstIndex(where: { $0.name == "lr" }) {
      copy.options[place].text = text
    } else {
      copy.options.insert(("lr", text), at: 0)
    }
    return copy
  }
}

extension Optimizer {
  /// How far a step goes: a number, with its spelling, or what a function gives for the number of
  /// updates made.
  enum Rate {
    case number(Double, spelling: String)
    case function(Function)
  }
}
