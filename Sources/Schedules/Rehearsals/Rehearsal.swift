/// A schedule run on sets instead of tensors: what is legal, and the timeline.
package struct Rehearsal: Sendable {
  /// Bytes around one action: the most while it ran (scratch, inputs and results together), and
  /// after it.
  package struct Moment: Hashable, Sendable {
    package var during: Footprint
    package var after: Footprint

    package init(during: Footprint, after: Footprint) {
      self.during = during
      self.after = after
    }
  }

  /// One moment an action.
  package var timeline: [Moment]
  /// The classes of the values that each action makes or moves.
  package var holdings: ActionHoldings
  /// Where the total is highest: index into `timeline`, the first of equals.
  package var peakAction: Int
  /// Bytes of the slower tier, most at once, and bytes moved there and back.
  package var tierPeak: Int
  package var tierTraffic: Int
  /// Steps and FLOPs: forward the first time, forward again, backward (updates included).
  package var forwardSteps: Int
  package var replayedSteps: Int
  package var backwardSteps: Int
  package var forwardCost: Int
  package var replayedCost: Int
  package var backwardCost: Int

  /// The highest total.
  package var peak: Int { timeline.isEmpty ? 0 : timeline[peakAction].during.total }

  /// Bytes of class kept, most at once: of what the schedule holds for the backward pass, counted
  /// after each action.
  package var kept: Int { timeline.lazy.map(\.after.kept).max() ?? 0 }
}

/// The classes of the values that the actions of a schedule make or move, action by action.
package struct ActionHoldings: Hashable, Sendable {
  private var list: [Holding?] = []
  private var ends: [Int] = []

  package init() {}

  /// Number of actions.
  package var count: Int { ends.count }

  /// For `compute`, the class of each result of the step, in their order, `nil` for one that was in
  /// memory already and stays as it is; for `offload` and `fetch`, that of the value; for `free`,
  /// nothing.
  package subscript(action: Int) -> ArraySlice<Holding?> {
    list[(action == 0 ? 0 : ends[action - 1])..<ends[action]]
  }

  /// Adds the classes of the next action.
  mutating func append(_ holdings: some Sequence<Holding?>) {
    list.append(contentsOf: holdings)
    ends.append(list.count)
  }
}
