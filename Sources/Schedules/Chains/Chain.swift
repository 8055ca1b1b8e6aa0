/// A workload cut into stages at points where a single value crosses.
package struct Chain: Hashable, Sendable {
  package var stages: [Stage]

  package init(stages: [Stage]) { self.stages = stages }

  package var length: Int { stages.count }
}

/// One stage of a chain.
package struct Stage: Hashable, Sendable {
  /// The layer it came from.
  package var label: String
  /// The stage's forward steps, and its backward and update steps, each in the workload's order.
  package var forward: Range<Int>
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
  /// FLOPs forward and backward.
  package var forwardCost: Int
  package var backwardCost: Int

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
