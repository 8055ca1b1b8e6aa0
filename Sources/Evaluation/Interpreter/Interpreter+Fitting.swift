import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// The standard layer that takes what this one was given: it differs in its first argument, which
  /// is the length of the input's last axis. `nil` where there is none.
  func fitting(
    _ layer: Layer, given arguments: [PassedArgument], at range: SourceRange
  ) -> String? {
    guard case .declared(_, let maker) = layer.kind,
      let first = layer.fields.first, ["inputs", "size", "channels"].contains(first.name),
      case .integer(let size) = first.cell.value,
      // Whole numbers are labels, and no layer of another width is meant for them.
      case .tensor(let x)? = arguments.first?.value, x.dtype.isFloating,
      let length = x.shape.axes.last, length != size, length > 0
    else { return nil }
    var values = layer.fields.prefix(layer.argumentCount).map(\.cell.value)
    values[0] = .integer(length)
    let again = Function(
      kind: .layerMaker(maker.code, captures: maker.captures), name: layer.name)
    // It is tried: what is shown works.
    let fitted = try? sketching { () throws(Fault) -> Value in
      let made = try call(
        .function(again), values.map { PassedArgument(label: nil, value: $0, range: range) },
        at: range)
      _ = try call(
        made,
        arguments.map {
          PassedArgument(label: $0.label, value: $0.value.sketched, range: $0.range)
        }, at: range)
      return made
    }
    guard case .layer(let fitted)? = fitted else { return nil }
    return "the last axis is \(length): `\(signature(of: fitted))` takes it"
  }
}

extension Value {
  /// A tensor's shape and type without its numbers; any other value as it is.
  fileprivate var sketched: Value {
    guard case .tensor(let tensor) = self else { return self }
    return .tensor(TensorValue(sketch: TensorType(tensor.shape, tensor.dtype), origin: nil))
  }
}
