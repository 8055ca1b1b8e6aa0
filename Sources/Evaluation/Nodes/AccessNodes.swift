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
final class IndexNode: CodeNode {
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
    return try frame.machine.index(value, indices, at: range, subscripts: subscripts.map(\.range))
  }
}
