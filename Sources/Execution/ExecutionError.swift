package import Graphs
package import Tensors

/// Why an operation or a schedule could not be run: facts for a message.
package enum ExecutionError: Error, Hashable, Sendable {
  /// An operation does not take operands of these shapes or types.
  case shape(ShapeError)
  /// Bytes could not be had.
  case memory(MemoryError)
  /// A kernel met a value that it cannot compute with, such as a label out of range.
  case kernel(KernelFault)
  /// A tensor bound to an input of a graph has another shape or type than the graph was traced
  /// with.
  case input(index: Int, name: String, expected: Shape, DType, found: Shape, DType)
  /// As many tensors as the graph has inputs are needed.
  case inputCount(expected: Int, found: Int)
  /// The slower tier failed: what was tried, and the system's error number.
  case tier(operation: String, errorNumber: Int32)
  /// The slower tier failed in the midst of a training step: some parameters are updated, others
  /// are not.
  case halfway(operation: String, errorNumber: Int32)
  /// The run was asked to stop; its results are discarded.
  case interrupted
}
