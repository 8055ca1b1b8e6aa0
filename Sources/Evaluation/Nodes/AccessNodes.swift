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
  private let place: CodeNode

  /// `place` is the only subscript.
  init(_ base: CodeNode, _ place: CodeNode, _ range: SourceRange) {
    whole = base
    self.place = place
    super.init(base, [place], range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try whole.evaluate(frame)
    let index = try place.evaluate(frame)
    if let element = value.element(index) { return element }
    return try parts(of: value, [index], frame)
  }
}

/// `xs[i]` with a variable of the function that runs, which the subscript does not assign.
final class LocalElementNode: IndexNode {
  private let whole: LocalNode
  private let place: CodeNode

  /// `place` is the only subscript.
  init(_ base: LocalNode, _ place: CodeNode, _ range: SourceRange) {
    whole = base
    self.place = place
    super.init(base, [place], range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard whole.cell < 0 else { return try super.evaluate(frame) }
    let index = try place.evaluate(frame)
    if let element = frame.slots[whole.slot].element(index) { return element }
    return try parts(of: frame.slots[whole.slot], [index], frame)
  }
}

extension Value {
  /// The element at a place counted from the start, or at a key that is there; `nil` for all other
  /// subscripts.
  @inline(__always)
  fileprivate func element(_ index: Value) -> Value? {
    switch (self, index) {
    case (.list(let list), .integer(let place)):
      place >= 0 && place < list.count ? list[place] : nil
    case (.string(let text), .integer(let place)): text.plainCharacter(place).map { .string($0) }
    case (.dictionary(let dictionary), _):
      DictionaryValue.Key(index).flatMap { dictionary.entries[$0] }
    default: nil
    }
  }
}
