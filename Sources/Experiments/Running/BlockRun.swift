package import Execution
package import Tensors

/// What running a block once gave.
package struct BlockRun {
  /// The loss, the new states, and the timeline as the ledger measured it.
  package let record: RunRecord
  /// The gradient of each of the block's targets.
  package let gradients: [Tensor]
  /// The schedule that ran.
  package let plan: Plan

  /// The highest bytes that the ledger saw, what lives outside the schedule included.
  package var measuredPeak: Int { plan.base.total + record.measuredPeak }
}
