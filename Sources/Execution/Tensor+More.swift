import Foundation
package import Graphs
package import Tensors

extension Tensor {
  /// Zeros.
  package init(
    zeros shape: Shape, dtype: DType, account: AccountClass, ledger: Ledger
  ) throws(MemoryError) {
    try self.init(uninitialized: shape, dtype: dtype, account: account, ledger: ledger)
    memset(storage.pointer, 0, byteCount)
  }

  /// True where both have the same elements, bit for bit.
  package func hasSameBits(as other: Tensor) -> Bool {
    shape == other.shape && dtype == other.dtype
      && memcmp(storage.pointer, other.storage.pointer, byteCount) == 0
  }

  /// The first rows, as a tensor that shares the storage.
  package func prefix(rows: Int) -> Tensor {
    Tensor(shape: Shape([rows] + shape.axes.dropFirst()), dtype: dtype, storage: storage)
  }
}

extension Eager {
  /// Updates a parameter and an optimizer's moments in place. Nothing is allocated, and nothing can fail.
  package static func update(
    _ rule: UpdateRule, parameter: Tensor, gradient: Tensor, moments: [Tensor], context: RunContext
  ) {
    KernelTable.instruction(
      for: .update(rule), operands: [parameter.view, gradient.view] + moments.map(\.view),
      result: parameter.view, scratch: nil, context: context)()
  }
}
