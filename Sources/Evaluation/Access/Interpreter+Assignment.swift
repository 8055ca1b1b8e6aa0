import Syntax
import Tensors

/// One step of the way from a name to a place that is assigned.
enum PlaceStep {
  case index(Value, SourceRange)
  case field(Identifier)

  /// The subscript between the brackets, or the name behind the dot.
  var range: SourceRange {
    switch self {
    case .index(_, let range): range
    case .field(let name): name.range
    }
  }
}

/// What is written to a place: a value, or the result of an operator on what is there and the
/// value.
struct PlaceWrite {
  /// `+` of `+=`; `nil` where the value just takes the place.
  let operation: BinaryOperator?
  /// What stands to the right of the sign, evaluated.
  let value: Value
  /// Where that stands.
  let valueRange: SourceRange
  /// The whole assignment.
  let range: SourceRange
}

extension Interpreter {
  /// Writes to a place inside what a cell holds; undone with the command, as every write of a cell
  /// is.
  func assign(_ write: PlaceWrite, in cell: Cell, _ path: [PlaceStep]) throws(Fault) {
    var value = cell.value
    // The cell lets go of its value, so that one which nobody else holds is changed in place.
    self.write(.none, to: cell)
    defer { self.write(value, to: cell) }
    try assign(write, in: &value, path[...])
  }

  /// Lets `body` change what a cell holds; undone with the command, as every write of a cell is.
  func change(_ cell: Cell, _ body: (inout Value) -> Bool) -> Bool {
    var value = cell.value
    // The cell lets go of its value, so that one which nobody else holds is changed in place.
    write(.none, to: cell)
    defer { write(value, to: cell) }
    return body(&value)
  }

  /// Writes to the place that a path leads to inside a value. Where it throws, the value is as it
  /// was.
  func assign(
    _ write: PlaceWrite, in base: inout Value, _ path: ArraySlice<PlaceStep>
  ) throws(Fault) {
    guard let step = path.first else {
      base = try result(of: write, on: base)
      return
    }
    if case .layer = base { return try assignInLayer(write, base, path) }
    if case .optimizer(let optimizer) = base, path.count == 1, case .field(let name) = step,
      name.name == "lr"
    {
      let old = try field(name, of: base, at: name.range)
      return try setRate(try result(of: write, on: old), of: optimizer, at: write.valueRange)
    }
    guard case .index(let index, let place) = step else {
      throw Fault(.notAssignable(base, field: step.range.text, at: step.range))
    }
    // No pattern around these: it would hold what it matches, and so have it copied.
    if try assign(write, inListAt: &base, index, place, path.dropFirst()) { return }
    if try assign(write, inDictionaryAt: &base, index, place, path.dropFirst()) { return }
    throw Fault(.notAssignable(base, field: nil, at: write.range))
  }

