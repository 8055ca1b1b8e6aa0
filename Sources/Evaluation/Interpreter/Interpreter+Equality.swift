import Experiments
import Schedules
import Syntax
import Tensors

extension Interpreter {
  /// Whether two values are equal: by value for all that has one, tensors within others included.
  /// Functions, strategies' bodies and optimizers are equal to themselves only.
  ///
  /// Throws where the numbers of a block that is being traced would have to be read.
  func isEqual(_ a: Value, _ b: Value, at range: SourceRange) throws(Fault) -> Bool {
    if let x = double(a), let y = double(b) {
      if case .integer(let i) = a, case .integer(let j) = b { return i == j }
      return x == y
    }
    switch a {
    case .none: return isNone(b)
    case .integer, .float, .bytes: return false
    case .boolean(let x): if case .boolean(let y) = b { return x == y }
    case .string(let x): if case .string(let y) = b { return x.equals(y) }
    case .range(let x):
      if case .range(let y) = b {
        return x.lower == y.lower && x.upper == y.upper && x.endFromBack == y.endFromBack
      }
    case .list(let x):
      if case .list(let y) = b { return try areEqual(x.elements, y.elements, at: range) }
    case .dictionary(let x):
      if case .dictionary(let y) = b { return try isEqual(x, y, at: range) }
    case .function(let x): if case .function(let y) = b { return x === y }
    case .layer(let x): if case .layer(let y) = b { return try isEqual(x, y, at: range) }
    case .tensor(let x): if case .tensor(let y) = b { return try isEqual(x, y, at: range) }
    case .dataSet(let x): if case .dataSet(let y) = b { return try isEqual(x, y, at: range) }
    case .batches(let x): if case .batches(let y) = b { return x === y }
    case .optimizer(let x): if case .optimizer(let y) = b { return x === y }
    case .strategy(let x): if case .strategy(let y) = b { return x.spelling == y.spelling }
    case .gradients(let x): if case .gradients(let y) = b { return try isEqual(x, y, at: range) }
    case .plan(let x):
      if case .plan(let y) = b {
        return x === y
          || (x.schedule.actions == y.schedule.actions && x.workload.isEqual(y.workload))
      }
    case .record(let x):
      guard case .record(let y) = b, x.typeName == y.typeName,
        x.fields.map(\.name) == y.fields.map(\.name)
      else { return false }
      return try areEqual(x.fields.map(\.value), y.fields.map(\.value), at: range)
    }
    return false
  }

  private func isEqual(_ a: DataSet, _ b: DataSet, at range: SourceRange) throws(Fault) -> Bool {
    if a === b { return true }
    guard a.columns.map(\.name) == b.columns.map(\.name) else { return false }
    for (x, y) in zip(a.columns, b.columns) {
      let areHeld = x.windows == y.windows
      let a = areHeld ? x.tensor : try whole(x, at: range)
      let b = areHeld ? y.tensor : try whole(y, at: range)
      if try !isEqual(a, b, at: range) { return false }
    }
    return true
  }

  private func areEqual(_ a: [Value], _ b: [Value], at range: SourceRange) throws(Fault) -> Bool {
    guard a.count == b.count else { return false }
    for (x, y) in zip(a, b) {
      try heed(at: range)
      if try !isEqual(x, y, at: range) { return false }
    }
    return true
  }

  /// Whether a body is true of every place below `count`; stops where it is asked to.
  private func holds(
    below count: Int, at range: SourceRange, _ body: (Int) -> Bool
  ) throws(Fault) -> Bool {
    for start in stride(from: 0, to: count, by: 1 << 14) {
      try heed(at: range)
      guard (start..<min(start + (1 << 14), count)).allSatisfy(body) else { return false }
    }
    return true
  }

  private func isEqual(
    _ a: DictionaryValue, _ b: DictionaryValue, at range: SourceRange
  ) throws(Fault) -> Bool {
    guard a.entries.count == b.entries.count else { return false }
    for (key, value) in a.entries {
      try heed(at: range)
      guard let other = b.entries[key], try isEqual(value, other, at: range) else { return false }
    }
    return true
  }

