import Execution
import Experiments
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Applies an operation, and gives its value, the first where it has several: at once to numbers,
  /// or by adding it to the block that is being traced. What a block can read where it lies is no
  /// node of it, unless `asNode`.
  func emit(
    _ operation: Operation, _ operands: [TensorValue], asNode: Bool = false, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    try emitAll(operation, operands, asNode: asNode, at: range)[0]
  }

  /// The same, with all values of the operation.
  func emitAll(
    _ operation: Operation, _ operands: [TensorValue], asNode: Bool = false, at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    guard mixed != nil else { return try apply(operation, operands, asNode: asNode, at: range) }
    var read: [TensorValue] = []
    for operand in operands {
      read.append(isReadShort(operand) ? try shortCopy(of: operand, at: range) : operand)
    }
    return try apply(operation, read, asNode: asNode, at: range)
  }

  /// The same on operands as they are.
  func apply(
    _ operation: Operation, _ operands: [TensorValue], asNode: Bool = false, at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    if let trace {
      var traced: [Operand] = []
      for operand in operands { traced.append(try trace.operand(for: operand, at: range)) }
      trace.builder.place = place(range)
      if !asNode, let view = trace.builder.view(operation, traced) {
        return [TensorValue(view, in: trace, origin: range)]
      }
      do {
        // Draws are told apart by their sites, so that a replay finds its own again.
        let results = try trace.builder.emitAll(
          operation.drawing(at: trace.nextSite) ?? operation, traced)
        return results.map { TensorValue($0, in: trace, origin: range) }
      } catch {
        throw Fault(.shape(error, of: operands, at: range))
      }
    }
    if isSketching { return try sketched(operation, operands, at: range) }
    var tensors: [Tensor] = []
    for operand in operands {
      guard let tensor = operand.tensor else { throw missingNumbers(of: operand, at: range) }
      tensors.append(tensor)
    }
    try spend(on: operation, tensors, at: range)
    // Every draw at top level takes a step of its own.
    if operation.drawing(at: { 0 }) != nil { context.step &+= 1 }
    do {
      let results = try Eager.apply(operation, to: tensors, ledger: ledger, context: context)
      return results.map { TensorValue($0, origin: range) }
    } catch {
      throw fault(from: error, operands: operands, at: range)
    }
  }

  /// Counts the FLOPs of an operation that is about to be computed, where they are limited.
  private func spend(
    on operation: Operation, _ tensors: [Tensor], at range: SourceRange
  ) throws(Fault) {
    guard bench.workLimit != nil else { return }
    let types = tensors.map { TensorType($0.shape, $0.dtype) }
    // One that does not fit its operands costs nothing, and is refused where it is computed.
    guard let results = try? operation.resultTypes(ofTypes: types) else { return }
    let operands = types.enumerated().map {
      Operand(.input($0), shape: $1.shape, dtype: $1.dtype)
    }
    let cost = operation.cost(operands: operands, results: results)
    do throws(ExperimentError) { try bench.begin(work: cost) } catch {
      throw fault(from: error, at: range)
    }
  }

  /// In a block, a value that a node makes: one of its own where it is only read somewhere.
  func whole(_ value: TensorValue, at range: SourceRange) -> TensorValue {
    guard case .traced(let operand, let trace) = value.backing, operand.view != nil else {
      return value
    }
    trace.builder.place = place(range)
    return TensorValue(trace.builder.whole(operand), in: trace, origin: value.origin)
  }

  /// What an operation gives in a sketch: shapes and types.
  private func sketched(
    _ operation: Operation, _ operands: [TensorValue], at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    // What a block computes has no way through a sketch: the gradient would miss it.
    guard blockAroundSketch == nil || operands.allSatisfy(\.isSketch) else {
      throw Fault(.insideSketch(at: range))
    }
    do {
      let types = try operation.resultTypes(
        ofTypes: operands.map { TensorType($0.shape, $0.dtype) })
      return types.map { TensorValue(sketch: $0, origin: range) }
    } catch {
      throw Fault(.shape(error, of: operands, at: range))
    }
  }

  /// Why a tensor has no numbers here.
  func missingNumbers(of value: TensorValue, at range: SourceRange) -> Fault {
    switch value.backing {
    case .sketched: Fault(.sketched(at: range))
    case .traced(_, let trace) where trace === self.trace: Fault(.tracedNumber(at: range))
    case .concrete where value.isAwaited && trace != nil: Fault(.tracedNumber(at: range))
    case .traced, .concrete, .spilled: Fault(.staleTensor(at: range))
    }
  }

  /// The same elements in another shape of as many: costs nothing.
  func reshaped(_ value: TensorValue, to shape: Shape, at range: SourceRange) -> TensorValue {
    switch value.backing {
    case .concrete, .spilled, .sketched:
      if let trace, let operand = try? trace.operand(for: value, at: range) {
        return TensorValue(operand.reshaped(shape), in: trace, origin: range)
      }
      if value.isSketch || isSketching {
        return TensorValue(
          sketch: TensorType(shape, value.dtype), role: value.role, origin: range)
      }
      guard let tensor = value.tensor else { return value }
      return TensorValue(tensor.reshaped(shape) ?? tensor, origin: range)
    case .traced(let operand, let trace):
      return TensorValue(operand.reshaped(shape), in: trace, origin: range)
    }
  }

  /// Most numbers that a node of a graph is written down with: a graph is not in the account, and
  /// keeps two words of each.
  static let longestLiteral = 1_000_000

  /// A tensor from numbers: in a traced block a node of its graph. Data do not belong in a block.
  func makeTensor(
    _ values: [Double], shape: Shape, dtype: DType, account: AccountClass = .values,
    at range: SourceRange
  ) throws(Fault) -> TensorValue {
    if trace != nil {
      guard account != .data else { throw Fault(.dataInBlock(at: range)) }
      guard values.count <= Interpreter.longestLiteral else {
        throw Fault(.longLiteral(values.count, limit: Interpreter.longestLiteral, at: range))
      }
      return try emit(.literal(values, dtype, shape), [], at: range)
    }
    if isSketching {
      return TensorValue(
        sketch: TensorType(shape, dtype), role: account == .data ? .data : .constant,
        origin: range)
    }
    do {
      return TensorValue(
        try Tensor(values: values, shape: shape, dtype: dtype, account: account, ledger: ledger),
        role: account == .data ? .data : .constant, origin: range)
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  /// A number as a tensor without axes.
  func scalarTensor(_ number: Double, at range: SourceRange) throws(Fault) -> TensorValue {
    try check([number], fit: .f32, at: range)
    return try filled(number, .scalar, .f32, at: range)
  }

  /// A tensor whose numbers may be read here: in a block that is being traced, neither its values
  /// nor what the block varies.
  func readable(_ value: TensorValue, at range: SourceRange) throws(Fault) -> Tensor {
    guard let tensor = value.tensor else { throw missingNumbers(of: value, at: range) }
    guard trace?.isVariable(value) != true else { throw Fault(.tracedNumber(at: range)) }
    return tensor
  }

  /// The numbers of a tensor by their places where they are known: those that it has, or is written
  /// down with in the block that is being traced.
  func knownNumbers(of value: TensorValue) -> ((Int) -> Double)? {
    switch value.backing {
    case .concrete, .spilled, .sketched: value.tensor?.number(at:)
    case .traced(let operand, let trace):
      trace.builder.literal(operand).map { list in { list[$0] } }
    }
  }

  /// The number in a tensor of one element.
  func number(in value: TensorValue, at range: SourceRange) throws(Fault) -> Double {
    guard value.shape.count == 1 else {
      throw Fault(
        .expected(.tensorOfOneElement, found: .tensor(value), as: .plainNumber, at: range))
    }
    return try readable(value, at: range).number(at: 0)
  }

  /// Gives a layer's state its new value, once the block that is being traced has run. A call that
  /// evaluates leaves states as they are.
  func writeState(_ value: Value, to cell: Cell, at range: SourceRange) throws(Fault) {
    guard case .tensor(let old) = cell.value, case .tensor(let given) = value else {
      throw Fault(.expected(.tensor, found: value, as: .member(.state, cell.name), at: range))
    }
    var new = given
    if mixed != nil, new.dtype.isFloating, old.dtype.isFloating {
      var emission = Emission(self, at: range)
      new = try emission.cast(new, to: old.dtype)
    }
    guard new.shape == old.shape, new.dtype == old.dtype else {
      throw Fault(.stateChanged(cell.name, from: old, to: new, at: range))
    }
    guard isTraining, let trace else { return }
    let input = try trace.operand(for: old, at: range)
    let operand = try trace.operand(for: new, at: range)
    if let number = input.input, old.isConcrete || old.isSketch {
      trace.assign(cell, before: cell.value, input: number)
    }
    write(.tensor(TensorValue(operand, in: trace, origin: range)), to: cell)
  }

  /// A source range as graphs know it. What a standard layer computes stands where the learner
  /// called it.
  func place(_ range: SourceRange) -> Place {
    let range = range.source === prelude ? callSite ?? range : range
    let start = range.start
    let end = range.end
    return Place(
      file: range.source.name, line: start.line, column: start.column, endLine: end.line,
      endColumn: end.column, within: trace?.call)
  }
}
