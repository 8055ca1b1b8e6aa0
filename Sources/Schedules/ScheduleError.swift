/// Why a strategy gave no schedule, or why a schedule is not legal: facts, which a floor above puts
/// into words.
package enum ScheduleError: Error, Hashable, Sendable {
  /// An action, or the end, breaks a rule.
  case illegal(IllegalAction)
  /// No schedule of the strategy was found to peak at or below the budget, in bytes; `least` is the
  /// lowest peak found, and `isProven` says that there is none lower.
  case impossible(budget: Int, least: Int, isProven: Bool)
  /// An option is missing, of another kind, or out of range.
  case option(name: String, expected: OptionExpectation, found: OptionFinding)
  /// A list names what the block does not have; `known` are the names that it has.
  case unknown(Named, name: String, known: [String])
  /// A limit ended the planning.
  case limit(PlanningLimit)
  /// The planning was stopped from outside.
  case cancelled
  /// A strategy whose body lies outside this floor failed in its own way.
  case foreign(ForeignFailure)
}

/// An action that breaks a rule, and what was in memory then.
package struct IllegalAction: Hashable, Sendable {
  /// Its number from 0; the number of actions where the end breaks the rule.
  package let number: Int
  /// The rule, and what broke it.
  package let breach: Breach

  /// A value that was in memory.
  package struct LiveValue: Hashable, Sendable {
    /// Its label.
    package let label: String
    /// Bytes of its storage.
    package let bytes: Int
  }

  /// Which rule was broken by what.
  package enum Breach: Hashable, Sendable {
    /// A rule of schedules: the action as it reads aloud, `nil` for the end, and the values that
    /// were in memory.
    case graph(RehearsalRule, by: String?, live: [LiveValue])
    /// A rule of the verbs of a chain.
    case chain(ChainRule, by: ChainAction?, holding: ChainHoldings)
  }
}

/// What an option takes.
package enum OptionExpectation: Hashable, Sendable {
  case integer, size, number, listOfNames
  /// A size, or a number, that is not below 0.
  case sizeNotBelowZero, numberNotBelowZero
  /// A number from 0 to 1.
  case part
  case atLeast(Int)
  case oneOf([String])
  /// Numbers from 0 to one.
  case numbersUpTo(Int)
  /// One value, no option at all, or at most so many.
  case oneValue, noOption
  case atMostOptions(Int)
  /// Operations or names, and not both.
  case operationsOrNames
  /// Operations, names or layers.
  case operationsNamesOrLayers
}

/// What was given for an option.
package enum OptionFinding: Hashable, Sendable {
  case nothing, both, two
  case value(Catalogue.OptionValue)
  /// So many of them.
  case count(Int)
}

/// What may end the planning of a strategy.
package enum PlanningLimit: Hashable, Sendable {
  /// The schedule would have more computations.
  case computations(Int)
  /// `exact` plans graphs of up to so many steps.
  case stepsOfExact(Int)
  /// `exact` plans graphs whose steps make up to so many values.
  case valuesOfExact(Int)
  /// `exact` held so many states, and no other strategy has a plan.
  case statesOfExact(Int)
  /// `disk_revolve` plans chains of up to so many stages.
  case stagesOfDiskRevolve(Int)
  /// `mixed` plans up to so much length²·slots.
  case workOfMixed(Int)
}

/// What a list of a strategy names.
package enum Named: Hashable, Sendable {
  case operation, value, layer
  /// What a region of the block saves: an operation, or a value of the region.
  case savedByRegion
}

/// An error that passes through planning unread: that of a strategy whose body lies on a floor
/// above.
package final class ForeignFailure: Hashable, Sendable {
  /// As the body threw it.
  package let error: any Error
  /// True where the body gave no legal schedule; false where something else went wrong.
  package let isRefusal: Bool

  /// Wraps an error of a floor above, to be thrown as `ScheduleError.foreign`.
  package init(_ error: any Error, isRefusal: Bool) {
    self.error = error
    self.isRefusal = isRefusal
  }

  package static func == (one: ForeignFailure, other: ForeignFailure) -> Bool { one === other }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
