import Syntax

/// A block that is traced instead of run, with what a gradient is taken with respect to, and the
/// strategy.
final class BlockCode {
  /// What is traced: its value is the loss, or a list that begins with it.
  let body: CodeNode
  /// What stands behind `wrt`, or `train`; empty where nothing does, which means all parameters
  /// that the block uses.
  let wrt: [CodeNode]
  /// What stands behind `with`; `nil` where nothing does, which means `keep_all`.
  let strategy: CodeNode?
  /// The whole form; of `train` its body.
  let range: SourceRange

  /// `range` is where messages about the block stand.
  init(body: CodeNode, wrt: [CodeNode], strategy: CodeNode?, range: SourceRange) {
    self.body = body
    self.wrt = wrt
    self.strategy = strategy
    self.range = range
  }
}
