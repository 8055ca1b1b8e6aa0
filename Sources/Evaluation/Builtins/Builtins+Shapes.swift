import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that move elements about, or pick some.
  static let shapeBuiltins: [Builtin] = [
    Builtin(
      "shape", [.init("x")], summary: "The lengths of a tensor's axes, as a list.",
      example: "shape(zeros(2, 3))"
    ) { (arguments, _) throws(Fault) in
      .list(List(try arguments.tensor(0).shape.axes.map { .integer($0) }))
    },
    Builtin(
      "reshape", [.init("x"), .init("shape")],
      summary: "The same elements in another shape; one length may be −1 and is worked out.",
      example: "reshape(arange(6), [2, -1])"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      var axes = try arguments.integers(1)
      let known = axes.filter { $0 != -1 }
      if known.count == axes.count - 1, let open = axes.firstIndex(of: -1) {
        let product = try arguments.checked(known).count
        axes[open] =
          product > 0 && tensor.shape.count % product == 0 ? tensor.shape.count / product : 0
      }
      let shape = try arguments.checked(axes)
      guard shape.count == tensor.shape.count else {
        throw Fault(
          .shape(
            ShapeError(
              .count(expected: shape.count, found: tensor.shape.count), operation: "reshape",
              shapes: [tensor.shape, Shape(try arguments.integers(1))]),
            of: [tensor], at: arguments.range)
        ).showing { arguments.fittingReshape(of: tensor) }
      }
      return .tensor(machine.reshaped(tensor, to: shape, at: arguments.range))
    },
    Builtin(
      "flatten", [.init("x")],
      summary: "Every axis but the first folded into one: [n, a, b] becomes [n, a · b].",
      example: "flatten(zeros(2, 3, 4))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      let rows = tensor.shape.axes.first ?? 1
      let columns = tensor.shape.axes.dropFirst().reduce(1, *)
      return .tensor(machine.reshaped(tensor, to: [rows, columns], at: arguments.range))
    },
    Builtin(
      "transpose", [.init("x"), .init("order", default: "none")],
      summary: "The last two axes exchanged, or all axes in the given order.",
      example: "transpose(tensor([[1, 2, 3], [4, 5, 6]]))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      let rank = tensor.shape.rank
      var order = Array(0..<rank)
      if arguments.optional(1) != nil {
        order = []
        for axis in try arguments.integers(1) {
          order.append(try arguments.resolve(axis, rank: rank, at: arguments.value(1).range))
        }
        try arguments.refuseRepeated(order, at: arguments.value(1).range)
      } else if rank >= 2 {
        order.swapAt(rank - 1, rank - 2)
      }
      return .tensor(try machine.emit(.permute(order), [tensor], at: arguments.range))
    },
    Builtin(
      "concat", [.init("tensors"), .init("axis", default: "0")],
      summary: "Tensors laid one after the other along an axis.",
      example: "concat([zeros(1, 2), ones(2, 2)], axis: 0)"
    ) { (arguments, machine) throws(Fault) in
      let tensors = try arguments.tensors(0)
      guard let first = tensors.first else {
        throw Fault(.value(.noTensors("concat"), at: arguments.range))
      }
      let axis =
        arguments.optional(1) == nil ? 0 : try arguments.axis(1, rank: first.shape.rank)
      return .tensor(try machine.emit(.concat(axis: axis), tensors, at: arguments.range))
    },
    Builtin(
      "stack", [.init("tensors")],
      summary: "Tensors of one shape along a new first axis.", example: "stack([zeros(2), ones(2)])"
    ) { (arguments, machine) throws(Fault) in
      let tensors = try arguments.tensors(0)
      guard !tensors.isEmpty else {
        throw Fault(.value(.noTensors("stack"), at: arguments.range))
      }
      let rows = tensors.map {
        machine.reshaped($0, to: Shape([1] + $0.shape.axes), at: arguments.range)
      }
      return .tensor(try machine.emit(.concat(axis: 0), rows, at: arguments.range))
    },
    Builtin(
      "take", [.init("x"), .init("indices"), .init("axis", default: "0")],
      summary: "The entries of an axis at i32 or i64 indices, such as the rows of an embedding.",
      example: "take(eye(3), tensor([2, 0], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      let axis =
        arguments.optional(2) == nil ? 0 : try arguments.axis(2, rank: tensor.shape.rank)
      var emission = Emission(machine, at: arguments.range)
      let indices = try emission.indices(try arguments.tensor(1))
      return .tensor(try emission.emit(.take(axis: axis), [tensor, indices]))
    },
    Builtin(
      "strided",
      [.init("x"), .init("step"), .init("axis", default: "0"), .init("start", default: "none")],
      summary: """
        Every step-th entry of an axis, from the first on, or from `start`; where step is \
        negative, back from the last. In a block a product reads them where they lie, without a \
        copy.
        """,
      example: "strided(arange(7), 2)"
    ) { (arguments, machine) throws(Fault) in
      let tensor = try arguments.tensor(0)
      let axis =
        arguments.optional(2) == nil ? 0 : try arguments.axis(2, rank: tensor.shape.rank)
      let (step, length) = (try arguments.integer(1), tensor.shape.axes.dropFirst(axis).first ?? 0)
      var start = step < 0 ? length - 1 : 0
      if arguments.optional(3) != nil {
        let given = try arguments.integer(3)
        start = given < 0 ? given &+ length : given
      }
      // Where there is nothing to step over, the shape rule says what is wrong.
      var count = min(length, 1)
      if (0..<length).contains(start), step != 0 {
        count += (step < 0 ? start : length - 1 - start) / (step == .min ? .max : abs(step))
      }
      let slices = tensor.shape.axes.enumerated().map { place, length in
        place == axis
          ? AxisSlice(start: start, count: count, step: count > 1 || step == 0 ? step : 1)
          : AxisSlice(start: 0, count: length)
      }
      return .tensor(try machine.emit(.slice(slices), [tensor], at: arguments.range))
    },
    Builtin(
      "one_hot",
      [.init("y"), .init("classes"), .init("dtype", default: "f32", words: dtypeNames)],
      summary: "A last axis of so many classes with 1 at each label, 0 elsewhere.",
      example: "one_hot(tensor([0, 2], dtype: i32), 3)"
    ) { (arguments, machine) throws(Fault) in
      let classes = try arguments.integer(1)
      guard classes >= 0 else {
        throw Fault(.value(.negativeClasses("one_hot"), at: arguments.range))
      }
      var emission = Emission(machine, at: arguments.range)
      let labels = try emission.indices(try arguments.tensor(0))
      let dtype = try arguments.dtype(2, default: .f32)
      return .tensor(try emission.emit(.oneHot(classes: classes, dtype), [labels]))
    },
    Builtin(
      "matmul", [.init("a"), .init("b")], summary: "The matrix product, as `a @ b`.",
      example: "matmul(eye(2), ones(2, 3))"
    ) { (arguments, machine) throws(Fault) in
      let (a, b) = (try arguments.tensor(0), try arguments.tensor(1))
      do throws(Fault) {
        return .tensor(try machine.product(a, b, at: arguments.range))
      } catch {
        throw error.showing {
          FittingOperands(a, b, arguments.value(0).range, arguments.value(1).range)?.product
        }
      }
    },
  ]
}

