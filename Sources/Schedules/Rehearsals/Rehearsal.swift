/// A schedule run on sets instead of tensors: what is legal, and the timeline.
package struct Rehearsal: Sendable {
  /// Bytes around one action.
  package struct Moment: Hashable, Sendable {
    /// The most while it ran: scratch, inputs and results together.
    package var during: Footprint
    /// What is live after it.
    package var after: Footprint

    /// A moment of these bytes.
    package init(during: Footprint, after: Footprint) {
      self.during = during
      self.after = after
    }
  }

  /// One moment an action.
  package var timeline: Timeline
  /// The classes of the values that each action makes or moves.
  package var holdings: ActionHoldings
  /// Where the total is highest: index into `timeline`, the first of equals.
  package var peakAction: Int
  /// Most bytes on the slower tier at once.
  package var tierPeak: Int
  /// Bytes moved to the slower tier and back, each transfer counted.
  package var tierTraffic: Int
  /// Forward steps computed the first time: operations of the graph, as in all counts of steps.
  package var forwardSteps: Int
  /// Forward steps computed again.
  package var replayedSteps: Int
  /// Backward and update steps computed.
  package var backwardSteps: Int
  /// FLOPs of the forward steps computed the first time.
  package var forwardCost: Int
  /// FLOPs of the forward steps computed again.
  package var replayedCost: Int
  /// FLOPs of the backward and update steps.
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
  private var ends: [UInt32] = []

  /// The classes of no action.
  package init() {}

  /// Number of actions.
  package var count: Int { ends.count }

  /// For `compute`, the class of each result of the step, in their order, `nil` for one that was in
  /// memory already and stays as it is; for `offload` and `fetch`, that of the value; for `free`,
  /// nothing.
  package subscript(action: Int) -> ArraySlice<Holding?> {
    list[(action == 0 ? 0 : Int(ends[action - 1]))..<Int(ends[action])]
  }

  /// Adds the classes of the next action.
  mutating func append(_ holdings: some Sequence<Holding?>) {
    list.append(contentsOf: holdings)
    ends.append(UInt32(list.count))
  }
}
