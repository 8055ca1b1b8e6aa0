/// What a pass did, counted as it did it.
package struct RunCounts: Hashable, Sendable {
  /// Forward steps run the first time.
  package private(set) var forwardSteps = 0
  /// Forward steps run again.
  package private(set) var replayedSteps = 0
  /// Backward and update steps run.
  package private(set) var backwardSteps = 0
  /// Most bytes on the slower tier at once.
  package private(set) var tierPeak = 0
  /// Bytes moved to the slower tier and back.
  package private(set) var tierTraffic = 0
  private var tierBytes = 0

  /// Counts a computed step, which stands for so many operations.
  mutating func count(_ work: Move.Work, operations: Int) {
    switch work {
    case .forward: forwardSteps += operations
    case .replayed: replayedSteps += operations
    case .backward: backwardSteps += operations
    case .nothing, .store, .load: break
    }
  }

  /// Counts bytes that are written to the slower tier.
  mutating func countStore(_ bytes: Int) {
    tierBytes += bytes
    tierPeak = max(tierPeak, tierBytes)
    tierTraffic += bytes
  }

  /// Counts bytes that are read back; after the last load of a copy they are no longer there.
  mutating func countLoad(_ bytes: Int, isLast: Bool) {
    tierTraffic += bytes
    if isLast { tierBytes -= bytes }
  }
}
