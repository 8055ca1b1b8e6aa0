package import Graphs
package import Tensors

/// Operations on tensors outside a traced block: computed at once.
package enum Eager {
  /// Computes one operation. Its results, in the order of `Operation.resultNames`, are counted as
  /// `values`.
  ///
  /// Throws where the operands do not fit the operation, bytes cannot be had, the kernel meets a
  /// value that it cannot compute with, or the context's interruption asks to
  /// stop. `update` is not for here: it makes no value.
  package static func apply(
    _ operation: Operation, to tensors: [Tensor], ledger: Ledger, context: RunContext
  ) throws(ExecutionError) -> [Tensor] {
    let types: [TensorType]
    do {
      types = try operation.resultTypes(ofTypes: tensors.map { TensorType($0.shape, $0.dtype) })
    } catch { throw .shape(error) }
    var results: [Tensor] = []
    let scratch: Storage?
    do throws(MemoryError) {
      for type in types {
        results.append(
          try Tensor(
            uninitialized: type.shape, dtype: type.dtype, account: .values, ledger: ledger))
      }
      let bytes = operation.scratchBytes(
        operands: tensors.map { TensorType($0.shape, $0.dtype) }, results: types)
      scratch =
        bytes > 0
        ? try Storage(byteCount: bytes, account: .workspace, ledger: ledger) : nil
    } catch { throw .memory(error) }
    context.fault = nil
    context.mayStop = true
    withExtendedLifetime(scratch) {
      KernelTable.instruction(
        for: operation, operands: tensors.map(\.view), results: results.map(\.view),
        scratch: scratch?.pointer, context: context)()
    }
    if context.isStopped { throw .interrupted }
    if let fault = context.fault { throw .kernel(fault) }
    return results
  }

  /// Updates a parameter and an optimizer's moments in place. Nothing is allocated in the ledger,
  /// and nothing can fail.
  package static func update(
    _ rule: UpdateRule, parameter: Tensor, gradient: Tensor, moments: [Tensor], context: RunContext
  ) {
    KernelTable.instruction(
      for: .update(rule), operands: [parameter.view, gradient.view] + moments.map(\.view),
      results: [], scratch: nil, context: context)()
  }
}
