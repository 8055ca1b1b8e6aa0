/// The trap lab: classic bugs of checkpointing, brought back on purpose beside the right run.
package enum Trap: String, CaseIterable, Sendable {
  /// Random masks are drawn anew in the replay: the gradient is of another function than the loss.
  case masks
  /// Running statistics are updated by the replay too.
  case statistics
  /// The whole function is one checkpoint, which saves nothing.
  case whole
  /// Only the last stage is checkpointed, which saves nothing.
  case last
  /// A reentrant checkpoint runs its region without a graph, and only an input that needs a
  /// gradient brings the backward pass to it.
  case frozen
  /// A budget that counts the forward pass only.
  case budget
}
