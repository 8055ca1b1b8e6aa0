package import Graphs
package import Tensors

package enum Eager {
  package static func apply(
    _ operation: Operation, to tensors: [Tensor], ledger: Ledger, context: RunContext
  ) throws(ExecutionError) -> Tensor {
    let type: (shape: Shape, dtype: DType)
    do {
      let found = try operation.resultType(ofTypes: tensors.map { ($0.shape, $0.dtype) })
      type = (found.shape, found.dtype)
    } catch { throw .shape(error) }
    do {
      let result = try Tensor(
        uninitialized: type.shape, dtype: type.dtype, account: .values, ledger: ledger)
      context.fault = nil
      KernelTable.instruction(
        for: operation, operands: tensors.map(\.view), result: result.view, scratch: nil,
        context: context)()
      if let fault = context.fault { throw ExecutionError.kernel(fault) }
      return result
    } catch let error as MemoryError { throw .memory(error) } catch let error as ExecutionError {
      throw error
    } catch { throw .interrupted }
  }
}
