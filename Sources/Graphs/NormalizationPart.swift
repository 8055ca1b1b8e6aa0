/// What a normalisation is made of that has a gradient: its operands, in their order.
package enum NormalizationPart: String, Hashable, Sendable, CaseIterable {
  case x, gain, offset
}
