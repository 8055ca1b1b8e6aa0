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

  /// One parameter with what an update of it reads and writes.
  package struct ParameterUpdate {
    let parameter: Tensor, gradient: Tensor
    let moments: [Tensor]

    /// `gradient` is alike; `moments` are the rule's.
    package init(parameter: Tensor, gradient: Tensor, moments: [Tensor]) {
      self.parameter = parameter
      self.gradient = gradient
      self.moments = moments
    }
  }

  /// Updates parameters and an optimizer's moments in place: all, or where scratch cannot be had
  /// (`.memory`), none.
  package static func update(
    _ updates: [ParameterUpdate], _ rule: UpdateRule, _ clipping: Clipping, ledger: Ledger,
    context: RunContext
  ) throws(ExecutionError) {
    let operation = Operation.update(
      rule, limit: clipping.limit, isScaled: clipping.norm != nil)
    let norm = Operation.gradientScale(
      norm: clipping.norm ?? .infinity, limit: clipping.limit)
    let gradients = updates.map { TensorType($0.gradient.shape, $0.gradient.dtype) }
    let bytes = updates.reduce(norm.scratchBytes(operands: gradients, results: [])) {
      max($0, UpdateSums.scratchBytes(rule, of: $1.parameter.shape))
    }
    let scratch: Storage?
    let scale: Tensor?
    do {
      scratch =
        bytes > 0 ? try Storage(byteCount: bytes, account: .workspace, ledger: ledger) : nil
      scale =
        clipping.norm == nil
        ? nil : try Tensor(zeros: .scalar, dtype: .f64, account: .workspace, ledger: ledger)
    } catch { throw .memory(error) }
    func run(_ operation: Operation, _ operands: [BufferView], _ results: [BufferView]) {
      KernelTable.instruction(
        for: operation, operands: operands, results: results, scratch: scratch?.pointer,
        context: context)()
    }
    withExtendedLifetime((scratch, scale)) {
      if let scale { run(norm, updates.map(\.gradient.view), [scale.view]) }
      for update in updates {
        let tensors = [update.parameter, update.gradient] + update.moments
        run(operation, (tensors + [scale].compactMap(\.self)).map(\.view), [])
      }
    }
  }
}
