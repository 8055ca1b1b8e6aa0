import Graphs
import Syntax
import Tensors

/// `x[0, 1..<3, [4, 2]]` of tensors: an index for each of the first axes; those behind stay whole.
extension Interpreter {
  /// What an index takes of its axis.
  private enum AxisPick {
    /// One place, counted from 0: the axis goes.
    case place(Int)
    /// A stretch of places: the axis stays.
    case stretch(Range<Int>)
    /// The places in an index tensor: its axes stand where the axis was.
    case lookup(TensorValue)
  }

  /// The part of a tensor that indices take. `subscripts` are where each stands.
  func part(
    of x: TensorValue, _ indices: [Value], at range: SourceRange, subscripts: [SourceRange]
  ) throws(Fault) -> TensorValue {
    guard indices.count <= x.shape.rank else {
      throw Fault(
        .invalidShape(.tooManyIndices(indices.count, of: x), at: range))
    }
    var slices = x.shape.axes.map { AxisSlice(start: 0, count: $0) }
    var kept = Array(repeating: true, count: x.shape.rank)
    var lookups: [(axis: Int, indices: TensorValue)] = []
    for (axis, index) in indices.enumerated() {
      switch try pick(index, axis: axis, length: x.shape[axis], at: subscripts[axis]) {
      case .place(let place):
        slices[axis] = AxisSlice(start: place, count: 1)
        kept[axis] = false
      case .stretch(let stretch):
        slices[axis] = AxisSlice(start: stretch.lowerBound, count: stretch.count)
      case .lookup(let indices): lookups.append((axis, indices))
      }
    }
    var result = x
    if zip(slices, x.shape.axes).contains(where: { $0.start != 0 || $0.count != $1 }) {
      result = try emit(.slice(slices), [result], at: range)
    }
    // Lookups go from the last axis to the first, so that those to come keep their numbers.
    for lookup in lookups.reversed() {
      result = try emit(.take(axis: lookup.axis), [result, lookup.indices], at: range)
      kept.replaceSubrange(
        lookup.axis...lookup.axis,
        with: Array(repeating: true, count: lookup.indices.shape.rank))
    }
    guard kept.contains(false) else { return result }
    let axes = zip(result.shape.axes, kept).filter { $0.1 }.map { $0.0 }
    return reshaped(result, to: Shape(axes), at: range)
  }

  /// What an index takes of an axis with so many places. Refuses what lies outside.
  private func pick(
    _ index: Value, axis: Int, length: Int, at place: SourceRange
  ) throws(Fault) -> AxisPick {
    switch index {
    case .integer(let number):
      let position = number < 0 ? number &+ length : number
      guard position >= 0, position < length else {
        throw Fault(.axisIndexOutOfRange(number, axis: axis, length: length, at: place))
      }
      return .place(position)
    case .range(let wanted):
      guard let stretch = stretch(wanted, count: length) else {
        throw Fault(
          .axisIndexOutOfRange(
            wanted.end(outside: length), axis: axis, length: length, at: place))
      }
      return .stretch(stretch)
    case .tensor(let indices) where indices.dtype.isIndex:
      let checked = try checkedIndices(indices, axis: axis, length: length, at: place)
      var emission = Emission(self, at: place)
      return .lookup(try emission.indices(checked))
    case .list:
      let nested = try nestedNumbers(index, at: place)
      guard nested.values.allSatisfy({ Int32(exactly: $0) != nil }) else {
        throw Fault(.expected(.integers, found: index, as: .oneIndex, at: place))
      }
      let indices = try makeTensor(
        nested.values, shape: nested.shape, dtype: .i32, account: .values, at: place)
      return .lookup(try checkedIndices(indices, axis: axis, length: length, at: place))
    default:
      throw Fault(.expected(.tensorPosition, found: index, as: .oneIndex, at: place))
    }
  }

  /// Indices counted from 0. Refuses those outside an axis, where their numbers are known.
  private func checkedIndices(
    _ indices: TensorValue, axis: Int, length: Int, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard let number = knownNumbers(of: indices) else { return indices }
    var isNegative = false
    for place in 0..<indices.shape.count {
      let index = Int(number(place))
      guard index >= -length, index < length else {
        throw Fault(.axisIndexOutOfRange(index, axis: axis, length: length, at: range))
      }
      if index < 0 { isNegative = true }
    }
    guard isNegative else { return indices }
    let room = try workspace(indices.shape.count * MemoryLayout<Double>.size, at: range)
    defer { withExtendedLifetime(room) {} }
    return try makeTensor(
      (0..<indices.shape.count).map { number($0) < 0 ? number($0) + Double(length) : number($0) },
      shape: indices.shape, dtype: .i32, account: .values, at: range)
  }
}
