import Syntax

/// `p.peak`
final class FieldNode: Node {
  private let base: Node
  private let field: Identifier

  init(_ base: Node, _ field: Identifier, _ range: SourceRange) {
    self.base = base
    self.field = field
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try frame.machine.field(field, of: base.evaluate(frame), at: range)
  }
}

/// `x[0, 1..<3]`, `g[w]`
final class IndexNode: Node {
  private let base: Node
  private let subscripts: [Node]

  init(_ base: Node, _ subscripts: [Node], _ range: SourceRange) {
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
