package import Graphs

/// What a training step does with the gradients of its parameters.
package struct UpdatePlan: Hashable, Sendable {
  /// How each parameter is updated.
  package var rule: UpdateRule
  /// The bounds that gradients are held in.
  package var clipping: Clipping
  /// True where no parameter is updated before all gradients are complete.
  package var isAtEnd: Bool
  /// What the step is of a group of micro-batches.
  package var part: Part
  /// How many times too large the gradients are, so that f16 holds the small ones; `nil` where they
  /// are as they are.
  package var lossScale: Double?
  /// What workers that train together exchange; `nil` where there is one.
  package var exchange: ExchangePlan?

  /// What a step is of a group of micro-batches that make one update.
  package enum Part: Hashable, Sendable {
    /// All of it: gradients are used as they are.
    case whole
    /// One before the last: gradients are added to the group's sums, and nothing is updated.
    case early
    /// The last one: parameters are updated from the sums and its own gradients.
    case last
  }

  /// A plan for whole batches, without bounds, that updates each parameter as soon as its gradient
  /// is complete, unless something else is said.
  package init(
    _ rule: UpdateRule, clipping: Clipping = Clipping(), isAtEnd: Bool = false, part: Part = .whole,
    lossScale: Double? = nil, exchange: ExchangePlan? = nil
  ) {
    self.rule = rule
    self.clipping = clipping
    self.isAtEnd = isAtEnd
    self.part = part
    self.lossScale = lossScale
    self.exchange = exchange
  }

  /// True where updates wait until all gradients are there: their norm is of all of them, and so is
  /// whether all are finite.
  package var isTogether: Bool { isAtEnd || clipping.norm != nil || lossScale != nil }

  /// All numbers of it but the rate, in an order that its rule gives: 0 and −0 compare equal but
  /// compute differently.
  package var numbers: [Double] {
    rule.with(rate: 0).numbers + [clipping.norm ?? .infinity, clipping.limit, lossScale ?? 1]
  }

  /// The bound on each element of a gradient as it comes.
  var limit: Double { clipping.limit * (lossScale ?? 1) }
}
