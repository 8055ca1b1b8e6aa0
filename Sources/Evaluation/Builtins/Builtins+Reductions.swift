import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that take axes away.
  static let reductionBuiltins: [Builtin] = [
    reduction("sum", .sum, "The sum of the elements, over all axes or those named.", "sum(ones(2, 3), axis: 1)"),
    reduction(
      "average", .average, "The average of the elements, over all axes or those named.",
      "average(tensor([[1, 2], [3, 4]]), axis: 0)"),
    extremum(
      "max", .max, .maximum,
      "The greatest of several numbers, of a list, or of a tensor over all axes or those named.",
      "max(tensor([[1, 2], [3, 4]]), axis: 1)"),
    extremum(
      "min", .min, .minimum,
      "The least of several numbers, of a list, or of a tensor over all axes or those named.",
      "min(3, 1, 2)"),
    place("argmax", .greatest, "The index of the first greatest element along an axis, as i32."),
    place("argmin", .least, "The index of the first least element along an axis, as i32."),
    alongAxis(
      "softmax", "e^x along an axis, divided by its sum: numbers above 0 that add up to 1."
    ) { .softmax(axis: $0) },
    alongAxis("log_softmax", "The logarithm of the softmax along an axis, computed stably.") {
      .logSoftmax(axis: $0)
    },
    Builtin(
      "logsumexp",
      [.init("x"), .init("axis", default: "-1"), .init("keepdims", default: "false")],
      summary: "log(sum(exp(x))) along an axis, computed stably.",
      example: "logsumexp(tensor([1000, 1000]))"
    ) { (arguments, machine) throws(Fault) in
      let x = try machine.floating(try arguments.tensor(0), at: arguments.range)
      return .tensor(
        try machine.emit(
          .logSumExp(
            axis: try arguments.axis(1, of: x, default: -1),
            keepDims: try arguments.boolean(2, default: false)), [x], at: arguments.range))
    },
    Builtin(
      "cross_entropy", [.init("logits"), .init("labels")],
      summary:
        "The loss of a classifier: the average of -log softmax(logits) at the labels (i32).",
      example: "cross_entropy(tensor([[2, 0], [0, 1]]), tensor([0, 1], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let logits = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let labels = try arguments.tensor(1)
      guard labels.dtype == .i32 else {
        throw Fault(
          .expected(
            "class numbers of type i32", found: .tensor(labels), as: "`labels` of cross_entropy",
            at: arguments.value(1).range, hint: "`cast(y, dtype: i32)` gives them"))
      }
      return .tensor(try machine.emit(.crossEntropy, [logits, labels], at: arguments.range))
    },
    Builtin(
      "mse", [.init("a"), .init("b")],
      summary: "The average of the squared differences of two tensors: a scalar.",
      example: "mse(tensor([1, 2]), tensor([1, 4]))"
    ) { (arguments, machine) throws(Fault) in
      let range = arguments.range
      let (a, b) = try machine.alike(arguments.value(0), arguments.value(1), at: range)
      let x = try machine.floating(a, at: range)
      let y = try machine.floating(b, at: range)
      let difference = try machine.emit(.binary(.subtract), [x, y], at: range)
      let squares = try machine.emit(.unary(.square), [difference], at: range)
      return .tensor(
        try machine.emit(
          .reduce(.average, axes: Array(0..<squares.shape.rank), keepDims: false), [squares],
          at: range))
    },
    Builtin(
      "dropout", [.init("x"), .init("rate", default: "0.5")],
      summary:
        "Each element set to 0 with probability rate, the others divided by 1 - rate (Srivastava et al. 2014).",
      example: "dropout(ones(8), 0.25)"
    ) { (arguments, machine) throws(Fault) in
      let rate = try arguments.number(1, default: 0.5)
      guard rate >= 0, rate < 1 else {
        throw Fault(
          .value("the rate of dropout is from 0 up to, not including, 1", at: arguments.range))
      }
      let x = try machine.floating(try arguments.tensor(0), at: arguments.range)
      if rate == 0 { return .tensor(x) }
      return .tensor(
        try machine.emit(.dropout(rate: rate, site: 0), [x], at: arguments.range))
    },
  ]

  private static func reduction(
    _ name: String, _ kind: Reduction, _ summary: String, _ example: String
  ) -> Builtin {
    Builtin(
      name,
      [.init("x"), .init("axis", default: "none"), .init("keepdims", default: "false")],
      summary: summary, example: example
    ) { (arguments, machine) throws(Fault) in
      let argument = arguments.value(0)
      switch argument.value {
      case .list(let list) where arguments.optional(1) == nil:
        if list.elements.allSatisfy({ machine.double($0) != nil }) {
          return try machine.reduced(list.elements, kind, at: argument.range)
        }
      case .range:
        return try machine.reduced(try arguments.list(0), kind, at: argument.range)
      case .integer, .float, .bytes: return argument.value
      default: break
      }
      let x = try machine.asTensor(
        argument.value, at: argument.range, role: "`x` of \(arguments.builtin.name)")
      return try machine.reduced(
        x, kind, axes: try arguments.axes(1, of: x),
        keepDims: try arguments.boolean(2, default: false), at: arguments.range)
    }
  }

  private static func extremum(
    _ name: String, _ kind: Reduction, _ pairwise: Binary, _ summary: String, _ example: String
  ) -> Builtin {
    Builtin(
      name, [.init("axis", default: "none"), .init("keepdims", default: "false")], variadic: true,
      summary: summary, example: example
    ) { (arguments, machine) throws(Fault) in
      var operands = arguments.rest
      if operands.count == 1, arguments.optional(0) == nil {
        let only = operands[0]
        var elements: [Value]?
        if case .list(let list) = only.value { elements = list.elements }
        if case .range(let range) = only.value {
          if range.count == 0 { elements = [] } else { elements = [.integer(range.lower), .integer(range.upper - 1)] }
        }
        if let elements {
          operands = elements.map { PassedArgument(label: nil, value: $0, range: only.range) }
        }
      }
      guard let first = operands.first else {
        throw Fault(
          .value("\(arguments.builtin.name) needs one number or more", at: arguments.range))
      }
      if operands.count == 1 {
        if machine.double(first.value) != nil { return first.value }
        let x = try machine.asTensor(first.value, at: first.range, role: "an operand")
        let axes = try arguments.axes(0, of: x)
        return try machine.reduced(
          x, kind, axes: axes, keepDims: try arguments.boolean(1, default: false),
          at: arguments.range)
      }
      if let axis = arguments.optional(0) {
        throw Fault(
          .value("an axis has a meaning for one tensor, not for several operands", at: axis.range))
      }
      var best = first
      for other in operands.dropFirst() {
        let value = try machine.lesser(pairwise, best, other, at: arguments.range)
        best = PassedArgument(label: nil, value: value, range: other.range)
      }
      return best.value
    }
  }

  private static func place(_ name: String, _ kind: Extremum, _ summary: String) -> Builtin {
    Builtin(
      name,
      [.init("x"), .init("axis", default: "none"), .init("keepdims", default: "false")],
      summary: summary, example: "\(name)(tensor([[1, 3], [5, 2]]), axis: 1)"
    ) { (arguments, machine) throws(Fault) in
      var x = try machine.asTensor(
        arguments.value(0).value, at: arguments.value(0).range, role: "`x` of \(name)")
      let old = x.shape
      var axis = 0
      if arguments.optional(1) == nil {
        x = machine.reshaped(x, to: [x.shape.count], at: arguments.range)
      } else {
        axis = try arguments.axis(1, of: x, default: 0)
      }
      let found = try machine.emit(.argReduce(kind, axis: axis), [x], at: arguments.range)
      guard try arguments.boolean(2, default: false) else { return .tensor(found) }
      var axes = old.axes
      if arguments.optional(1) == nil {
        axes = axes.map { _ in 1 }
      } else {
        axes[axis] = 1
      }
      return .tensor(machine.reshaped(found, to: Shape(axes), at: arguments.range))
    }
  }

  private static func alongAxis(
    _ name: String, _ summary: String, _ operation: @escaping @Sendable (Int) -> Graphs.Operation
  ) -> Builtin {
    Builtin(
      name, [.init("x"), .init("axis", default: "-1")], summary: summary,
      example: "\(name)(tensor([1, 2, 3]))"
    ) { (arguments, machine) throws(Fault) in
      let x = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let axis = try arguments.axis(1, of: x, default: -1)
      return .tensor(try machine.emit(operation(axis), [x], at: arguments.range))
    }
  }

  private func reduced(
    _ x: TensorValue, _ kind: Reduction, axes: [Int], keepDims: Bool, at range: SourceRange
  ) throws(Fault) -> Value {
    let x = kind == .average ? try floating(x, at: range) : x
    return .tensor(try emit(.reduce(kind, axes: axes, keepDims: keepDims), [x], at: range))
  }

  /// The sum or average of plain numbers.
  private func reduced(
    _ elements: [Value], _ kind: Reduction, at range: SourceRange
  ) throws(Fault) -> Value {
    var total = Value.integer(0)
    for element in elements {
      total = try apply(.add, total, element, at: range, left: range, right: range)
    }
    guard kind == .average else { return total }
    guard !elements.isEmpty, let sum = double(total) else {
      throw Fault(.value("an empty list has no average", at: range))
    }
    return .float(sum / Double(elements.count))
  }
}
