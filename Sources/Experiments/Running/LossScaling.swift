/// Dynamic loss scaling (Micikevicius et al. 2018): f16 holds nothing below 6e-8, so the loss, and
/// with it each gradient, is scaled up before the backward pass, and updates scale back. Where a
/// gradient is not finite the scale was too large: the update is skipped, and the scale halved.
package struct LossScaling: Hashable, Sendable {
  /// How many times too large gradients are.
  package private(set) var scale = 65536.0
  /// Updates that were skipped.
  package private(set) var skips = 0
  /// Updates since the scale changed.
  private var updates = 0

  /// Updates in a row after which the scale is doubled.
  static let patience = 2000

  /// 2¹⁶, and no update yet.
  package init() {}

  /// Counts a step; true where that changes the scale.
  mutating func count(skipped: Bool) -> Bool {
    updates += 1
    if skipped {
      (skips, updates) = (skips + 1, 0)
      scale = max(1, scale / 2)
      return true
    }
    guard updates >= LossScaling.patience else { return false }
    updates = 0
    scale *= 2
    return true
  }
}