  /// The same shape, type and elements.
  private func isEqual(
    _ a: TensorValue, _ b: TensorValue, at range: SourceRange
  ) throws(Fault) -> Bool {
    if a === b { return true }
    guard a.shape == b.shape, a.dtype == b.dtype else { return false }
    let (x, y) = (try readable(a, at: range), try readable(b, at: range))
    return try holds(below: x.shape.count, at: range) { x.element(at: $0) == y.element(at: $0) }
  }

  /// The same kind of layer, with equal members.
  private func isEqual(_ a: Layer, _ b: Layer, at range: SourceRange) throws(Fault) -> Bool {
    if a === b { return true }
    guard a.name == b.name, a.fields.map(\.name) == b.fields.map(\.name) else { return false }
    switch (a.kind, b.kind) {
    case (.chain(let x), .chain(let y)): return try areEqual(x, y, at: range)
    case (.declared(let x, _), .declared(let y, _)):
      guard x.code === y.code else { return false }
    case (.reversible, .reversible): break
    case (.chain, _), (.declared, _), (.reversible, _): return false
    }
    return try areEqual(a.fields.map(\.cell.value), b.fields.map(\.cell.value), at: range)
  }

  /// Equal losses and, name by name, equal gradients.
  private func isEqual(
    _ a: GradientsValue, _ b: GradientsValue, at range: SourceRange
  ) throws(Fault) -> Bool {
    if a === b { return true }
    guard a.entries.map(\.name) == b.entries.map(\.name) else { return false }
    for (x, y) in zip(a.entries, b.entries) {
      if try !isEqual(x.gradient, y.gradient, at: range) { return false }
    }
    return try isEqual(a.loss, b.loss, at: range)
  }

  // MARK: ~=

  /// `a ~= b within t`: numbers, tensors of one shape, or lists of as many, everywhere within `t`
  /// (1e-6 of the larger, unless given). A number stands for a tensor of any shape filled with it,
  /// one without elements apart.
  /// Other shapes are refused; the tolerance stands at `place`.
  func approximately(
    _ a: Value, _ b: Value, within tolerance: Value?, at range: SourceRange,
    tolerance place: SourceRange?
  ) throws(Fault) -> Bool {
    var bound: Double?
    if let tolerance {
      guard let given = double(tolerance), given >= 0 else {
        throw Fault(
          .expected(.numberFromZero, found: tolerance, as: .tolerance, at: place ?? range))
      }
      bound = given
    }
    return try isNear(a, b, within: bound, at: range)
  }

  private func isNear(
    _ a: Value, _ b: Value, within bound: Double?, at range: SourceRange
  ) throws(Fault) -> Bool {
    if case .list(let x) = a, case .list(let y) = b {
      guard x.count == y.count else {
        throw Fault(.listsNotComparable(x.count, y.count, at: range))
      }
      for (p, q) in zip(x.elements, y.elements) {
        try heed(at: range)
        if try !isNear(p, q, within: bound, at: range) { return false }
      }
      return true
    }
    let x = try numbers(in: a, at: range)
    let y = try numbers(in: b, at: range)
    if let p = x.shape, let q = y.shape, p != q {
      throw Fault(.shapesNotComparable(p, q, at: range))
    }
    // What has no element is near to what has none alone.
    if x.shape?.count == 0 || y.shape?.count == 0 { return x.shape == y.shape }
    let count = x.shape?.count ?? y.shape?.count ?? 1
    return try holds(below: count, at: range) { index in
      guard let p = x.element(index), let q = y.element(index) else { return false }
      return p == q || abs(p - q) <= bound ?? 1e-6 * max(abs(p), abs(q))
    }
  }

  /// The numbers in a value, read one at a time, and their shape; a number has none and stands at
  /// every place.
  private func numbers(
    in value: Value, at range: SourceRange
  ) throws(Fault) -> (shape: Shape?, element: (Int) -> Double?) {
    if let number = double(value) { return (nil, { _ in number }) }
    guard case .tensor(let tensor) = value else {
      throw Fault(.expected(.tensorOrNumber, found: value, as: .oneOperand("~="), at: range))
    }
    let numbers = try readable(tensor, at: range)
    return (numbers.shape, numbers.element(at:))
  }
}
