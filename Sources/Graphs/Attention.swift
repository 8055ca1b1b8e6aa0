/// What an `attention` operation is asked for beside its operands.
package struct Attention: Hashable, Sendable {
  /// No query sees a key that stands later than itself: query i sees keys 0 to i.
  package let isCausal: Bool
  /// What a query's product with a key is multiplied by.
  package let scale: Double
  /// True where a last operand says which keys a query sees (bool), or what is added to the scaled
  /// products.
  package let isMasked: Bool

  package init(isCausal: Bool, scale: Double, isMasked: Bool) {
    self.isCausal = isCausal
    self.scale = scale
    self.isMasked = isMasked
  }
}

/// The operands of attention that have an adjoint, in their order.
package enum AttentionPart: String, Hashable, Sendable, CaseIterable {
  case q, k, v
}
