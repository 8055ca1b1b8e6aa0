/// Why a strategy gave no schedule, or why a schedule is not legal.
package enum ScheduleError: Error, Hashable, Sendable {
  /// An action breaks a rule: its number from 0, how it reads aloud, the rule, and what was in memory then.
  case illegal(action: Int, reading: String, rule: String, memory: String)
  /// No schedule of the strategy peaks at or below the budget; `least` is the lowest peak it can reach.
  case impossible(budget: Int, least: Int)
  /// An option is out of range: what was expected, and what was found.
  case option(name: String, expected: String, found: String)
  /// A list names what the block does not have; `known` are the names that it has.
  case unknown(Named, name: String, known: [String])
  /// A limit ended the planning: what, and the limit.
  case limit(String)
  /// The planning was stopped from outside.
  case cancelled
  /// A strategy whose body lies outside this floor failed in its own way.
  case foreign(ForeignFailure)
}

/// What a list of a strategy names.
package enum Named: Hashable, Sendable {
  case operation, value
}

/// An error that passes through planning unread: that of a strategy whose body lies on a floor above.
package final class ForeignFailure: Hashable, Sendable {
  package let error: any Error
  /// True where the body gave no legal schedule; false where something else went wrong.
  package let isRefusal: Bool

  package init(_ error: any Error, isRefusal: Bool) {
    self.error = error
    self.isRefusal = isRefusal
  }

  package static func == (one: ForeignFailure, other: ForeignFailure) -> Bool { one === other }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
