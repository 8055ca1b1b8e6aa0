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
        .expected(.tensor, found: base, as: .indexedWith(indices.count), at: range))
    }
    switch base {
    case .list(let list):
      return try pick(
        index, of: .list, count: list.count, at: place, one: { list[$0] },
        several: { .list(list.part($0)) })
    case .dictionary(let dictionary):
      guard let value = dictionary.entries[try key(index, at: place)] else {
        throw Fault(
          .unknownKey(index, known: dictionary.entries.keys.map { text(of: $0.value) }, at: place))
      }
      return value
    case .range(let whole):
      return try pick(
        index, of: .range, count: whole.count, at: place, one: { .integer(whole.lower + $0) },
        several: {
          .range(
            IntegerRange(lower: whole.lower + $0.lowerBound, upper: whole.lower + $0.upperBound))
        })
    case .string(let text):
      return try pick(
        index, of: .string, count: text.count, at: place,
        one: { .string(text[$0..<$0 + 1]) }, several: { .string(text[$0]) })
    case .gradients(let gradients):
      return try gradient(index, in: gradients, at: place, of: range)
    case .dataSet(let data): return try part(of: data, index, at: place, of: range)
    case .record(let record): return try field(of: record, index, at: place)
    default:
      throw Fault(.expected(.indexable, found: base, as: .indexed, at: range))
    }
  }

  /// A column of a data set by its name, or a stretch of its rows as a data set.
  private func part(
    of data: DataSet, _ index: Value, at place: SourceRange, of whole: SourceRange
  ) throws(Fault) -> Value {
    switch index {
    case .range(let wanted):
      guard let stretch = stretch(wanted, count: data.count) else {
        throw Fault(
          .indexOutOfRange(
            wanted.end(outside: data.count), of: .dataSet, count: data.count, at: place))
      }
      return .dataSet(try rows(stretch, of: data, at: whole))
    case .string(let name):
      guard let column = data.columns.first(where: { $0.name == name.string }) else {
        throw Fault(
          .unknownField(
            Identifier(name.string, place), of: "the data set \(data.name)",
            known: data.columns.map(\.name)))
      }
      return .tensor(try self.whole(column, at: whole))
    default:
      throw Fault(.expected(.columnNameOrRows, found: index, as: .index, at: place))
    }
  }

  /// A field of a record by its name.
  private func field(
    of record: Record, _ index: Value, at place: SourceRange
  ) throws(Fault) -> Value {
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
  }

  /// One element or a stretch of a sequence.
  private func pick(
    _ index: Value, of sequence: Diagnostic.Indexed, count: Int, at place: SourceRange,
    one: (Int) -> Value, several: (Range<Int>) -> Value
  ) throws(Fault) -> Value {
    switch index {
    case .integer: return one(try position(index, of: sequence, count: count, at: place))
    case .range(let wanted):
      guard let stretch = stretch(wanted, count: count) else {
        throw Fault(
          .indexOutOfRange(wanted.end(outside: count), of: sequence, count: count, at: place))
      }
      return several(stretch)
    default:
      throw Fault(.expected(.position, found: index, as: .index, at: place))
    }
  }

  /// A range over a sequence: see `IntegerRange.stretch`.
  func stretch(_ wanted: IntegerRange, count: Int) -> Range<Int>? { wanted.stretch(count: count) }

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
        found(parameter.tensor).map { (name: parameter.name, value: Value.tensor($0)) }
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
}

extension IntegerRange {
  /// The places that it means in a sequence, negative ends counted from its end; `nil` outside. One
  /// that ends before it starts is empty.
  func stretch(count: Int) -> Range<Int>? {
    let isFromEnd = self.lower < 0
    let lower = isFromEnd ? self.lower &+ count : self.lower
    if let end = endFromBack {
      guard (0...count).contains(lower) else { return nil }
      return lower..<max(lower, end &+ count)
    }
    let upper = isFromEnd && self.upper <= 0 ? self.upper &+ count : self.upper
    guard lower >= 0, upper <= count, lower <= upper else { return nil }
    return lower..<upper
  }

  /// The end of a range that lies outside a sequence of `count`: the first of them where both do.
  func end(outside count: Int) -> Int { lower < -count || lower > count ? lower : upper }
}
