package import Graphs
package import Tensors

/// Operations on tensors outside a traced block: computed at once.
package enum Eager {
  /// Computes one operation. The result is counted as `values`.
  ///
  /// Throws where the operands do not fit the operation, bytes cannot be had, or the kernel meets a
  /// value that it cannot compute with. `update` is not for here: it makes no value.
  package static func apply(
    _ operation: Operation, to tensors: [Tensor], ledger: Ledger, context: RunContext
  ) throws(ExecutionError) -> Tensor {
    let type: (shape: Shape, dtype: DType)
    do {
      type = try operation.resultType(ofTypes: tensors.map { ($0.shape, $0.dtype) })
    } catch { throw .shape(error) }
    let result: Tensor
    let scratch: Storage?
    do throws(MemoryError) {
      result = try Tensor(
        uninitialized: type.shape, dtype: type.dtype, account: .values, ledger: ledger)
      let bytes = operation.scratchBytes(
        operands: tensors.map { ($0.shape, $0.dtype) }, result: type.shape)
      scratch =
        bytes > 0
        ? try Storage(byteCount: bytes, account: .workspace, ledger: ledger) : nil
    } catch { throw .memory(error) }
    context.fault = nil
    withExtendedLifetime(scratch) {
      KernelTable.instruction(
        for: operation, operands: tensors.map(\.view), result: result.view,
        scratch: scratch?.pointer, context: context)()
    }
    if let fault = context.fault { throw .kernel(fault) }
    return result
  }

  /// Updates a parameter and an optimizer's moments in place. Nothing is allocated in the ledger,
  /// and nothing can fail.
  package static func update(
    _ rule: UpdateRule, parameter: Tensor, gradient: Tensor, moments: [Tensor], context: RunContext
  ) {
    KernelTable.instruction(
      for: .update(rule), operands: [parameter.view, gradient.view] + moments.map(\.view),
      result: parameter.view, scratch: nil, context: context)()
  }
}
