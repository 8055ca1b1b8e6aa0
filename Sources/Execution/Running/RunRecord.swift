package import Schedules
package import Tensors

/// What a run gave, and what it took: the results, and the timeline as the ledger measured it.
package struct RunRecord {
  /// A tensor with one element, in storage of its own, counted as `values`.
  package var loss: Tensor
  /// One for each of `JointGraph.gradients`, counted as `gradients`; `nil` where the loss does not
  /// depend on the input, and where an update has consumed the gradient. Two may share a storage.
  package var gradients: [Tensor?]
  /// One for each of `Graph.outputs`, each in storage of its own, counted as `values`.
  package var outputs: [Tensor]
  /// One for each of `Graph.stateUpdates`: the new values, each in storage of its own, counted as
  /// `state`.
  package var states: [Tensor]
  /// Bytes around each action, above what was live before the run.
  package var measured: [Rehearsal.Moment]
  /// Steps, and what went to the slower tier.
  package var counts: RunCounts

  /// The highest total while the schedule ran, above what was live before.
  package var measuredPeak: Int { measured.lazy.map(\.during.total).max() ?? 0 }

  /// The first action at which the ledger and the rehearsal differ in any class; `nil` where they
  /// agree.
  package func firstDifference(from rehearsal: Rehearsal) -> Int? {
    measured.firstDifference(from: rehearsal.timeline)
  }
}

extension [Rehearsal.Moment] {
  /// The first place where two timelines differ; the length of the shorter where it begins the
  /// longer.
  package func firstDifference(
    from other: some RandomAccessCollection<Rehearsal.Moment>
  ) -> Int? {
    if let place = zip(self, other).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      return place
    }
    return count == other.count ? nil : Swift.min(count, other.count)
  }
}
