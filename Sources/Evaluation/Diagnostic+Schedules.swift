import Schedules
import Syntax
import Writing

/// What strategies refuse, in words.
extension Diagnostic {
  /// What a strategy refused. `base` are the bytes that live outside the schedule, `asked` the
  /// budget as the learner wrote it, which counts those too.
  static func schedule(
    _ error: ScheduleError, strategy: String, base: Int, asked: Int? = nil, at range: SourceRange
  ) -> Diagnostic {
    switch error {
    case .illegal(let action):
      return Diagnostic(
        .schedule, "illegal-schedule", "\(strategy): \(action.wording)", at: range,
        hint: "`help step` shows how a legal schedule is walked, action by action")
    case .impossible(let budget, let least, let isProven):
      let sizes = ByteFormat.apart(asked ?? budget + base, least + base)
      let lowest = isProven ? "the least it can peak at" : "the lowest peak found"
      return Diagnostic(
        .memory, "budget-impossible",
        "\(strategy) cannot stay within \(sizes.0): \(lowest) is \(sizes.1)",
        at: range,
        hint: base > 0
          ? "\(ByteFormat.text(base)) of it live outside the schedule: parameters, data, values"
          : "give it at least that budget, or make the batch smaller")
    case .option(let name, let expected, let found):
      return Diagnostic(
        .value, "strategy-option",
        "\(strategy): expected \(expected.wording) as `\(name)`, found \(found.wording)", at: range,
        hint: "`help \(strategy.prefix { $0 != "(" })` shows its options")
    case .unknown(let what, let name, let known):
      return unknown(what, name, known: known, strategy: strategy, at: range)
    case .cancelled: return .interrupted(at: range)
    case .foreign(let failure):
      return Diagnostic(.schedule, "no-schedule", "\(strategy): \(failure.error)", at: range)
    case .limit(let limit):
      return Diagnostic(
        .limit, "planning-limit", "\(strategy): \(limit.wording)", at: range,
        hint: "another strategy plans faster: `revolve(slots: 8)`, `sqrt_n`")
    }
  }

  /// A list of a strategy that names what is not there.
  private static func unknown(
    _ what: Named, _ name: String, known: [String], strategy: String, at range: SourceRange
  ) -> Diagnostic {
    let suggestion = Suggestion.closest(to: name, among: known).map { "did you mean \"\($0)\"?" }
    switch what {
    case .operation:
      return Diagnostic(
        .name, "unknown-operation", "\(strategy): no operation is called \"\(name)\"", at: range,
        hint: suggestion
          ?? "operations have the names of a plan's steps: \"matmul\", \"relu\", \"softmax\"")
    case .layer:
      return Diagnostic(
        .name, "unknown-layer", "\(strategy): the block calls no layer \"\(name)\"", at: range,
        hint: suggestion
          ?? (known.isEmpty
            ? "operations can be listed instead: `save_only(ops: [\"matmul\"])`"
            : "the block calls " + known.prefix(6).map(\.quoted).joined(separator: ", ")
              + (known.count > 6 ? " and \(known.count - 6) more" : "")))
    case .savedByRegion:
      return Diagnostic(
        .name, "unknown-saved",
        "\(strategy): no operation is called \"\(name)\", and no value of the region is named so",
        at: range,
        hint: suggestion ?? "name a value in the region: `named(x, \"\(name)\")`")
    case .value:
      return Diagnostic(
        .name, "unknown-value", "\(strategy): no value of the block is named \"\(name)\"",
        at: range,
        hint: suggestion
          ?? (known.isEmpty
            ? "name one in the block: `named(x, \"\(name)\")`"
            : "the block has " + known.map(\.quoted).joined(separator: ", ")))
    }
  }
}

extension IllegalAction {
  /// `action 3 (reverse stage 1) breaks a rule: …; in memory: …`.
  fileprivate var wording: String {
    let (reading, rule, memory) =
      switch breach {
      case .graph(let rule, let action, let live): (action, rule.wording, Self.memory(live))
      case .chain(let rule, let action, let held): (action?.reading, rule.wording, held.wording)
      }
    return "action \(number) (\(reading ?? "the end")) breaks a rule: \(rule); \(memory)"
  }

