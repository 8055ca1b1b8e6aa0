package import Tensors

/// Why an operation cannot be applied: facts for a message.
package struct ShapeError: Error, Hashable, Sendable {
  package enum Problem: Hashable, Sendable {
    /// Two operands disagree along an axis (of the first, from 0).
    case mismatch(axis: Int?, left: Int, right: Int)
    /// An axis that the operand does not have.
    case noSuchAxis(Int)
    /// An element type that the operation does not take.
    case type(expected: String, found: DType)
    /// Elements that do not fit a shape.
    case count(expected: Int, found: Int)
    /// Anything else, said in words.
    case other(String)
  }
  package let problem: Problem
  /// The operation as a learner names it: `matmul`, `concat`.
  package let operation: String
  /// The operands' shapes.
  package let shapes: [Shape]

  package init(_ problem: Problem, operation: String, shapes: [Shape]) {
    self.problem = problem
    self.operation = operation
    self.shapes = shapes
  }
}
