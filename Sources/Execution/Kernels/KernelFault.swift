import CKernels
package import Graphs
package import Tensors

/// What a kernel found wrong in the numbers it was given.
package struct KernelFault: Error, Hashable, Sendable {
  /// What is wrong.
  package enum Problem: Hashable, Sendable {
    /// An index outside its axis, or a label that is no class, of `take`, `takeAdjoint`, `oneHot`,
    /// `crossEntropy` or its adjoint. `position` is its place among the elements of the index (or
    /// label) operand, in row-major order; `allowed` the entries of the axis, or the classes.
    case index(Int, position: Int, allowed: Range<Int>)
    /// A whole number that an i32, or an i64, does not hold came out of such numbers.
    case overflow(DType)
    /// A whole number was to be divided by 0.
    case divisionByZero
    /// A number that is to become an i32, or an i64, and cannot.
    case notInteger(Double, DType)
  }

  /// The operation whose kernel found it, with its attributes.
  package let operation: Operation
  /// What is wrong, and with which number.
  package let problem: Problem

  /// A fault of this operation.
  package init(_ problem: Problem, in operation: Operation) {
    self.problem = problem
    self.operation = operation
  }
}

extension RunContext {
  /// Keeps what the arithmetic on i32 or i64 came to (a `ck_fault`), unless it is nothing or comes
  /// late.
  func report(_ code: Int32, on dtype: DType, in operation: @autoclosure () -> Operation) {
    switch ck_fault(UInt32(code)) {
    case CK_OVERFLOW: report(KernelFault(.overflow(dtype), in: operation()))
    case CK_DIVISION_BY_ZERO: report(KernelFault(.divisionByZero, in: operation()))
    default: break
    }
  }

  /// Keeps that the index at a position is not allowed, unless it comes late; the loops in C give
  /// the first such position, −1 for none.
  func report(
    _ position: Int, of indices: UnsafePointer<Int32>, allowed: Range<Int>,
    in operation: @autoclosure () -> Operation
  ) {
    guard position >= 0 else { return }
    report(
      KernelFault(
        .index(Int(indices[position]), position: position, allowed: allowed), in: operation()))
  }
}
