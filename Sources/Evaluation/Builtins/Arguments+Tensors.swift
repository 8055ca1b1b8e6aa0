import Execution
import Graphs
import Syntax
import Tensors

extension Arguments {
  /// The axes that an argument names (an integer or a list, negative ones from the end), ascending; all where it is
  /// not given.
  func axes(_ index: Int, of x: TensorValue) throws(Fault) -> [Int] {
    guard let argument = optional(index) else { return Array(0..<x.shape.rank) }
    var named: [Int] = []
    switch argument.value {
    case .list, .range: named = try integers(index)
    default: named = [try integer(index)]
    }
    var axes: [Int] = []
    for axis in named {
      let place = try machine.axis(axis, of: x, at: argument.range)
      guard !axes.contains(place) else { throw Fault(.repeatedAxis(axis, at: argument.range)) }
      axes.append(place)
    }
    return axes.sorted()
  }

  /// The one axis that an argument names.
  func axis(_ index: Int, of x: TensorValue, default other: Int) throws(Fault) -> Int {
    try machine.axis(
      try integer(index, default: other), of: x, at: optional(index)?.range ?? range)
  }

  /// A shape given as numbers or as one list: `zeros(2, 3)`, `zeros([2, 3])`.
  func dimensions(_ passed: [PassedArgument]) throws(Fault) -> Shape {
    var lengths: [Int] = []
    for argument in passed {
      switch argument.value {
      case .integer(let length): lengths.append(length)
      case .list(let list) where passed.count == 1:
        for element in list.elements {
          guard case .integer(let length) = element else {
            throw Fault(.expected("an integer", found: element, as: "a length", at: argument.range))
          }
          lengths.append(length)
        }
      default:
        throw Fault(
          .expected(
            "integers, or one list of them", found: argument.value,
            as: "the shape of \(builtin.name)", at: argument.range))
      }
    }
    return try machine.shape(lengths, at: passed.first?.range ?? range)
  }

  /// The unlabelled argument of a variadic builtin.
  func first(of most: Int = 1) throws(Fault) -> PassedArgument {
    guard let first = rest.first, rest.count <= most else {
      throw Fault(.argumentCount(builtin.name, expected: ["x"], found: rest.count, at: range))
    }
    return first
  }

  /// The elements of a list of tensors; numbers among them become tensors.
  func tensors(_ index: Int) throws(Fault) -> [TensorValue] {
    if case .tensor(let x) = value(index).value { return [x] }
    var tensors: [TensorValue] = []
    for element in try list(index) {
      tensors.append(try machine.asTensor(element, at: value(index).range, role: "an element"))
    }
    guard !tensors.isEmpty else {
      throw Fault(.value("\(builtin.name) needs one tensor or more", at: value(index).range))
    }
    return tensors
  }
}

extension Interpreter {
  /// Most elements that a tensor may have.
  static let largestCount = Int(Int32.max)

  /// An axis counted from 0: negative ones count from the end.
  func axis(_ axis: Int, of x: TensorValue, at range: SourceRange) throws(Fault) -> Int {
    let place = axis < 0 ? axis &+ x.shape.rank : axis
    guard place >= 0, place < x.shape.rank else { throw Fault(.noAxis(axis, of: x, at: range)) }
    return place
  }

  /// A shape of the lengths. Refuses negative ones, and more elements than a tensor may have.
  func shape(_ lengths: [Int], at range: SourceRange) throws(Fault) -> Shape {
    guard lengths.count <= 16 else {
      throw Fault(.invalidShape("a tensor has at most 16 axes, not \(lengths.count)", at: range))
    }
    var count = 1
    for length in lengths {
      guard length >= 0 else {
        throw Fault(.invalidShape("the length of an axis is 0 or more, not \(length)", at: range))
      }
      guard length <= Interpreter.largestCount else {
        throw Fault(.invalidShape("an axis of \(length) elements is too long", at: range))
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, product <= Interpreter.largestCount else {
        throw Fault(
          .invalidShape(
            "a tensor of this shape would have more than \(Interpreter.largestCount) elements",
            at: range))
      }
      count = product
    }
    return Shape(lengths)
  }

  /// A tensor whose elements are all one number, made at once.
  func filled(
    _ number: Double, _ shape: Shape, _ dtype: DType, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    do {
      let tensor = try Tensor(
        uninitialized: shape, dtype: dtype, account: .values, ledger: ledger)
      fill(tensor, with: number)
      return TensorValue(tensor, origin: range)
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  private func fill(_ tensor: Tensor, with number: Double) {
    let pointer = tensor.storage.pointer
    let count = tensor.shape.count
    switch tensor.dtype {
    case .f32:
      pointer.assumingMemoryBound(to: Float.self).update(repeating: Float(number), count: count)
    case .f64:
      pointer.assumingMemoryBound(to: Double.self).update(repeating: number, count: count)
    case .i32:
      let whole = Int32(exactly: number.rounded(.towardZero)) ?? 0
      pointer.assumingMemoryBound(to: Int32.self).update(repeating: whole, count: count)
    }
  }

  /// A tensor as it is; a number, or a list of numbers, as a tensor.
  func asTensor(
    _ value: Value, like dtype: DType = .f32, at range: SourceRange, role: String
  ) throws(Fault) -> TensorValue {
    switch value {
    case .tensor(let x): return x
    case .integer(let x):
      return try makeTensor(
        [Double(x)], shape: .scalar, dtype: Int32(exactly: x) == nil ? .f32 : dtype, at: range)
    case .float(let x):
      let isWhole = Int32(exactly: x) != nil
      return try makeTensor(
        [x], shape: .scalar, dtype: dtype == .i32 && !isWhole ? .f32 : dtype, at: range)
    case .list, .range:
      let nested = try nestedNumbers(value, at: range)
      return try makeTensor(nested.values, shape: nested.shape, dtype: .f32, at: range)
    default: throw Fault(.expected("a tensor or a number", found: value, as: role, at: range))
    }
  }

  /// The tensor in f32 where it holds integers: most functions are defined on floating-point numbers.
  func floating(_ x: TensorValue, at range: SourceRange) throws(Fault) -> TensorValue {
    x.dtype.isFloating ? x : try emit(.cast(.f32), [x], at: range)
  }

  /// The tensor in a type.
  func cast(_ x: TensorValue, to dtype: DType, at range: SourceRange) throws(Fault) -> TensorValue {
    x.dtype == dtype ? x : try emit(.cast(dtype), [x], at: range)
  }
}
