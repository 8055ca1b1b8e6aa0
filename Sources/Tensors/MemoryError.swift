/// Why bytes could not be had.
package enum MemoryError: Error, Hashable, Sendable {
  /// `needed` more bytes beside `live` would cross `budget`.
  case overBudget(needed: Int, live: Account, budget: Int)
  /// `needed` more bytes would cross the ceiling that the session was given.
  case overCeiling(needed: Int, ceiling: Int)
  /// The operating system had no `needed` bytes.
  case exhausted(needed: Int)
  /// A test asked this allocation to fail.
  case injected(needed: Int)
}
