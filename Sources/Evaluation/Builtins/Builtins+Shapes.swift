import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions that move elements.
  static let shapeBuiltins: [Builtin] = [
    Builtin(
      "shape", [.init("x")], summary: "The lengths of a tensor's axes, as a list.",
      example: "shape(zeros(2, 3))"
    ) { (arguments, _) throws(Fault) in
      .list(List(try arguments.tensor(0).shape.axes.map { .integer($0) }))
    },
    Builtin(
      "reshape", [.init("x"), .init("shape")],
      summary: "The same elements in another shape; -1 stands for the length that is left over.",
      example: "reshape(arange(6), [2, -1])"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      let place = arguments.value(1).range
      let lengths: [Int]
      if case .integer(let length) = arguments.value(1).value {
        lengths = [length]
      } else {
        lengths = try arguments.integers(1)
      }
      let shape = try machine.completed(lengths, for: x, at: place)
      return .tensor(machine.reshaped(x, to: shape, at: arguments.range))
    },
    Builtin(
      "flatten", [.init("x"), .init("from", default: "0")],
      summary: "The same elements with the axes from the given one on made into one.",
      example: "flatten(zeros(2, 3, 4), from: 1)"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      if x.shape.rank == 0 { return .tensor(machine.reshaped(x, to: [1], at: arguments.range)) }
      let from = try arguments.axis(1, of: x, default: 0)
      let tail = x.shape.axes[from...].reduce(1, *)
      return .tensor(
        machine.reshaped(x, to: Shape(x.shape.axes[..<from] + [tail]), at: arguments.range))
    },
    permutation("transpose", "The axes in reverse order, or in the order given."),
    permutation("permute", "The axes in another order: axis i of the result is axis order[i] of x."),
    Builtin(
      "concat", [.init("list"), .init("axis", default: "0")],
      summary: "Tensors laid one after the other along an axis.",
      example: "concat([ones(2, 2), zeros(1, 2)], axis: 0)"
    ) { (arguments, machine) throws(Fault) in
      let tensors = try machine.common(try arguments.tensors(0), at: arguments.range)
      let axis = try arguments.axis(1, of: tensors[0], default: 0)
      return .tensor(try machine.emit(.concat(axis: axis), tensors, at: arguments.range))
    },
    Builtin(
      "stack", [.init("list"), .init("axis", default: "0")],
      summary: "Tensors of one shape laid along a new axis.",
      example: "stack([ones(3), zeros(3)])"
    ) { (arguments, machine) throws(Fault) in
      let tensors = try machine.common(try arguments.tensors(0), at: arguments.range)
      let rank = tensors[0].shape.rank
      let given = try arguments.integer(1, default: 0)
      let axis = given < 0 ? given &+ rank &+ 1 : given
      guard axis >= 0, axis <= rank else {
        throw Fault(.noAxis(given, of: tensors[0], at: arguments.value(1).range))
      }
      var raised: [TensorValue] = []
      for x in tensors {
        guard x.shape == tensors[0].shape else {
          throw Fault(
            .invalidShape(
              "stack needs tensors of one shape, found \(tensors[0].shape) and \(x.shape)",
              at: arguments.value(0).range))
        }
        var axes = x.shape.axes
        axes.insert(1, at: axis)
        raised.append(machine.reshaped(x, to: Shape(axes), at: arguments.range))
      }
      return .tensor(try machine.emit(.concat(axis: axis), raised, at: arguments.range))
    },
    Builtin(
      "split_axis", [.init("x"), .init("parts"), .init("axis", default: "-1")],
      summary: "A list of equal parts of a tensor along an axis.",
      example: "split_axis(arange(6), 3)"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      let axis = try arguments.axis(2, of: x, default: -1)
      let parts = try arguments.integer(1)
      guard parts > 0, parts <= 100_000, x.shape[axis] % parts == 0 else {
        throw Fault(
          .invalidShape(
            "an axis of \(x.shape[axis]) does not split into \(parts) equal parts",
            at: arguments.value(1).range))
      }
      let length = x.shape[axis] / parts
      var pieces: [Value] = []
      for part in 0..<parts {
        let slices = x.shape.axes.enumerated().map { place, count in
          place == axis ? AxisSlice(start: part * length, count: length) : AxisSlice(start: 0, count: count)
        }
        pieces.append(.tensor(try machine.emit(.slice(slices), [x], at: arguments.range)))
      }
      return .list(List(pieces))
    },
    Builtin(
      "take", [.init("x"), .init("indices"), .init("axis", default: "0")],
      summary: "The entries of an axis at the indices (i32); looks rows up in a table.",
      example: "take(eye(3), tensor([2, 0], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      let place = arguments.value(1)
      var indices: TensorValue
      switch place.value {
      case .tensor(let given): indices = given
      default:
        let nested = try machine.nestedNumbers(place.value, at: place.range)
        indices = try machine.makeTensor(
          nested.values, shape: nested.shape, dtype: .i32, account: .values, at: place.range)
      }
      let axis = try arguments.axis(2, of: x, default: 0)
      guard indices.dtype == .i32 else {
        throw Fault(
          .expected(
            "indices of type i32", found: place.value, as: "`indices` of take", at: place.range))
      }
      indices = try machine.checkedIndices(
        indices, axis: axis, length: x.shape[axis], at: place.range)
      return .tensor(try machine.emit(.take(axis: axis), [x, indices], at: arguments.range))
    },
    Builtin(
      "one_hot",
      [.init("y"), .init("classes"), .init("dtype", default: "f32", words: dtypeWords)],
      summary: "A last axis of so many classes, with 1 at each label and 0 elsewhere.",
      example: "one_hot(tensor([0, 2], dtype: i32), 3)"
    ) { (arguments, machine) throws(Fault) in
      let labels = try arguments.tensor(0)
      let classes = try arguments.integer(1)
      _ = try machine.shape(labels.shape.axes + [classes], at: arguments.value(1).range)
      guard labels.dtype == .i32 else {
        throw Fault(
          .expected(
            "labels of type i32", found: .tensor(labels), as: "`y` of one_hot",
            at: arguments.value(0).range, hint: "`cast(y, dtype: i32)` gives them"))
      }
      return .tensor(
        try machine.emit(
          .oneHot(classes: classes, try arguments.dtype(2, default: .f32)), [labels],
          at: arguments.range))
    },
    Builtin(
      "matmul", [.init("a"), .init("b")], summary: "The matrix product: a @ b.",
      example: "matmul(eye(2), ones(2, 3))"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.matrixProduct(
          try arguments.tensor(0), try arguments.tensor(1), at: arguments.range))
    },
  ]

  private static func permutation(_ name: String, _ summary: String) -> Builtin {
    Builtin(
      name, name == "permute" ? [.init("x"), .init("axes")] : [.init("x"), .init("axes", default: "none")],
      summary: summary,
      example: name == "permute" ? "permute(zeros(2, 3, 4), [2, 0, 1])" : "transpose(zeros(2, 3))"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      var order = Array((0..<x.shape.rank).reversed())
      if let given = arguments.optional(1) {
        order = []
        for axis in try arguments.integers(1) {
          order.append(try machine.axis(axis, of: x, at: given.range))
        }
        guard Set(order).count == x.shape.rank, order.count == x.shape.rank else {
          throw Fault(
            .invalidShape(
              "\(name) of \(x.shape) needs each of its \(x.shape.rank) axes once", at: given.range))
        }
      }
      if order == Array(0..<x.shape.rank) { return .tensor(x) }
      return .tensor(try machine.emit(.permute(order), [x], at: arguments.range))
    }
  }

  /// The tensors cast to the type that an operation on all has.
  private func common(
    _ tensors: [TensorValue], at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    let dtype = tensors.dropFirst().reduce(tensors[0].dtype) { DType.promote($0, $1.dtype) }
    var cast: [TensorValue] = []
    for x in tensors { cast.append(try self.cast(x, to: dtype, at: range)) }
    return cast
  }

  /// The lengths with -1 replaced by what is left over.
  private func completed(
    _ lengths: [Int], for x: TensorValue, at range: SourceRange
  ) throws(Fault) -> Shape {
    var lengths = lengths
    let open = lengths.indices.filter { lengths[$0] == -1 }
    guard open.count <= 1 else {
      throw Fault(.invalidShape("only one length may be left open with -1", at: range))
    }
    if let place = open.first {
      lengths[place] = 1
      let known = try shape(lengths, at: range).count
      guard known > 0, x.shape.count % known == 0 else {
        throw Fault(
          .invalidShape(
            "\(x.shape.count) elements do not divide into rows of \(known)", at: range))
      }
      lengths[place] = x.shape.count / known
    }
    let shape = try shape(lengths, at: range)
    guard shape.count == x.shape.count else {
      throw Fault(
        .invalidShape(
          "a tensor \(x.typeDescription) of \(x.shape.count) elements does not fill the shape \(shape) of \(shape.count)",
          at: range))
    }
    return shape
  }

  /// Indices counted from 0. Refuses those outside an axis, where their numbers are known.
  func checkedIndices(
    _ indices: TensorValue, axis: Int, length: Int, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard indices.isConcrete else { return indices }
    var numbers = indices.doubles()
    var isNegative = false
    for place in numbers.indices {
      let index = Int(numbers[place])
      guard index >= -length, index < length else {
        throw Fault(.axisIndexOutOfRange(index, axis: axis, length: length, at: range))
      }
      if index < 0 {
        numbers[place] += Double(length)
        isNegative = true
      }
    }
    guard isNegative else { return indices }
    return try makeTensor(numbers, shape: indices.shape, dtype: .i32, account: .values, at: range)
  }

  /// All that is about tensors.
  static let tensorBuiltins: [Builtin] =
    creationBuiltins + elementwiseBuiltins + reductionBuiltins + shapeBuiltins
}
