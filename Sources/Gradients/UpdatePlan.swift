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
    _ rule: UpdateRule, clipping: Clipping = Clipping(), isAtEnd: Bool = false, part: Part = .whole
  ) {
    self.rule = rule
    self.clipping = clipping
    self.isAtEnd = isAtEnd
    self.part = part
  }

  /// True where updates wait until all gradients are there: their norm is of all of them.
  package var isTogether: Bool { isAtEnd || clipping.norm != nil }
}
