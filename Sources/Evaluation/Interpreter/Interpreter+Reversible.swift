import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Applies a reversible block to x, cut into halves along its last axis: y₁ = x₁ + F(x₂), y₂ = x₂ + G(y₁).
  func applyReversible(
    _ layer: Layer, to value: Value, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard case .tensor(let given) = value else {
      throw Fault(.expected("a tensor", found: value, as: "the input of reversible", at: range))
    }
    let x = try floating(given, at: range)
    guard let width = x.shape.axes.last, width % 2 == 0 else {
      throw Fault(.oddHalves(x, at: range))
    }
    let x1 = try half(x, isSecond: false, at: range)
    let x2 = try half(x, isSecond: true, at: range)
    let f = try part(layer.fields[0], of: x2, at: range)
    let y1 = try emit(.binary(.add), [x1, f], at: range)
    let g = try part(layer.fields[1], of: y1, at: range)
    let y2 = try emit(.binary(.add), [x2, g], at: range)
    let output = try emit(.concat(axis: x.shape.rank - 1), [y1, y2], at: range)
    if let trace {
      func node(_ value: TensorValue) throws(Fault) -> Int {
        try trace.operand(for: value, at: range).node ?? 0
      }
      trace.builder.reverse(
        Reversal(
          input: try trace.operand(for: x, at: range), x1: try node(x1), x2: try node(x2),
          f: try trace.operand(for: f, at: range), y1: try node(y1),
          g: try trace.operand(for: g, at: range), y2: try node(y2), output: try node(output)))
    }
    return output
  }

  private func half(
    _ x: TensorValue, isSecond: Bool, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    var slices = x.shape.axes.map { AxisSlice(start: 0, count: $0) }
    let width = (x.shape.axes.last ?? 0) / 2
    slices[slices.count - 1] = AxisSlice(start: isSecond ? width : 0, count: width)
    return try emit(.slice(slices), [x], at: range)
  }

  /// F or G of a half, which must keep its shape and type.
  private func part(
    _ field: Layer.Field, of half: TensorValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    let passed = PassedArgument(label: nil, value: .tensor(half), range: range)
    let value = try call(field.cell.value, [passed], at: range)
    guard case .tensor(let result) = value, result.shape == half.shape, result.dtype == half.dtype
    else { throw Fault(.changedHalf(field.name, from: half, to: value, at: range)) }
    return result
  }

  /// The maker of reversible blocks.
  static let reversibleBuiltin = Builtin(
    "reversible", [.init("f"), .init("g")],
    summary:
      "A reversible block (RevNet, Gomez et al. 2017): the halves x1, x2 of its input become y1 = x1 + f(x2), y2 = x2 + g(y1). The backward pass rebuilds the input from the output, so that nothing inside is kept; rebuilt floats differ in their last bits, so its gradients are close to those of the same formula written out, and not the same bits.",
    example: "reversible(chain(dense(4, 4), tanh), chain(dense(4, 4), tanh))"
  ) { (arguments, machine) throws(Fault) in
    for argument in [arguments.value(0), arguments.value(1)] {
      try machine.checkElement(argument.value, at: argument.range)
    }
    return .layer(
      Layer(
        name: "reversible", kind: .reversible,
        fields: [
          Layer.Field(kind: .plain, name: "f", cell: Cell(name: "f", value: arguments.value(0).value)),
          Layer.Field(kind: .plain, name: "g", cell: Cell(name: "g", value: arguments.value(1).value)),
        ], argumentCount: 2))
  }
}
