import Graphs
import Syntax
import Tensors

/// What a place in a script applies to tensors: at once, or in the block that is being traced.
struct Emission: Emitter {
  private let machine: Interpreter
  private let range: SourceRange

  /// `range` is what messages and the graph's nodes point at.
  init(_ machine: Interpreter, at range: SourceRange) {
    self.machine = machine
    self.range = range
  }

  func emit(
    _ operation: Operation, _ operands: [TensorValue]
  ) throws(Fault) -> TensorValue {
    try machine.emit(operation, operands, at: range)
  }

  var mixed: DType? { machine.mixed }

  /// All values of an operation.
  func emitAll(
    _ operation: Operation, _ operands: [TensorValue]
  ) throws(Fault) -> [TensorValue] {
    try machine.emitAll(operation, operands, at: range)
  }

  func type(of value: TensorValue) -> TensorType {
    TensorType(value.shape, machine.isReadShort(value) ? mixed ?? .f32 : value.dtype)
  }

  func read(_ value: TensorValue, as shape: Shape) -> TensorValue {
    machine.reshaped(value, to: shape, at: range)
  }

  func reads(_ value: TensorValue, as shape: Shape) -> Bool {
    switch value.backing {
    case .concrete, .spilled, .sketched: true
    case .traced(let operand, let trace): trace.builder.reads(operand, as: shape)
    }
  }

  func refusal(_ error: ShapeError, of operands: [TensorValue]) -> Fault {
    Fault(.shape(error, of: operands, at: range))
  }
}
