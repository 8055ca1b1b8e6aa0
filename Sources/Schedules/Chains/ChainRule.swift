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
  /// Only a stored boundary is dropped, or restored.
  case dropNotStored(Int)
  case restoreNotStored(Int)
  /// `advance` runs forward.
  case backwards(from: Int, to: Int)
  /// The chain ends at this boundary.
  case pastEnd(Int)
  /// A stage is recorded once at a time, and not once it is reversed.
  case alreadyRecorded(Int)
  case alreadyReversed(Int)
  /// A stage is recorded before it is reversed.
  case notRecorded(Int)
  /// Stages are reversed from the last to the first.
  case outOfOrder(next: Int)
  /// A boundary is offloaded once, and fetched only then.
  case alreadyOnTier(Int)
  case notOnTier(Int)
  /// A strategy ends with stage 0 reversed.
  case unfinished(next: Int)
}

/// What a chain's strategy holds at one moment, each ascending.
package struct ChainHoldings: Hashable, Sendable {
  package var boundaries: [Int]
  package var recordings: [Int]
  package var onTier: [Int]
  package var cursor: Int
}
