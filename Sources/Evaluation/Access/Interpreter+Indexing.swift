import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// `base[indices]`
  func index(
    _ base: Value, _ indices: [Value], at range: SourceRange, subscripts: [SourceRange]
  ) throws(Fault) -> Value {
    if case .tensor(let x) = base {
      return .tensor(try part(of: x, indices, at: range, subscripts: subscripts))
    }
    guard indices.count == 1, let index = indices.first, let place = subscripts.first else {
      throw Fault(
        .expected(
          .tensor, found: base, as: .indexedWith(indices.count), at: range))
    }
    switch base {
    case .list(let list):
      return try pick(
        index, count: list.count, at: place, one: { list[$0] },
        several: { .list(List(Array(list.elements[$0]))) })
    case .dictionary(let dictionary):
      guard let value = dictionary.entries[try key(index, at: place)] else {
        throw Fault(
          .unknownKey(index, known: dictionary.entries.keys.map { text(of: $0.value) }, at: place))
      }
      return value
    case .range(let whole):
      return try pick(
        index, count: whole.count, at: place, one: { .integer(whole.lower + $0) },
        several: {
          .range(
            IntegerRange(lower: whole.lower + $0.lowerBound, upper: whole.lower + $0.upperBound))
        })
    case .string(let text):
      let characters = Array(text.string)
      return try pick(
        index, count: characters.count, at: place,
        one: { .string(Text(String(characters[$0]))) },
        several: { .string(Text(String(characters[$0]))) })
    case .gradients(let gradients):
      return try gradient(index, in: gradients, at: place, of: range)
    case .dataSet(let data):
      if case .range(let wanted) = index {
        guard let stretch = stretch(wanted, count: data.count) else {
          throw Fault(.indexOutOfRange(wanted.upper, count: data.count, at: place))
        }
        return .dataSet(try rows(stretch, of: data, at: range))
      }
      guard case .string(let name) = index else {
        throw Fault(
          .expected(
            .columnNameOrRows, found: index, as: .index, at: place))
      }
      guard let column = data.columns.first(where: { $0.name == name.string }) else {
        throw Fault(
          .unknownField(
            Identifier(name.string, place), of: "the data set \(data.name)",
            known: data.columns.map(\.name)))
      }
      return .tensor(column.tensor)
    case .record(let record):
      guard case .string(let name) = index else {
        throw Fault(.expected(.fieldName, found: index, as: .index, at: place))
      }
      guard let value = record[name.string] else {
        throw Fault(
          .unknownField(
            Identifier(name.string, place), of: "a \(record.typeName)",
            known: record.fields.map(\.name)))
      }
      return value
    default:
      throw Fault(
        .expected(
          .indexable, found: base,
          as: .indexed, at: range))
    }
  }

  /// One element or a stretch of a sequence.
  private func pick(
    _ index: Value, count: Int, at place: SourceRange, one: (Int) -> Value,
    several: (Range<Int>) -> Value
  ) throws(Fault) -> Value {
    switch index {
    case .integer(let number):
      let position = number < 0 ? number &+ count : number
      guard position >= 0, position < count else {
        throw Fault(.indexOutOfRange(number, count: count, at: place))
      }
      return one(position)
    case .range(let wanted):
      guard let stretch = stretch(wanted, count: count) else {
        throw Fault(
          .indexOutOfRange(
            wanted.lower < -count || wanted.lower > count ? wanted.lower : wanted.upper,
            count: count, at: place))
      }
      return several(stretch)
    default:
      throw Fault(.expected(.position, found: index, as: .index, at: place))
    }
  }

  /// A range over a sequence, negative ends counted from its end; `nil` outside. One that ends
  /// before it starts is empty.
  private func stretch(_ wanted: IntegerRange, count: Int) -> Range<Int>? {
    let isFromEnd = wanted.lower < 0
    let lower = isFromEnd ? wanted.lower &+ count : wanted.lower
    if let end = wanted.endFromBack {
      guard (0...count).contains(lower) else { return nil }
      return lower..<max(lower, end &+ count)
    }
    let upper = isFromEnd && wanted.upper <= 0 ? wanted.upper &+ count : wanted.upper
    guard lower >= 0, upper <= count, lower <= upper else { return nil }
    return lower..<upper
  }

  // MARK: Tensors

  private func part(
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
      let length = x.shape[axis]
      let place = subscripts[axis]
      switch index {
      case .integer(let number):
        let position = number < 0 ? number &+ length : number
        guard position >= 0, position < length else {
          throw Fault(.axisIndexOutOfRange(number, axis: axis, length: length, at: place))
        }
        slices[axis] = AxisSlice(start: position, count: 1)
        kept[axis] = false
      case .range(let wanted):
        guard let stretch = stretch(wanted, count: length) else {
          throw Fault(
            .axisIndexOutOfRange(
              wanted.lower < -length || wanted.lower > length ? wanted.lower : wanted.upper,
              axis: axis, length: length, at: place))
        }
        slices[axis] = AxisSlice(start: stretch.lowerBound, count: stretch.count)
      case .tensor(let indices) where indices.dtype.isIndex:
        lookups.append(
          (axis, try checkedIndices(indices, axis: axis, length: length, at: place)))
      case .list:
        let nested = try nestedNumbers(index, at: place)
        guard nested.values.allSatisfy({ Int32(exactly: $0) != nil }) else {
          throw Fault(.expected(.integers, found: index, as: .oneIndex, at: place))
        }
        let indices = try makeTensor(
          nested.values, shape: nested.shape, dtype: .i32, account: .values, at: place)
        lookups.append(
          (axis, try checkedIndices(indices, axis: axis, length: length, at: place)))
      default:
        throw Fault(
          .expected(
            .tensorPosition, found: index, as: .oneIndex, at: place))
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

  // MARK: Gradients

  /// The gradient of a tensor, or of all parameters of a layer as a record.
  private func gradient(
    _ index: Value, in gradients: GradientsValue, at place: SourceRange, of whole: SourceRange
  ) throws(Fault) -> Value {
    func found(_ target: TensorValue) -> TensorValue? {
      gradients.entries.first { $0.target === target }?.gradient
    }
    switch index {
    case .tensor(let target):
      guard let gradient = found(target) else {
        guard !gradients.entries.contains(where: { $0.name == place.text }) else {
          throw Fault(.rebound(place.text, in: whole, at: place))
        }
        throw Fault(.noGradient(place.text, at: place))
      }
      return .tensor(gradient)
    case .layer(let layer):
      let fields = layer.parameters().compactMap { parameter in
        found(parameter.tensor).map { (name: parameter.path, value: Value.tensor($0)) }
      }
      guard !fields.isEmpty else { throw Fault(.noGradient(place.text, at: place)) }
      return .record(Record(typeName: "gradients of \(layer.name)", fields: fields))
    case .list(let list):
      var parts: [Value] = []
      for element in list.elements {
        parts.append(try gradient(element, in: gradients, at: place, of: whole))
      }
      return .list(List(parts))
    case .string(let name):
      guard let entry = gradients.entries.first(where: { $0.name == name.string }) else {
        throw Fault(.noGradient("\"\(name.string)\"", at: place))
      }
      return .tensor(entry.gradient)
    default:
      throw Fault(.expected(.tensorOrLayer, found: index, as: .index, at: place))
    }
  }

  /// Indices counted from 0. Refuses those outside an axis, where their numbers are known.
  private func checkedIndices(
    _ indices: TensorValue, axis: Int, length: Int, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    guard var numbers = knownNumbers(of: indices) else { return indices }
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
}
