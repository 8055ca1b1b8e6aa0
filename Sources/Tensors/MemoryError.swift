/// Why bytes could not be had.
package enum MemoryError: Error, Hashable, Sendable {
  /// `needed` more bytes beside `live` would cross `budget`.
  case overBudget(needed: Int, live: Account, budget: Int)
  /// The operating system had no `needed` bytes.
  case exhausted(needed: Int)
  /// A test asked this allocation to fail.
  case injected(needed: Int)
}