  /// False where no list stands there.
  private func assign(
    _ write: PlaceWrite, inListAt base: inout Value, _ index: Value, _ place: SourceRange,
    _ path: ArraySlice<PlaceStep>
  ) throws(Fault) -> Bool {
    guard var list = base.takeList() else { return false }
    defer { base = .list(list) }
    let position = try self.position(index, of: .list, count: list.count, at: place)
    try List.change(&list, at: position) { (element) throws(Fault) in
      try assign(write, in: &element, path)
    }
    guard list.depth <= Interpreter.deepestList else {
      throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: write.range))
    }
    return true
  }

  /// False where no dictionary stands there.
  private func assign(
    _ write: PlaceWrite, inDictionaryAt base: inout Value, _ index: Value, _ place: SourceRange,
    _ path: ArraySlice<PlaceStep>
  ) throws(Fault) -> Bool {
    guard var dictionary = base.takeDictionary() else { return false }
    defer { base = .dictionary(dictionary) }
    let key = try key(index, at: place)
    try DictionaryValue.change(&dictionary, at: key) { (value) throws(Fault) in
      if var known = value {
        value = Value.none
        defer { value = known }
        try assign(write, in: &known, path)
      } else {
        guard path.isEmpty, write.operation == nil else {
          throw Fault(.unknownKey(index, known: [], at: place))
        }
        value = write.value
      }
    }
    return true
  }

  private func result(of write: PlaceWrite, on old: Value) throws(Fault) -> Value {
    guard let operation = write.operation else { return write.value }
    return try apply(
      operation, old, write.value, at: write.range, left: write.range, right: write.valueRange)
  }

  /// Goes on inside a layer, to one of its parameters or states.
  private func assignInLayer(
    _ write: PlaceWrite, _ base: Value, _ path: ArraySlice<PlaceStep>
  ) throws(Fault) {
    var owner = base
    for step in path.dropLast() {
      switch step {
      case .index(let index, let range):
        owner = try self.index(owner, [index], at: range, subscripts: [range])
      case .field(let name): owner = try field(name, of: owner, at: name.range)
      }
    }
    guard case .layer(let layer) = owner, case .field(let name)? = path.last else {
      throw Fault(.notAssignable(owner, field: nil, at: write.range))
    }
    guard let member = layer.fields.first(where: { $0.name == name.name }) else {
      throw Fault(
        .unknownField(name, of: Diagnostic.describe(owner), known: layer.fields.map(\.name)))
    }
    guard member.kind != .plain, case .tensor(let old) = member.cell.value else {
      throw Fault(.memberNotAssignable(name.name, of: layer.name, at: name.range))
    }
    let new = try result(of: write, on: .tensor(old))
    try overwrite(old, with: new, named: name.name, at: write.valueRange)
  }

  /// Gives a parameter or a state new numbers of the same shape and type; it stays the tensor that
  /// `wrt`, gradients and optimizers know.
  func overwrite(
    _ old: TensorValue, with value: Value, named name: String, at range: SourceRange
  ) throws(Fault) {
    guard trace == nil else { throw Fault(.insideBlock("an assignment to a layer", at: range)) }
    guard case .tensor(let new) = value else {
      throw Fault(.expected(.tensor, found: value, as: .newValue(name), at: range))
    }
    guard !old.isSketch else { throw Fault(.sketched(at: range)) }
    guard let numbers = new.tensor else { throw missingNumbers(of: new, at: range) }
    guard new.shape == old.shape, new.dtype == old.dtype else {
      throw Fault(.stateChanged(name, from: old, to: new, at: range))
    }
    do {
      let account: AccountClass = old.role == .state ? .state : .parameters
      replaceBytes(of: old, by: .concrete(try numbers.copy(as: account)))
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  // MARK: Places

  /// A place in a sequence from an index that may count from its end.
  func position(
    _ index: Value, of sequence: Diagnostic.Indexed, count: Int, at range: SourceRange
  ) throws(Fault) -> Int {
    guard case .integer(let number) = index else {
      throw Fault(.expected(.integer, found: index, as: .index, at: range))
    }
    let position = number < 0 ? number &+ count : number
    guard position >= 0, position < count else {
      throw Fault(.indexOutOfRange(number, of: sequence, count: count, at: range))
    }
    return position
  }

  /// A value as the key of a dictionary.
  func key(_ value: Value, at range: SourceRange) throws(Fault) -> DictionaryValue.Key {
    guard let key = DictionaryValue.Key(value) else {
      throw Fault(.expected(.key, found: value, as: .key, at: range))
    }
    return key
  }

  /// A dictionary of keys and values, each with the place of its key. A key that stands twice is
  /// refused.
  func dictionary(
    _ pairs: [(key: Value, value: Value, range: SourceRange)], at range: SourceRange
  ) throws(Fault) -> Value {
    var entries = DictionaryEntries()
    for pair in pairs {
      let key = try key(pair.key, at: pair.range)
      guard entries.place(of: key) == nil else {
        throw Fault(.repeatedKey(pair.key, at: pair.range))
      }
      entries.append(key, pair.value)
    }
    let dictionary = DictionaryValue(entries)
    guard dictionary.depth <= Interpreter.deepestList else {
      throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: range))
    }
    return .dictionary(dictionary)
  }

  /// `a in b`: an element of a list or range, a key of a dictionary, a part of a string.
  func contains(
    _ whole: Value, _ part: Value, at range: SourceRange, whole place: SourceRange
  ) throws(Fault) -> Bool {
    switch (whole, part) {
    case (.list(let list), _):
      for element in list.elements { if try isEqual(element, part, at: range) { return true } }
      return false
    case (.dictionary(let dictionary), _):
      return DictionaryValue.Key(part).map { dictionary.entries[$0] != nil } ?? false
    case (.range(let numbers), .integer(let number)):
      return numbers.lower <= number && number < numbers.upper
    case (.string(let text), .string(let part)):
      return text.plainlyContains(part)
        ?? (part.byteCount == 0 || text.string.contains(part.string))
    case (.string, _), (.range, _):
      throw Fault(.operatorMismatch("in", part, whole, at: range))
    default:
      throw Fault(.expected(.container, found: whole, as: .looked, at: place))
    }
  }

  // MARK: Parts

  /// So many parts of a value, for names that take one each: elements of a list, fields of a
  /// record, rows of a tensor, columns of a data set.
  func parts(
    of value: Value, count: Int, as role: Diagnostic.Role, at range: SourceRange
  ) throws(Fault) -> [Value] {
    var parts: [Value]
    switch value {
    case .list(let list): parts = list.elements
    case .record(let record): parts = record.fields.map(\.value)
    case .dataSet(let data):
      parts = try data.columns.map { (column) throws(Fault) in
        .tensor(try whole(column, at: range))
      }
    case .tensor(let x) where x.shape.rank > 0 && x.shape[0] == count:
      parts = []
      for row in 0..<count {
        parts.append(try index(value, [.integer(row)], at: range, subscripts: [range]))
      }
    default:
      throw Fault(.expected(.values(count), found: value, as: role, at: range))
    }
    guard parts.count == count else {
      throw Fault(.partCount(role, names: count, parts: parts.count, at: range))
    }
    return parts
  }
}
