import Schedules
import Syntax

/// A strategy, built in or a learner's own, with its options.
package final class StrategyValue {
  enum Kind {
    /// An entry of the catalogue with its options.
    case builtin(String, [String: Catalogue.OptionValue])
    /// A learner's `strategy … on chain` or `on graph` with the arguments it was called with.
    case learner(StrategyDeclaration, Closure, [PassedArgument])
  }
  let kind: Kind
  /// The call that makes it: `revolve(slots: 3)`.
  package let spelling: String

  init(kind: Kind, spelling: String) {
    self.kind = kind
    self.spelling = spelling
  }

  /// The strategies that comparisons are made with.
  static var keepAll: StrategyValue {
    StrategyValue(kind: .builtin("keep_all", [:]), spelling: "keep_all")
  }
  static var keepNone: StrategyValue {
    StrategyValue(kind: .builtin("keep_none", [:]), spelling: "keep_none")
  }

  /// What tells one plan of this strategy from another on the same graph; `nil` for a learner's, whose body may
  /// depend on anything.
  func cacheKey(base: Int, budget: Int?) -> String? {
    switch kind {
    case .learner: nil
    case .builtin(_, let options):
      options.keys.contains("budget") || spelling.hasPrefix("auto")
        ? "\(spelling) beside \(base) within \(budget ?? -1)" : spelling
    }
  }
}
