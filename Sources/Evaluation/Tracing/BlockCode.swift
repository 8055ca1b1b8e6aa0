import Syntax

/// A block that is traced instead of run, with what a gradient is taken with respect to, and the
/// strategy.
final class BlockCode {
  let body: CodeNode
  let wrt: [CodeNode]
  let strategy: CodeNode?
  let range: SourceRange

  init(body: CodeNode, wrt: [CodeNode], strategy: CodeNode?, range: SourceRange) {
    self.body = body
    self.wrt = wrt
    self.strategy = strategy
    self.range = range
  }
}
