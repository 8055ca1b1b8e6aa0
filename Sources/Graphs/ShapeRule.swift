import Tensors

/// The checks that shape rules are made of: one operation and the types of its operands.
struct ShapeRule {
  /// The operation that errors name.
  let operation: Operation
  /// The types of its operands, in order.
  let types: [TensorType]

  /// The error that this problem is, with the operation and its operands' shapes.
  func failure(_ problem: ShapeError.Problem) -> ShapeError {
    ShapeError(problem, operation: operation.name, shapes: types.map { $0.shape })
  }

  /// The same for a broken rule.
  func failure(_ rule: ShapeError.Rule) -> ShapeError { failure(.rule(rule)) }

  /// That there are `count` operands, each of a legal shape.
  func takes(_ count: Int) throws(ShapeError) {
    guard types.count == count else {
      throw failure(.operands(expected: count, found: types.count))
    }
    for type in types { _ = try shape(type.shape.axes) }
  }

  /// The shape of these axes, where it is legal.
  func shape(_ axes: [Int]) throws(ShapeError) -> Shape {
    if let shape = Shape.checked(axes) { return shape }
    if axes.contains(where: { $0 < 0 }) { throw failure(.nonNegativeLengths) }
    if axes.count > Shape.rankLimit { throw failure(.rankLimit(found: axes.count)) }
    throw failure(.elementLimit)
  }

  /// That an operand is of a floating type.
  func floating(_ position: Int) throws(ShapeError) {
    try floating(type: types[position].dtype)
  }

  /// That a type is a floating one.
  func floating(type: DType) throws(ShapeError) {
    guard type.isFloating else {
      throw failure(.type(expected: "f32, f64, f16 or bf16", found: type))
    }
  }

  /// That an operand holds integers.
  func integer(_ position: Int) throws(ShapeError) {
    try type(position, is: .i32)
  }

  /// That an operand is of a type that there is arithmetic on.
  func numeric(_ position: Int) throws(ShapeError) {
    let found = types[position].dtype
    guard found == found.arithmetic else {
      throw failure(.type(expected: "a float, i32 or i64", found: found))
    }
  }

  /// That an operand is of this element type.
  func type(_ position: Int, is expected: DType) throws(ShapeError) {
    let found = types[position].dtype
    guard found == expected else {
      throw failure(.type(expected: expected.description, found: found))
    }
  }

  /// That two operands have one shape and one type.
  func alike(_ first: Int, _ second: Int) throws(ShapeError) {
    try type(second, is: types[first].dtype)
    try same(types[first].shape, types[second].shape)
  }

  /// That a shape is the expected one.
  func same(_ found: Shape, _ expected: Shape) throws(ShapeError) {
    guard found.rank == expected.rank else {
      throw failure(.mismatch(axis: nil, left: found.rank, right: expected.rank))
    }
    for axis in 0..<found.rank where found[axis] != expected[axis] {
      throw failure(.mismatch(axis: axis, left: found[axis], right: expected[axis]))
    }
  }

  /// That an axis is one of a shape's.
  func axis(_ axis: Int, of shape: Shape) throws(ShapeError) {
    guard axis >= 0, axis < shape.rank else { throw failure(.noSuchAxis(axis)) }
  }

  /// The shape both broadcast to by NumPy's rule.
  func broadcast(_ a: Shape, _ b: Shape) throws(ShapeError) -> Shape {
    try shape(broadcastAxes(a.axes[...], b.axes[...]))
  }

  /// The axes that both lists broadcast to, aligned from the last.
  func broadcastAxes(
    _ a: ArraySlice<Int>, _ b: ArraySlice<Int>
  ) throws(ShapeError) -> [Int] {
    let rank = max(a.count, b.count)
    var axes = [Int](repeating: 1, count: rank)
    for back in stride(from: 1, through: rank, by: 1) {
      let x = back <= a.count ? a[a.endIndex - back] : 1
      let y = back <= b.count ? b[b.endIndex - back] : 1
      guard x == y || x == 1 || y == 1 else {
        throw failure(.mismatch(axis: a.count - back, left: x, right: y))
      }
      axes[rank - back] = x == 1 ? y : x
    }
    return axes
  }

  /// That each axis has a slice which lies within it.
  func slices(_ slices: [AxisSlice], of shape: Shape) throws(ShapeError) {
    guard slices.count == shape.rank else {
      throw failure(.mismatch(axis: nil, left: shape.rank, right: slices.count))
    }
    for (axis, slice) in slices.enumerated() {
      guard slice.count >= 0 else { throw failure(.nonNegativeSlices) }
      guard slice.step != 0 else { throw failure(.movingSlices) }
      if slice.count == 0 { continue }
      let (span, overflow) = (slice.count - 1).multipliedReportingOverflow(by: slice.step)
      let (last, overflows) = slice.start.addingReportingOverflow(span)
      guard !overflow, !overflows, (0..<shape[axis]).contains(slice.start),
        (0..<shape[axis]).contains(last)
      else { throw failure(.sliceWithin(slice, axis: axis, length: shape[axis])) }
    }
  }
}
