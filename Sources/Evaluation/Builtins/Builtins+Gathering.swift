import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// What chooses entries by their place, and sums along an axis.
  static let gatheringBuiltins: [Builtin] = [
    Builtin(
      "gather", [.init("x"), .init("indices"), .init("axis", default: "-1")],
      summary: """
        For each index (i32 or i64), the entry of x there along an axis, the last unless given, at \
        the same place along the others: the indices have x's shape but along the axis.
        """,
      example: "gather(tensor([[1, 2], [3, 4]]), tensor([[1], [0]], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      let axis = try arguments.lastAxis(2, of: tensor)
      var emission = Emission(machine, at: arguments.range)
      let indices = try emission.indices(try arguments.tensor(1))
      return .tensor(try emission.emit(.gather(axis: axis), [tensor, indices]))
    },
    Builtin(
      "scatter_add",
      [.init("x"), .init("indices"), .init("values"), .init("axis", default: "-1")],
      summary: """
        x with values added at indices (i32 or i64) along an axis, the last unless given; where \
        one stands twice, both are added. Indices and values have one shape, which is x's but \
        along the axis.
        """,
      example: "scatter_add(zeros(3), tensor([2, 0, 2], dtype: i32), tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      var emission = Emission(machine, at: arguments.range)
      let operands = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(2),
      ])
      let axis = try arguments.lastAxis(3, of: operands[0])
      let added = try emission.emit(
        .gatherAdjoint(axis: axis, operands[0].shape),
        [operands[1], try emission.indices(try arguments.tensor(1))])
      return .tensor(try emission.binary(.add, operands[0], added))
    },
    Builtin(
      "top_k", [.init("x"), .init("k")],
      summary: """
        The k greatest along the last axis and where they stand (i32), the greatest first, of \
        equals the first: `let values, indices = top_k(x, 2)`. The gradient goes to the values.
        """,
      example: "top_k(tensor([3, 9, 4]), 2)"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let count = try arguments.integer(1)
      let indices = try machine.emit(.topIndices(count: count), [tensor], at: arguments.range)
      let values = try machine.emit(
        .gather(axis: tensor.shape.rank - 1), [tensor, indices], at: arguments.range)
      return .list(List([.tensor(values), .tensor(indices)]))
    },
    Builtin(
      "cumsum", [.init("x"), .init("axis", default: "-1")],
      summary: "Each entry with all before it along an axis added, the last unless given.",
      example: "cumsum(tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let axis = try arguments.lastAxis(1, of: tensor)
      return .tensor(
        try machine.emit(
          .cumulativeSum(axis: axis, reversed: false), [tensor], at: arguments.range))
    },
    triangle("tril", upper: false, "on and below"),
    triangle("triu", upper: true, "on and above"),
  ]

  private static func triangle(_ name: String, upper: Bool, _ where: String) -> Builtin {
    Builtin(
      name, [.init("x"), .init("k", default: "0")],
      summary:
        "What lies \(`where`) the k-th diagonal of the last two axes, zeros elsewhere; k counts "
        + "from the main diagonal, up.",
      example: "\(name)(ones(3, 3))"
    ) { (arguments, machine) throws(Fault) in
      let diagonal = arguments.optional(1) == nil ? 0 : try arguments.integer(1)
      return .tensor(
        try machine.emit(
          .triangle(upper: upper, diagonal: diagonal), [try arguments.tensor(0)],
          at: arguments.range))
    }
  }
}
