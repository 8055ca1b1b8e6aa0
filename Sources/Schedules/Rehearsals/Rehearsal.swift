/// A schedule run on sets instead of tensors: what is legal, and the timeline.
package struct Rehearsal: Sendable {
  /// Bytes around one action: the most while it ran (scratch, inputs and value together), and after it.
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
  /// The class of the value that each action makes or moves; `nil` for `free` and updates.
  package var holdings: [Holding?]
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
}
