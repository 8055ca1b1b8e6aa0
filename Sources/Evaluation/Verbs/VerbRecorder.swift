import Schedules
import Syntax

/// What a learner's strategy has said so far, verb by verb.
final class VerbRecorder {
  let workload: Workload
  /// `nil` for a strategy on the whole graph.
  let chain: Chain?
  private(set) var chainActions: [ChainAction] = []
  private(set) var actions: [Schedule.Action] = []
  /// Boundaries to keep, where they were given in place of actions.
  var boundaries: [Int]?
  /// Where each action was said.
  private(set) var places: [SourceRange] = []

  init(workload: Workload, chain: Chain?) {
    self.workload = workload
    self.chain = chain
  }

  /// Actions of the longest schedule that a strategy may spell out.
  private static let mostActions = 500_000

  /// Refuses further actions where there are so many: a body that loops forever comes to an end.
  func checkRoom(at range: SourceRange) throws(Fault) {
    guard places.count < VerbRecorder.mostActions else {
      throw Fault(.tooManyActions(limit: VerbRecorder.mostActions, at: range))
    }
  }

  func say(_ action: ChainAction, at place: SourceRange) {
    chainActions.append(action)
    places.append(place)
  }

  func say(_ action: Schedule.Action, at place: SourceRange) {
    actions.append(action)
    places.append(place)
  }

  /// True where the body performed no action.
  var saidNothing: Bool { places.isEmpty }

  /// The schedule of what was said: the boundaries to keep, or every action.
  func schedule() throws(ScheduleError) -> Schedule {
    guard let chain else {
      let schedule = Schedule(actions: actions)
      _ = try Rehearsal.of(schedule, workload)
      return schedule
    }
    if let boundaries {
      return try ChainPlan.keeping(boundaries, in: chain).schedule(for: workload)
    }
    return try ChainPlan(chain: chain, actions: chainActions).schedule(for: workload)
  }

  /// Where an error of the schedule stands: the verb that broke a rule, or the strategy's name.
  func place(of error: ScheduleError, else name: SourceRange) -> SourceRange {
    if case .illegal(let action) = error, places.indices.contains(action.number) {
      return places[action.number]
    }
    return name
  }
}

extension Interpreter {
  /// The verbs of a strategy's body, by name: they come first there, whatever else has their names.
  static func verbs(on subject: StrategyDeclaration.Subject) -> [String: Builtin] {
    switch subject {
    case .chain: chainVerbsByName
    case .graph: graphVerbsByName
    }
  }

  private static let chainVerbsByName = Dictionary(
    uniqueKeysWithValues: chainVerbs.map { ($0.name, $0) })
  private static let graphVerbsByName = Dictionary(
    uniqueKeysWithValues: graphVerbs.map { ($0.name, $0) })

  /// The verbs of `strategy … on chain`.
  static let chainVerbs: [Builtin] = [
    chainVerb("keep", ["boundary"], "Stores the boundary at the cursor in a slot.", "keep(0)") {
      .keep($0[0])
    },
    chainVerb("drop", ["boundary"], "Forgets a stored boundary.", "drop(0)") { .drop($0[0]) },
    chainVerb(
      "restore", ["boundary"], "Puts a stored boundary in hand; it stays stored.", "restore(0)"
    ) { .restore($0[0]) },
    chainVerb(
      "advance", ["from", "to"], "Runs stages from … to − 1 from the cursor and keeps nothing.",
      "advance(0, 3)"
    ) { .advance($0[0], $0[1]) },
    chainVerb(
      "record", ["stage"], "Runs a stage from the cursor and keeps what its backward needs.",
      "record(3)"
    ) { .record($0[0]) },
    chainVerb("reverse", ["stage"], "Runs a recorded stage backward.", "reverse(3)") {
      .reverse($0[0])
    },
  ]

  /// The verbs of `strategy … on graph`.
  static let graphVerbs: [Builtin] = [
    graphVerb(
      "compute", "step", "Computes a step of the graph whose inputs are live.", "compute(0)"
    ) {
      .compute($0, reusing: nil)
    },
    graphVerb("free", "value", "Forgets a live value of the graph.", "free(0)") { .free($0) },
  ]

  private static func chainVerb(
    _ name: String, _ parameters: [String], _ summary: String, _ example: String,
    _ action: @escaping @Sendable ([Int]) -> ChainAction
  ) -> Builtin {
    Builtin(
      name, parameters.map { Builtin.BuiltinParameter($0) }, summary: summary, example: example
    ) { (arguments, machine) throws(Fault) in
      guard let verbs = machine.verbs, verbs.chain != nil else {
        throw Fault(.verbOutside(name, at: arguments.range))
      }
      var numbers: [Int] = []
      for index in parameters.indices { numbers.append(try arguments.integer(index)) }
      try verbs.checkRoom(at: arguments.range)
      verbs.say(action(numbers), at: arguments.range)
      return .none
    }
  }

  private static func graphVerb(
    _ name: String, _ parameter: String, _ summary: String, _ example: String,
    _ action: @escaping @Sendable (Int) -> Schedule.Action
  ) -> Builtin {
    Builtin(name, [.init(parameter)], summary: summary, example: example) {
      (arguments, machine) throws(Fault) in
      guard let verbs = machine.verbs, verbs.chain == nil else {
        throw Fault(.verbOutside(name, at: arguments.range))
      }
      try verbs.checkRoom(at: arguments.range)
      verbs.say(action(try arguments.integer(0)), at: arguments.range)
      return .none
    }
  }
}
