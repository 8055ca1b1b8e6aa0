import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// What layers of the prelude are made of where an operation of its own keeps less than its
  /// formula: normalisations, attention, recurrent cells.
  static let networkBuiltins: [Builtin] = [
    Builtin(
      "normalize_channels",
      [.init("x"), .init("gain"), .init("offset"), .init("epsilon", default: "1e-5")],
      summary: """
        (x − m) / √(v + epsilon) · gain + offset, with the mean m and the variance v of each \
        channel (the last axis) over all other axes, and these two: a list of three. The backward \
        pass needs x, and of each channel m and 1 / √(v + epsilon).
        """,
      example: "let y, m, v = normalize_channels(randn(8, 2), ones(2), zeros(2))\nm"
    ) { (arguments, machine) throws(Fault) in
      let results = try normalized(.batch, arguments, operands: 3, machine)
      return .list(List([results[0], results[1], results[3]].map { .tensor($0) }))
    },
    Builtin(
      "normalize_groups",
      [
        .init("x"), .init("groups"), .init("gain"), .init("offset"),
        .init("epsilon", default: "1e-5"),
      ],
      summary: """
        (x − m) / √(v + epsilon) · gain + offset for x [n, …, channels], with the mean m and the \
        variance v of each of the n and each group of channels. The backward pass needs x, and of \
        each group m and 1 / √(v + epsilon).
        """,
      example: "normalize_groups(randn(2, 9, 4), 2, ones(4), zeros(4))"
    ) { (arguments, machine) throws(Fault) in
      let groups = try arguments.integer(1)
      return .tensor(try normalized(.group(groups), arguments, operands: 3, machine)[0])
    },
    Builtin(
      "normalize_rms", [.init("x"), .init("gain"), .init("epsilon", default: "1e-5")],
      summary: """
        x / √(average of x² + epsilon) · gain along the last axis. The backward pass needs x, and \
        one number a row.
        """,
      example: "normalize_rms(tensor([[3, 4]]), ones(2))"
    ) { (arguments, machine) throws(Fault) in
      .tensor(try normalized(.rms, arguments, operands: 2, machine)[0])
    },
    Builtin(
      "scaled_dot_product_attention",
      [
        .init("q"), .init("k"), .init("v"), .init("causal", default: "false"),
        .init("mask", default: "none"), .init("scale", default: "none"),
        .init("tiled", default: "true"),
      ],
      summary: """
        softmax(q kᵀ · scale) v, for queries, keys and values [..., length, width]; scale is \
        width ** -0.5 unless given. A mask says which keys a query sees (bool), or what is added \
        to the products; a query that sees none gives nan. No matrix of scores is held: the \
        backward \
        pass computes them again, tile by tile (a second derivative holds them); `tiled: false` \
        holds them, as the formula says.
        """,
      example: "let t = randn(2, 5, 4)\n"
        + "scaled_dot_product_attention(t, t, t, causal: true)"
    ) { (arguments, machine) throws(Fault) in
      try machine.attend(arguments)
    },
    Builtin(
      "gru_cell", [.init("a"), .init("b"), .init("h")],
      summary: """
        The next state (1 − z) · c + z · h of a gru, from the products a and b of input and state, \
        each [n, 3 · size] for r, z and c: r = sigmoid(a0 + b0), z = sigmoid(a1 + b1), \
        c = tanh(a2 + r · b2).
        """,
      example: "gru_cell(randn(2, 9), randn(2, 9), zeros(2, 3))"
    ) { (arguments, machine) throws(Fault) in
      .tensor(try cell(.gru, arguments, machine)[0])
    },
    Builtin(
      "lstm_cell", [.init("a"), .init("c")],
      summary: """
        The state and the cell of an lstm after a step, as a list: from products a [n, 4 · size] \
        for i, f, g and o the cell sigmoid(f) · c + sigmoid(i) · tanh(g), and the state \
        sigmoid(o) · tanh of it.
        """,
      example: "let h, c = lstm_cell(randn(2, 12), zeros(2, 3))\nh"
    ) { (arguments, machine) throws(Fault) in
      .list(List(try cell(.lstm, arguments, machine).map { .tensor($0) }))
    },
  ]

  /// The values of a normalisation: its last arguments are so many operands, x the first, and
  /// epsilon.
  private static func normalized(
    _ kind: Normalization, _ arguments: Arguments, operands count: Int, _ machine: Interpreter
  ) throws(Fault) -> [TensorValue] {
    var emission = Emission(machine, at: arguments.range)
    let last = arguments.builtin.parameters.count - 1
    var operands = [try emission.floating(try arguments.tensor(0))]
    for place in (last - count + 1)..<last { operands.append(try arguments.tensor(place)) }
    let epsilon = try arguments.number(last, default: 1e-5)
    return try emission.emitAll(
      .normalize(kind, epsilon: epsilon), try emission.promoted(operands))
  }

  /// The values of a recurrent cell, whose operands are the arguments.
  private static func cell(
    _ cell: RecurrentCell, _ arguments: Arguments, _ machine: Interpreter
  ) throws(Fault) -> [TensorValue] {
    var emission = Emission(machine, at: arguments.range)
    var operands: [TensorValue] = []
    for place in arguments.builtin.parameters.indices {
      operands.append(try emission.floating(try arguments.tensor(place)))
    }
    return try emission.emitAll(.cell(cell), try emission.promoted(operands))
  }

  /// Attention, by one operation or by its formula.
  private func attend(_ arguments: Arguments) throws(Fault) -> Value {
    var emission = Emission(self, at: arguments.range)
    var operands: [TensorValue] = []
    for place in 0..<3 { operands.append(try emission.floating(try arguments.tensor(place))) }
    operands = try emission.promoted(operands)
    let width = operands[0].shape.axes.last ?? 1
    let form = Attention(
      isCausal: try arguments.boolean(3, default: false),
      scale: try arguments.number(5, default: 1 / Double(width).squareRoot()),
      isMasked: arguments.optional(4) != nil)
    if form.isMasked {
      let mask = try arguments.tensor(4)
      operands.append(
        mask.dtype.isFloating ? try emission.cast(mask, to: operands[0].dtype) : mask)
    }
    if try arguments.boolean(6, default: true) {
      return .tensor(try emission.tiledAttention(form, operands, inBlock: trace != nil))
    }
    do {
      _ = try Operation.attention(form).resultTypes(ofTypes: operands.map { emission.type(of: $0) })
    } catch { throw emission.refusal(error, of: operands) }
    return .tensor(try emission.attention(form, operands))
  }
}

extension Emission {
  /// Attention by one operation. In a block its value lies as it is when heads are joined, and is
  /// read with the axes in their order.
  fileprivate mutating func tiledAttention(
    _ form: Attention, _ operands: [TensorValue], inBlock: Bool
  ) throws(Fault) -> TensorValue {
    let rank = operands[0].shape.rank
    guard inBlock, rank > 2 else { return try emit(.attention(form), operands) }
    let inside = Attention(
      isCausal: form.isCausal, scale: form.scale, isMasked: form.isMasked, headsInside: true)
    let value = try emit(.attention(inside), operands)
    return try emit(.permute(inside.queries(inValue: Array(0..<(rank - 1))) + [rank - 1]), [value])
  }

  /// Attention by its formula, for operands that fit: the scores, masked, their softmax, and its
  /// product with the values.
  fileprivate mutating func attention(
    _ form: Attention, _ operands: [TensorValue]
  ) throws(Fault) -> TensorValue {
    let scores = try scores(
      form, operands[0], operands[1], mask: form.isMasked ? operands[3] : nil)
    return try matmul(
      try emit(.softmax(axis: scores.shape.rank - 1), [scores]), operands[2])
  }
}
