/// The rules of the verbs of a chain, each as the fact of its breaking.
package enum ChainRule: Hashable, Sendable {
  /// The boundary is not in hand: the cursor is elsewhere; at `length`, it is at the chain's end.
  case notInHand(boundary: Int, cursor: Int, length: Int)
  /// The chain has boundaries 0 to `last`.
  case noSuchBoundary(last: Int)
  /// The chain has stages 0 to `last`.
  case noSuchStage(last: Int)
  /// A boundary is stored once.
  case alreadyStored(Int)
  /// Only a stored boundary is dropped.
  case dropNotStored(Int)
  /// Only a stored boundary is restored.
  case restoreNotStored(Int)
  /// `advance` runs forward.
  case backwards(from: Int, to: Int)
  /// The chain ends at this boundary.
  case pastEnd(Int)
  /// A stage is recorded once at a time.
  case alreadyRecorded(Int)
  /// A stage that is reversed is not recorded again.
  case alreadyReversed(Int)
  /// A stage is recorded before it is reversed.
  case notRecorded(Int)
  /// Stages are reversed from the last to the first.
  case outOfOrder(next: Int)
  /// A boundary is offloaded once.
  case alreadyOnTier(Int)
  /// Only what was offloaded is fetched.
  case notOnTier(Int)
  /// A strategy ends with stage 0 reversed.
  case unfinished(next: Int)
}

/// What a chain's strategy holds at one moment; the lists are ascending.
package struct ChainHoldings: Hashable, Sendable {
  /// Boundaries stored in slots.
  package var boundaries: [Int]
  /// Stages recorded and not reversed yet.
  package var recordings: [Int]
  /// Boundaries that were offloaded.
  package var onTier: [Int]
  /// The boundary in hand; the number of stages at the chain's end.
  package var cursor: Int
}
