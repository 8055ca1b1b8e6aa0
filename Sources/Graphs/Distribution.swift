/// What `random` draws from.
package enum Distribution: Hashable, Sendable {
  /// Normal with mean 0 and variance 1.
  case normal
  /// Uniform over [low, high).
  case uniform(low: Double, high: Double)
}
