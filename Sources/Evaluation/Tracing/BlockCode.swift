import Syntax

/// A block that is traced instead of run, with what a gradient is taken with respect to, and the strategy.
final class BlockCode {
  let body: Node
  let wrt: [Node]
  let strategy: Node?
  let range: SourceRange

  init(body: Node, wrt: [Node], strategy: Node?, range: SourceRange) {
    self.body = body
    self.wrt = wrt
    self.strategy = strategy
    self.range = range
  }
}
