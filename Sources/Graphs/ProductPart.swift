/// An operand of a product x @ w that has an adjoint.
package enum ProductPart: String, Hashable, Sendable, CaseIterable {
  case x, w
}
