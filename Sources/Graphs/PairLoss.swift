/// A loss of pairs of elements a, b, of which the average is taken.
package enum PairLoss: Hashable, Sendable {
  /// −b · log σ(a) − (1 − b) · log(1 − σ(a)), of a logit and a probability.
  case binaryCrossEntropy
  /// |a − b|
  case absolute
  /// d² / 2 for d = a − b up to a size of delta, and delta · (|d| − delta / 2) beyond (Huber 1964).
  case huber(delta: Double)

  /// As the language calls it.
  package var name: String {
    switch self {
    case .binaryCrossEntropy: "binary_cross_entropy"
    case .absolute: "mae"
    case .huber: "huber"
    }
  }

  /// The number in it, or 0.
  package var delta: Double { if case .huber(let delta) = self { delta } else { 0 } }
}
