import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// `reversible(f, g)`.
  static let reversibleBuiltin = Builtin(
    "reversible", [.init("f"), .init("g")],
    summary: """
      A reversible residual block (Gomez et al. 2017): the last axis is cut into halves, y1 = x1 + \
      f(x2), y2 = x2 + g(y1), and both are joined again. The backward pass computes x2 = y2 - \
      g(y1) and x1 = y1 - f(x2), so that of a row of blocks only the last value is kept, whatever \
      the strategy. Floats round: what is computed back is near the input, not equal to it, so the \
      gradients agree with those of the same function written plainly to rounding and not bit for \
      bit, and f and g must be continuous (every strategy still gives the same bits).
      """,
    example: "reversible(dense(4, 4), chain(dense(4, 4), tanh))"
  ) { (arguments, machine) throws(Fault) in
    var fields: [Layer.Field] = []
    for (index, name) in ["f", "g"].enumerated() {
      let part = arguments.value(index)
      try machine.checkPart(part.value, name, at: part.range)
      fields.append(
        Layer.Field(kind: .plain, cell: Cell(name: name, value: part.value)))
    }
    return .layer(Layer(kind: .reversible, fields: fields))
  }

  /// Refuses what cannot be applied to a half.
  private func checkPart(_ value: Value, _ name: String, at range: SourceRange) throws(Fault) {
    let role = Diagnostic.Role.part(name, ofLayer: "reversible")
    switch value {
    case .layer: return
    case .function(let function):
      guard case .layerMaker = function.kind else { return }
    default: break
    }
    throw Fault(.expected(.layerOrFunction, found: value, as: role, at: range))
  }

  /// Applies a reversible block; in a traced block the graph learns that the input follows from the
  /// value.
  func applyReversible(
    _ layer: Layer, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    let input = try self.input(arguments, of: layer, at: range)
    guard case .tensor(let given) = input.value else {
      throw Fault(
        .expected(
          .tensor, found: input.value, as: .input(ofLayer: "reversible"), at: input.range))
    }
    let x = whole(given, at: range)
    guard let length = x.shape.axes.last, length % 2 == 0 else {
      throw Fault(.reversibleInput(x, at: range))
    }
    let half = Shape(x.shape.axes.dropLast() + [length / 2])
    let x1 = try emit(Interpreter.half(half, from: 0), [x], asNode: true, at: range)
    let x2 = try emit(
      Interpreter.half(half, from: length / 2), [x], asNode: true, at: range)
    let f = try part(0, of: layer, x2, at: range)
    let y1 = try emit(.binary(.add), [x1, f], at: range)
    let g = try part(1, of: layer, y1, at: range)
    let y2 = try emit(.binary(.add), [x2, g], at: range)
    let y = try emit(.concat(axis: x.shape.rank - 1), [y1, y2], at: range)
    if let trace {
      var nodes: [Int] = []
      for value in [x1, x2, y1, y2, y] {
        if let node = try trace.operand(for: value, at: range).node { nodes.append(node) }
      }
      if nodes.count == 5 {
        trace.builder.markReversal(
          Graph.Reversal(
            input: try trace.operand(for: x, at: range), x1: nodes[0], x2: nodes[1],
            f: try trace.operand(for: f, at: range), y1: nodes[2],
            g: try trace.operand(for: g, at: range), y2: nodes[3], output: nodes[4]))
      }
    }
    return .tensor(y)
  }

  /// What f or g gives for a half, which must be as the half is.
  private func part(
    _ index: Int, of layer: Layer, _ half: TensorValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    let field = layer.fields[index]
    let value = try call(
      field.cell.value, [PassedArgument(label: nil, value: .tensor(half), range: range)],
      at: range)
    guard case .tensor(let result) = value else {
      throw Fault(
        .expected(
          .tensor, found: value, as: .valueOfPart(field.name, ofLayer: "reversible"), at: range))
    }
    guard result.shape == half.shape, result.dtype == half.dtype else {
      throw Fault(.reversiblePart(field.name, given: half, gives: result, at: range))
    }
    return whole(result, at: range)
  }

  private static func half(_ shape: Shape, from start: Int) -> Graphs.Operation {
    .slice(
      shape.axes.enumerated().map {
        AxisSlice(start: $0.offset == shape.rank - 1 ? start : 0, count: $0.element)
      })
  }
}
