/// The verbs of a chain strategy. They act on a cursor, the boundary value in hand: boundary i is
/// the input of stage i.
package enum ChainAction: Hashable, Sendable {
  /// Stores the boundary at the cursor in a slot.
  case keep(Int)
  /// Forgets a stored boundary.
  case drop(Int)
  /// Puts a stored boundary in hand; it stays stored.
  case restore(Int)
  /// Runs stages i to j − 1 from the cursor at i and keeps nothing; the cursor is then at j. Where
  /// j is i, it runs none.
  case advance(Int, Int)
  /// Runs stage i from the cursor at i and keeps all that its backward needs; the cursor is then at
  /// i + 1.
  case record(Int)
  /// Runs stage i backward: i is recorded and i + 1 reversed, or i is the last. Forgets the
  /// recording.
  case reverse(Int)
  /// Writes the boundary at the cursor to the slower tier.
  case offload(Int)
  /// Puts a boundary of the slower tier in hand; it stays there until its last fetch.
  case fetch(Int)
}
