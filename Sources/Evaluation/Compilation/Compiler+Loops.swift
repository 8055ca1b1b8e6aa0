import Syntax

/// Loops, and what leaves them.
extension Compiler {
  /// `for a, b in items { … }`: each turn has variables of its own.
  func loop(
    _ names: [Identifier], _ items: Expression, _ body: Block, _ scope: FunctionScope,
    _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let items = try expression(items, scope)
    if let last = body.statements.last { remarkIfDropped(last, scope) }
    scope.enterBlock()
    scope.loopDepth += 1
    defer {
      scope.loopDepth -= 1
      scope.leaveBlock()
    }
    let binders = names.map {
      BindLocalNode(declare($0, scope), ConstantNode(.none, $0.range), $0.range)
    }
    return LoopNode(binders, items: items, body: try block(body, scope), range)
  }

  /// `while condition { … }`
  func whileLoop(
    _ condition: Expression, _ body: Block, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    let test = try expression(condition, scope)
    if let last = body.statements.last { remarkIfDropped(last, scope) }
    scope.loopDepth += 1
    defer { scope.loopDepth -= 1 }
    return WhileNode(test, body: try block(body, scope), range)
  }

  /// `break` or `continue`, which is `word`. Refused where no loop of this function is around.
  func loopExit(
    _ exit: Fault, _ word: String, _ scope: FunctionScope, _ range: SourceRange
  ) throws(Fault) -> CodeNode {
    guard scope.loopDepth > 0 else { throw Fault(.outside(word, of: .loop, at: range)) }
    return LoopExitNode(exit, range)
  }
}