  /// What is live, abbreviated: `in memory: matmul#0 (4 KiB), relu#1 (4 KiB)`.
  private static func memory(_ live: [LiveValue]) -> String {
    if live.isEmpty { return "in memory: nothing" }
    let shown = live.prefix(6).map { "\($0.label) (\(ByteFormat.text($0.bytes)))" }
      .joined(separator: ", ")
    if live.count <= 6 { return "in memory: \(shown)" }
    let total = live.reduce(0) { $0 + $1.bytes }
    return "in memory: \(shown) and \(live.count - 6) more, \(ByteFormat.text(total)) in all"
  }
}

extension RehearsalRule {
  /// The rule, and what broke it.
  fileprivate var wording: String {
    switch self {
    case .noSuchStep: "an action must name a step of the graph"
    case .notLive(let value): "only what is in memory can be freed or moved: \(value) is not"
    case .inputNotLive(let value): "inputs must be in memory: \(value) is not"
    case .alreadyLive(let value):
      "a value in memory must not be made again: \(value) is there already"
    case .updatedTwice: "an update runs exactly once"
    case .outOfOrder(let update):
      "what reads a parameter or a state keeps its side of the update: \(update)"
    case .mayNotReuse(let value):
      "only a permitted input of equal bytes may be overwritten: \(value) may not"
    case .alreadyOnTier(let value):
      "a value is offloaded once: \(value) is on the slower tier already"
    case .notOnTier(let value): "only what was offloaded can be fetched: \(value) was not"
    case .updateMissing(let update): "every update runs exactly once: \(update) never ran"
    case .resultMissing(let value): "every result is in memory at the end: \(value) is not"
    case .leftBehind(let value): "nothing but results is left at the end: \(value) is"
    }
  }
}

extension ChainRule {
  /// The rule, and what broke it.
  fileprivate var wording: String {
    switch self {
    case .notInHand(let boundary, let cursor, let length):
      "boundary \(boundary) is not in hand: the cursor is at "
        + (cursor == length ? "the chain's end" : "boundary \(cursor)")
    case .noSuchBoundary(let last): "the chain has boundaries 0 to \(last)"
    case .noSuchStage(let last): "the chain has stages 0 to \(last)"
    case .alreadyStored(let boundary): "boundary \(boundary) is stored already"
    case .dropNotStored(let boundary):
      "only a stored boundary can be dropped: \(boundary) is not stored"
    case .restoreNotStored(let boundary):
      "only a stored boundary can be restored: \(boundary) is not stored"
    case .backwards(let from, let to): "advance runs forward: \(to) comes before \(from)"
    case .pastEnd(let end): "the chain ends at boundary \(end)"
    case .alreadyRecorded(let stage): "stage \(stage) is recorded already"
    case .alreadyReversed(let stage): "stage \(stage) is reversed already"
    case .notRecorded(let stage): "a stage is recorded before it is reversed: \(stage) is not"
    case .outOfOrder(let next):
      "stages are reversed from the last to the first: the next is \(next)"
    case .alreadyOnTier(let boundary): "boundary \(boundary) is on the slower tier already"
    case .notOnTier(let boundary):
      "only an offloaded boundary can be fetched: \(boundary) is not on the slower tier"
    case .unfinished(let next):
      "a strategy ends with stage 0 reversed: the next to reverse is \(next)"
    }
  }
}

extension ChainHoldings {
  /// `in memory: boundary 0, recording of 3; cursor at 4`.
  fileprivate var wording: String {
    let parts = boundaries.map { "boundary \($0)" } + recordings.map { "recording of \($0)" }
    var shown = parts.isEmpty ? "nothing" : parts.prefix(8).joined(separator: ", ")
    if parts.count > 8 { shown += " and \(parts.count - 8) more" }
    if !onTier.isEmpty {
      shown += "; on the slower tier: "
      shown += onTier.prefix(8).map { "boundary \($0)" }.joined(separator: ", ")
    }
    return "in memory: \(shown); cursor at \(cursor)"
  }
}

extension OptionExpectation {
  /// `an integer`, `at least 1`, `one of layers, operations`.
  fileprivate var wording: String {
    switch self {
    case .integer: "an integer"
    case .size: "a size such as 64 KiB"
    case .number: "a number"
    case .listOfNames: "a list of names"
    case .sizeNotBelowZero: "a size of at least 0"
    case .numberNotBelowZero: "a number of at least 0"
    case .part: "a number from 0 to 1"
    case .atLeast(let least): "at least \(least)"
    case .oneOf(let words): "one of \(words.joined(separator: ", "))"
    case .numbersUpTo(let last): "numbers from 0 to \(last)"
    case .oneValue: "one value"
    case .noOption: "no option"
    case .atMostOptions(let most): "at most \(most) options"
    case .operationsOrNames: "either ops: […] or names: […]"
    case .operationsNamesOrLayers: "ops: […], names: […] or layers: […]"
    }
  }
}

extension OptionFinding {
  /// `nothing`, `both`, `0`.
  fileprivate var wording: String {
    switch self {
    case .nothing: "nothing"
    case .both: "both"
    case .two: "two"
    case .value(let value): value.text
    case .count(let count): "\(count)"
    }
  }
}

extension PlanningLimit {
  /// What is planned at most.
  fileprivate var wording: String {
    switch self {
    case .computations(let most): "a schedule of at most \(most) computations"
    case .stepsOfExact(let most): "exact plans graphs of up to \(most) steps"
    case .valuesOfExact(let most): "exact plans graphs whose steps make up to \(most) values"
    case .statesOfExact(let states): "no plan found with \(states) states"
    case .stagesOfDiskRevolve(let most): "disk_revolve plans chains of up to \(most) stages"
    case .workOfMixed(let most): "mixed plans up to length²·slots = \(Self.grouped(most))"
    }
  }

  /// The number with its digits in threes: `16 000 000 000`.
  private static func grouped(_ number: Int) -> String {
    var digits = "\(number)"
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: " ")
  }
}
