package import Graphs

/// What a kernel found wrong in the numbers it was given: an index outside its axis.
package struct KernelFault: Error, Hashable, Sendable {
  /// `take`, `takeAdjoint`, `oneHot`, `crossEntropy` or its adjoint.
  package let operation: Operation
  /// Where the index stands: its place among the elements of the index (or label) operand, in
  /// row-major order.
  package let position: Int
  /// The index.
  package let value: Int
  /// What is allowed: the entries of the axis, or the classes.
  package let allowed: Range<Int>

  package init(operation: Operation, position: Int, value: Int, allowed: Range<Int>) {
    self.operation = operation
    self.position = position
    self.value = value
    self.allowed = allowed
  }
}