extension Arguments {
  /// Tensors in a list, in one type.
  func tensors(_ index: Int) throws(Fault) -> [TensorValue] {
    if case .tensor = value(index).value {
      throw Fault(mismatch(.list, index).diagnostic.hinting(hintOfList))
    }
    var tensors: [TensorValue] = []
    for element in try list(index) {
      guard case .tensor(let tensor) = element else {
        throw Fault(
          .expected(
            .tensor, found: element, as: .element(ofParameter: builtin.parameters[index].name),
            at: value(index).range))
      }
      tensors.append(tensor)
    }
    var emission = Emission(machine, at: range)
    return try emission.promoted(tensors)
  }

  /// How tensors that were given one by one are given in a list.
  private var hintOfList: String {
    var shapes: Set<Shape> = []
    var texts: [String] = []
    for argument in rest {
      guard case .tensor(let tensor) = argument.value else { continue }
      shapes.insert(tensor.shape)
      texts.append(argument.range.text)
    }
    let list = "[\(texts.joined(separator: ", "))]"
    return shapes.count == 1
      ? "`\(builtin.name)(\(list))` takes them in a list"
      : "tensors are given in a list: '\(list)'"
  }

  /// A `reshape` to a shape with one length that is worked out; `nil` where none of the lengths
  /// asked for can be.
  fileprivate func fittingReshape(of tensor: TensorValue) -> String? {
    guard let lengths = try? integers(1), lengths.allSatisfy({ $0 > 0 }) else { return nil }
    let open = lengths.indices.first { place in
      var others = lengths
      others.remove(at: place)
      return tensor.shape.count % Shape(others).count == 0
    }
    guard let open else { return nil }
    var shape = lengths
    shape[open] = -1
    return "`reshape(\(value(0).range.text), \(shape))` works one length out"
  }
}
