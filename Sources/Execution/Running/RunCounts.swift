/// What a pass did, counted as it did it.
package struct RunCounts: Hashable, Sendable {
  /// Steps as run: forward the first time, forward again, backward (updates included).
  package private(set) var forwardSteps = 0
  package private(set) var replayedSteps = 0
  package private(set) var backwardSteps = 0
  /// Bytes on the slower tier, most at once, and bytes moved there and back.
  package private(set) var tierPeak = 0
  package private(set) var tierTraffic = 0
  private var tierBytes = 0

  mutating func count(_ turn: Move.Turn) {
    switch turn {
    case .forward: forwardSteps += 1
    case .replayed: replayedSteps += 1
    case .backward: backwardSteps += 1
    }
  }

  mutating func countStore(_ bytes: Int) {
    tierBytes += bytes
    tierPeak = max(tierPeak, tierBytes)
    tierTraffic += bytes
  }

  mutating func countLoad(_ bytes: Int, isLast: Bool) {
    tierTraffic += bytes
    if isLast { tierBytes -= bytes }
  }
}
