/// What an `attention` operation is asked for beside its operands.
package struct Attention: Hashable, Sendable {
  /// No query sees a key that stands later than itself: query i sees keys 0 to i.
  package let isCausal: Bool
  /// What a query's product with a key is multiplied by.
  package let scale: Double
  /// True where a last operand says which keys a query sees (bool), or what is added to the scaled
  /// products.
  package let isMasked: Bool
  /// True where the value lies [lead…, queries, heads, columns], the last of the leading axes, that
  /// of the heads, behind the queries: to join the heads is to read it in another shape then, and
  /// one copy of it is kept. Needs a leading axis.
  package let headsInside: Bool

  package init(isCausal: Bool, scale: Double, isMasked: Bool, headsInside: Bool = false) {
    self.isCausal = isCausal
    self.scale = scale
    self.isMasked = isMasked
    self.headsInside = headsInside
  }

  /// The axes of one number a query, [lead…, queries], as they stand in the value.
  package func queries<Axis>(inValue axes: [Axis]) -> [Axis] {
    guard headsInside, axes.count >= 2 else { return axes }
    var axes = axes
    axes.swapAt(axes.count - 1, axes.count - 2)
    return axes
  }
}

/// The operands of attention that have an adjoint, in their order.
package enum AttentionPart: String, Hashable, Sendable, CaseIterable {
  case q, k, v
}
