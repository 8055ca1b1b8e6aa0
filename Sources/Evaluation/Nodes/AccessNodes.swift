import Syntax

/// `p.peak`
final class FieldNode: CodeNode {
  private let base: CodeNode
  private let field: Identifier

  /// `range` is the whole, from the base on.
  init(_ base: CodeNode, _ field: Identifier, _ range: SourceRange) {
    self.base = base
    self.field = field
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try frame.machine.field(field, of: base.evaluate(frame), at: range)
  }
}

/// `x[0, 1..<3]`, `g[w]`
class IndexNode: CodeNode {
  private let base: CodeNode
  private let subscripts: [CodeNode]

  /// `subscripts` are one for each axis of a tensor, and one alone for anything else.
  init(_ base: CodeNode, _ subscripts: [CodeNode], _ range: SourceRange) {
    self.base = base
    self.subscripts = subscripts
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try base.evaluate(frame)
    var indices: [Value] = []
    for node in subscripts { indices.append(try node.evaluate(frame)) }
    return try parts(of: value, indices, frame)
  }

  fileprivate final func parts(
    of value: Value, _ indices: [Value], _ frame: Frame
  ) throws(Fault) -> Value {
    try frame.machine.index(value, indices, at: range, subscripts: subscripts.map(\.range))
  }
}

/// `xs[i]`: the common subscripts at once.
final class ElementNode: IndexNode {
  private let whole: CodeNode
  private let place: Sight

  /// `place` is the only subscript.
  init(_ base: CodeNode, _ place: CodeNode, _ range: SourceRange) {
    whole = base
    self.place = Sight(place)
    super.init(base, [place], range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try whole.evaluate(frame)
    return try place.look(frame) { (index) throws(Fault) in
      if let element = withUnsafePointer(to: value, { $0.element(index) }) { return element }
      return try parts(of: value, [index.pointee], frame)
    }
  }
}

/// `xs[i]` with a variable of the function that runs, which the subscript does not assign: it is
/// looked at where it lies.
final class LocalElementNode: IndexNode {
  /// The variable.
  let whole: LocalNode
  /// The subscript.
  let place: CodeNode
  private let operand: Sight

  /// `place` is the only subscript.
  init(_ base: LocalNode, _ place: CodeNode, _ range: SourceRange) {
    whole = base
    self.place = place
    operand = Sight(place)
    super.init(base, [place], range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard whole.cell < 0 else { return try super.evaluate(frame) }
    return try operand.look(frame) { (index) throws(Fault) in
      let slot = UnsafePointer(frame.slots + whole.slot)
      if let element = slot.element(index) { return element }
      return try parts(of: slot.pointee, [index.pointee], frame)
    }
  }
}

/// `xs[i][j]` with a variable of the function that runs, which no subscript assigns: the lists in
/// it are looked at where they lie.
final class InnerElementNode: IndexNode {
  /// The variable.
  let whole: LocalNode
  /// The subscripts in order: two at least.
  let places: [CodeNode]
  private let row: NodeRow
  /// Where the expression up to each subscript stands.
  let ranges: [SourceRange]

  /// `base` is `xs[i]` or longer, `place` the last subscript.
  init(
    _ whole: LocalNode, _ places: [CodeNode], _ ranges: [SourceRange], of base: CodeNode
  ) {
    self.whole = whole
    self.places = places
    self.ranges = ranges
    row = NodeRow(places)
    super.init(base, [places[places.count - 1]], ranges[ranges.count - 1])
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard whole.cell < 0 else { return try super.evaluate(frame) }
    guard var list = UnsafePointer(frame.slots + whole.slot).list else {
      return try super.evaluate(frame)
    }
    for number in 0..<row.count {
      let index = try row.evaluate(number, frame)
      if case .integer(let place) = index {
        if number == row.count - 1 {
          if let element = list.element(place) { return element }
        } else if let inner = list.inner(place) {
          list = inner
          continue
        }
      }
      return try rest(of: .list(list.takeUnretainedValue()), index, from: number, frame)
    }
    return .none
  }

  /// The part of a value that the subscript of a number asks for, and so on to the last.
  @inline(never)
  private func rest(
    of value: Value, _ index: Value, from number: Int, _ frame: Frame
  ) throws(Fault) -> Value {
    var part = try frame.machine.index(
      value, [index], at: ranges[number], subscripts: [places[number].range])
    for next in number + 1..<places.count {
      part = try frame.machine.index(
        part, [places[next].evaluate(frame)], at: ranges[next], subscripts: [places[next].range])
    }
    return part
  }
}

extension Unmanaged<List> {
  /// The element at a place counted from the start; `nil` outside.
  @inline(__always)
  fileprivate func element(_ place: Int) -> Value? {
    _withUnsafeGuaranteedRef { place >= 0 && place < $0.count ? $0[place] : nil }
  }

  /// The list there, which lives as long as this one is held and not changed; `nil` outside, and
  /// where something else stands there.
  @inline(__always)
  fileprivate func inner(_ place: Int) -> Unmanaged<List>? {
    _withUnsafeGuaranteedRef { place >= 0 && place < $0.count ? $0.inner(place) : nil }
  }
}

extension UnsafePointer<Value> {
  /// The element at a place counted from the start, the part in a range, or what stands at a key
  /// that is there, of the value that lies here; `nil` for all other subscripts.
  @inline(__always)
  fileprivate func element(_ index: UnsafePointer<Value>) -> Value? {
    if let place = index.integer {
      if let list { return list.element(place) }
      if let text {
        return text._withUnsafeGuaranteedRef { $0.plainCharacter(place).map { .string($0) } }
      }
    }
    if let dictionary { return dictionary._withUnsafeGuaranteedRef { $0.value(of: index) } }
    return index.range == nil ? nil : part(index)
  }

  /// The part in a range; `nil` for all but lists and strings, and outside.
  @inline(never)
  private func part(_ index: UnsafePointer<Value>) -> Value? {
    switch (pointee, index.pointee) {
    case (.list(let list), .range(let range)):
      range.stretch(count: list.count).map { .list(list.part($0)) }
    case (.string(let text), .range(let range)):
      range.stretch(count: text.count).map { .string(text[$0]) }
    default: nil
    }
  }
}
