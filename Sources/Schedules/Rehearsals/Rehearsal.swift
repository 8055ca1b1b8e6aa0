/// A schedule run on sets instead of tensors: that it is legal, where its peak is, and what it
/// computes; and its timeline, for who asks.
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

  /// What was rehearsed.
  package let actions: ActionList
  let workload: Workload
  /// The classes of the values that each action makes or moves.
  package let holdings: ActionHoldings
  /// The action at which the total is highest, the first of equals, and the bytes then.
  package let (peakAction, peakFootprint): (Int, Footprint)
  /// Bytes of class kept, most at once: of what the schedule holds for the backward pass, counted
  /// after each action.
  package let kept: Int
  /// The first action that updates a parameter, or that other workers wait for; the number of
  /// actions where there is none.
  package let pointOfNoReturn: Int
  /// Bytes by which what comes from there on raises what is live there.
  package let lastRise: Int
  /// Most bytes on the slower tier at once.
  package let tierPeak: Int
  /// Bytes moved to the slower tier and back, each transfer counted.
  package let tierTraffic: Int
  /// Forward steps computed the first time: operations of the graph, as in all counts of steps.
  package let forwardSteps: Int
  /// Forward steps computed again.
  package let replayedSteps: Int
  /// Backward and update steps computed.
  package let backwardSteps: Int
  /// FLOPs of the forward steps computed the first time.
  package let forwardCost: Int
  /// FLOPs of the forward steps computed again.
  package let replayedCost: Int
  /// FLOPs of the backward and update steps.
  package let backwardCost: Int

  /// The highest total.
  package var peak: Int { peakFootprint.total }
}
