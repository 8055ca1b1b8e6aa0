import Syntax

/// Values that nothing takes, where that can hardly be meant.
extension Compiler {
  /// Says of a statement whose value nothing takes, and of the ends of its branches, that it gives
  /// a new list or dictionary.
  func remarkIfDropped(_ statement: Statement, _ scope: FunctionScope) {
    guard case .expression(let expression) = statement.kind else { return }
    switch expression.kind {
    case .conditional(let conditional):
      for branch in [conditional.then, conditional.otherwise].compactMap(\.self) {
        if let last = branch.statements.last { remarkIfDropped(last, scope) }
      }
    case .call(let callee, let arguments):
      let whole = arguments.first { ["list", "dictionary", nil].contains($0.label?.name) }
      remarkIfDropped(expression, calling: callee, with: whole?.value, scope)
    case .binary(.pipe, let whole, let target, _):
      if case .call(let callee, _) = target.kind {
        remarkIfDropped(expression, calling: callee, with: whole, scope)
      } else {
        remarkIfDropped(expression, calling: target, with: whole, scope)
      }
    default: return
    }
  }

  private func remarkIfDropped(
    _ call: Expression, calling callee: Expression, with whole: Expression?, _ scope: FunctionScope
  ) {
    guard case .name(let name) = callee.kind, !scope.hasVariable(name) else { return }
    var kept: String?
    if case .name(let variable)? = whole?.kind { kept = variable }
    machine.remarkIfDropped(call.range.text, calling: name, keptIn: kept)
  }
}
