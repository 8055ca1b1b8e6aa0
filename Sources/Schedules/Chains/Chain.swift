/// A workload cut into stages at points where a single value crosses.
package struct Chain: Hashable, Sendable {
  /// In forward order. Boundary i is the input of stage i; boundary 0 the chain's input.
  package var stages: [Stage]

  /// A chain of these stages, in forward order.
  package init(stages: [Stage]) { self.stages = stages }

  /// Number of stages, the n of the papers.
  package var length: Int { stages.count }
}

/// One stage of a chain.
package struct Stage: Hashable, Sendable {
  /// The layers or steps it was cut from: `dense + gelu`, `relu#12`.
  package var label: String
  /// Its forward steps, a stretch of the workload's.
  package var forward: Range<Int>
  /// Its backward and update steps, in the workload's order.
  package var backward: [Int]
  /// The value that is the stage's input, boundary i; `nil` where it stands outside the workload.
  package var boundary: Int?
  /// Bytes of the stage's input.
  package var boundaryBytes: Int
  /// Bytes held between recording the stage and reversing it, its input apart, its output included
  /// if needed.
  package var recordedBytes: Int
  /// Most scratch of its steps, forward and backward.
  package var scratch: Int
  /// FLOPs of its forward steps, run once.
  package var forwardCost: Int
  /// FLOPs of its backward and update steps.
  package var backwardCost: Int

  /// A stage; all sizes are in bytes and all costs in FLOPs.
  package init(
    label: String, forward: Range<Int>, backward: [Int], boundary: Int?, boundaryBytes: Int,
    recordedBytes: Int, scratch: Int, forwardCost: Int, backwardCost: Int
  ) {
    self.label = label
    self.forward = forward
    self.backward = backward
    self.boundary = boundary
    self.boundaryBytes = boundaryBytes
    self.recordedBytes = recordedBytes
    self.scratch = scratch
    self.forwardCost = forwardCost
    self.backwardCost = backwardCost
  }
}
