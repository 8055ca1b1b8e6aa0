package import Schedules
package import Syntax

/// A strategy, built in or a learner's own.
package final class StrategyValue {
  package enum Kind {
    case builtin(any Strategy)
    /// A learner's `strategy … on chain` or `on graph`, with its arguments bound.
    case learner(StrategyDeclaration, Function)
  }
  package let kind: Kind
  /// The call that makes it: `revolve(slots: 3)`.
  package let spelling: String

  package init(kind: Kind, spelling: String) {
    self.kind = kind
    self.spelling = spelling
  }
}
