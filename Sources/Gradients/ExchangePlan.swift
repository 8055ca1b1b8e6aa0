package import Graphs

/// What a training step does beside other workers, each of which has a replica of all that is
/// trained and a share of the batch.
package struct ExchangePlan: Hashable, Sendable {
  /// What is exchanged, and when.
  package enum Duty: Hashable, Sendable {
    /// Gradients are added up before they update parameters.
    case gradients
    /// Gradients are added up at the worker that owns the parameter: it alone has moments of it and
    /// updates it, and sends it to the others (ZeRO 1, Rajbhandari et al. 2020). `rank` is who runs
    /// the step.
    case owned(rank: Int)
    /// Gradients go to a server, which updates the parameters.
    case push
    /// Each worker updates parameters from its own gradients; then they are averaged.
    case parameters
  }

  /// What is exchanged, and when.
  package let duty: Duty
  /// Along which ways.
  package let way: Exchange.Way
  /// How many workers take part, 2 or more, but for `push`.
  package let workers: Int
  /// Gradients that come one after the other travel together, up to so many bytes; `nil` where each
  /// travels alone.
  package let bucket: Int?

  /// A plan that nothing checks.
  package init(_ duty: Duty, _ way: Exchange.Way, workers: Int, bucket: Int? = nil) {
    self.duty = duty
    self.way = way
    self.workers = workers
    self.bucket = bucket
  }

  /// True where what is exchanged are gradients, before any update of what they belong to.
  var takesGradients: Bool { duty != .parameters }

  /// Who runs the step, where parameters are owned.
  var rank: Int? { if case .owned(let rank) = duty { rank } else { nil } }

  /// The exchange of gradients that belong to one owner, where parameters are owned; all workers
  /// need the sums where they are updated together. Where `areSums` they are of a group of
  /// micro-batches.
  func exchange(
    ofGradients count: Int, owner: Int, isTogether: Bool, areSums: Bool
  ) -> Exchange {
    let kind: Exchange.Kind =
      switch duty {
      case .gradients: .allReduce
      case .owned where isTogether: .allReduce
      case .owned(let rank): .reduce(owner: owner, isOwner: owner == rank)
      case .push: .push
      case .parameters: .average
      }
    return Exchange(kind, way, workers: workers, values: count, takesSums: areSums)
  }

  /// Who owns parameters that an optimizer keeps so many bytes of: the largest goes first, each to
  /// the worker that has the least so far, as PyTorch's ZeroRedundancyOptimizer does.
  package static func owners(ofBytes bytes: [Int], workers: Int) -> [Int] {
    var owners = [Int](repeating: 0, count: bytes.count)
    var held = [Int](repeating: 0, count: workers)
    for number in bytes.indices.sorted(by: { (bytes[$0], $1) > (bytes[$1], $0) }) {
      let owner = held.indices.min { (held[$0], $0) < (held[$1], $1) } ?? 0
      owners[number] = owner
      held[owner] += bytes[number]
    }
    return owners
  }
}
