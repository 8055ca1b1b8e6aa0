import Syntax

/// A piece of compiled program. Trees of nodes are evaluated by calling the root.
class CodeNode {
  let range: SourceRange

  init(_ range: SourceRange) { self.range = range }

  /// Evaluates the node in a frame. Throws `Fault` with the place and a hint.
  func evaluate(_ frame: Frame) throws(Fault) -> Value { .none }
}

final class ConstantNode: CodeNode {
  private let value: Value

  init(_ value: Value, _ range: SourceRange) {
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value { value }
}
