import Graphs
import Syntax
import Tensors

// What `sum`, `average`, `max`, `min` and `sort` make of the elements of a list.

/// What elements are ordered by: all numbers, or all strings.
private enum OrderKey {
  case integer(Int)
  case number(Double)
  case string(String)

  /// `nil` for a value that has no place in an order.
  init?(_ value: Value) {
    switch value {
    case .integer(let x), .bytes(let x): self = .integer(x)
    case .float(let x) where !x.isNaN: self = .number(x)
    case .string(let text): self = .string(text.string)
    case .none, .float, .boolean, .list, .dictionary, .range, .function, .layer, .tensor, .dataSet,
      .batches, .optimizer, .strategy, .gradients, .plan, .record:
      return nil
    }
  }

  /// The integer that it is; `nil` for all others.
  var integer: Int? { if case .integer(let number) = self { number } else { nil } }

  /// The string that it is; `nil` for all others.
  var string: String? { if case .string(let string) = self { string } else { nil } }

  /// Whether it comes before another; `nil` where they cannot be compared.
  func precedes(_ other: OrderKey) -> Bool? {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): a < b
    case (.integer(let a), .number(let b)): Double(a) < b
    case (.number(let a), .integer(let b)): a < Double(b)
    case (.number(let a), .number(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    case (.string, .integer), (.string, .number), (.integer, .string), (.number, .string): nil
    }
  }
}

extension Interpreter {
  /// The places of a list's elements in ascending order of their keys, or descending; equals keep
  /// their order. Refuses keys that are neither all numbers nor all strings, and nan; stops where
  /// it is asked to.
  func order(
    of keys: [Value], descending: Bool, at range: SourceRange
  ) throws(Fault) -> [Int] {
    var known: [OrderKey] = []
    for (place, key) in keys.enumerated() {
      try heed(at: range)
      guard let found = OrderKey(key), (known.first ?? found).precedes(found) != nil else {
        throw Fault(.unordered(key, after: keys.first, place: place, at: range))
      }
      known.append(found)
    }
    let integers = known.compactMap(\.integer)
    if integers.count == known.count {
      return try places(of: integers, descending: descending, at: range)
    }
    let strings = known.compactMap(\.string)
    if strings.count == known.count {
      return try places(of: strings, descending: descending, at: range)
    }
    do {
      return try keys.indices.sorted { a, b in
        try heed(at: range)
        if known[a].precedes(known[b]) == true { return !descending }
        if known[b].precedes(known[a]) == true { return descending }
        return a < b
      }
    } catch {
      throw Fault(.interrupted(at: range))
    }
  }

  private func places(
    of keys: [some Comparable], descending: Bool, at range: SourceRange
  ) throws(Fault) -> [Int] {
    do {
      return try keys.indices.sorted { a, b in
        try heed(at: range)
        return keys[a] == keys[b] ? a < b : (keys[a] < keys[b]) != descending
      }
    } catch {
      throw Fault(.interrupted(at: range))
    }
  }

  /// The sum of numbers, tensors or gradients: exact for integers and bytes; 0 for none.
  func total(_ values: [Value], of function: String, at range: SourceRange) throws(Fault) -> Value {
    guard let first = values.first else { return .integer(0) }
    var sum = first
    try check(values, of: function, at: range)
    for value in values.dropFirst() {
      try heed(at: range)
      sum = try apply(.add, sum, value, at: range, left: range, right: range)
    }
    return sum
  }

  /// The average of numbers, tensors or gradients, of which there is one at least.
  func mean(_ values: [Value], of function: String, at range: SourceRange) throws(Fault) -> Value {
    guard !values.isEmpty else { throw Fault(.value(.noElements(function), at: range)) }
    try check(values, of: function, at: range)
    let numbers = values.compactMap(double)
    if numbers.count == values.count {
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let areBytes = values.allSatisfy { if case .bytes = $0 { true } else { false } }
      return areBytes ? .bytes(try wholeBytes(mean, at: range)) : .float(mean)
    }
    return try apply(
      .divide, try total(values, of: function, at: range), .integer(values.count), at: range,
      left: range, right: range)
  }

  /// The greatest (or least) of numbers, of strings, or of tensors element by element, of which
  /// there is one at least. nan is passed on.
  func extreme(
    _ values: [Value], _ pairwise: Binary, of function: String, at range: SourceRange
  ) throws(Fault) -> Value {
    guard let first = values.first else { throw Fault(.value(.noElements(function), at: range)) }
    if values.contains(where: isTensor) {
      var best = first
      for value in values.dropFirst() {
        try heed(at: range)
        best = try tensorBinary(pairwise, best, value, at: range)
      }
      return best
    }
    if let nan = values.first(where: { double($0)?.isNaN == true }) {
      try check(values, of: function, at: range)
      return nan
    }
    let order = try order(of: values, descending: pairwise == .maximum, at: range)
    return values[order[0]]
  }

  /// Refuses what is neither a number nor a tensor, unless all are gradients.
  private func check(
    _ values: [Value], of function: String, at range: SourceRange
  ) throws(Fault) {
    if values.first.map(isGradients) == true {
      guard let place = values.firstIndex(where: { !isGradients($0) }) else { return }
      throw Fault(
        .expected(.gradients, found: values[place], as: .elementOf(place, function), at: range))
    }
    for (place, value) in values.enumerated() where double(value) == nil && !isTensor(value) {
      throw Fault(
        .expected(.tensorOrNumber, found: value, as: .elementOf(place, function), at: range))
    }
  }
}
