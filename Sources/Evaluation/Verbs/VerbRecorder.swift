import Schedules
import Syntax

/// What a learner's strategy has said so far, verb by verb.
final class VerbRecorder {
  /// What is planned: the schedule's steps and values are its own.
  let workload: Workload
  /// `nil` for a strategy on the whole graph.
  let chain: Chain?
  private(set) var chainActions: [ChainAction] = []
  private(set) var actions = ActionList()
  /// Boundaries to keep, where they were given in place of actions.
  var boundaries: [Int]?
  /// Where each action was said.
  private(set) var places: [SourceRange] = []

  /// `chain` is the one found in `workload`; `nil` for a strategy on the whole graph.
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

  /// Notes an action on the chain. Whether it is legal is found out by `schedule`.
  func say(_ action: ChainAction, at place: SourceRange) {
    chainActions.append(action)
    places.append(place)
  }

  /// Notes an action on the whole graph. Whether it is legal is found out by `schedule`.
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
    chainVerb("keep", ["boundary"], "Stores the boundary at the cursor in a slot.") {
      .keep($0[0])
    },
    chainVerb("drop", ["boundary"], "Forgets a stored boundary.") { .drop($0[0]) },
    chainVerb("restore", ["boundary"], "Puts a stored boundary in hand; it stays stored.") {
      .restore($0[0])
    },
    chainVerb(
      "advance", ["from", "to"], "Runs stages from … to − 1 from the cursor and keeps nothing."
    ) { .advance($0[0], $0[1]) },
    chainVerb(
      "record", ["stage"], "Runs a stage from the cursor and keeps what its backward needs."
    ) { .record($0[0]) },
    chainVerb("reverse", ["stage"], "Runs a recorded stage backward.") { .reverse($0[0]) },
  ]

  /// The verbs of `strategy … on graph`.
  static let graphVerbs: [Builtin] = [
    graphVerb(
      "compute", "step", "Computes a step of the graph whose inputs are live."
    ) {
      .compute($0, reusing: nil)
    },
    graphVerb("free", "value", "Forgets a live value of the graph.") { .free($0) },
  ]

  /// A strategy with every verb of a chain: the input is kept, all else is replayed from it.
  private static let chainExample = """
    let net = chain(dense(2, 8), tanh, dense(8, 3))
    let x, y = spirals(count: 30, classes: 3)
    strategy again on chain {
      keep(0)
      let last = chain.length - 1
      advance(0, last)
      record(last)
      reverse(last)
      for i in 1...last {
        restore(0)
        if i < last { advance(0, last - i) }
        record(last - i)
        reverse(last - i)
      }
      drop(0)
    }
    plan wrt net with again { cross_entropy(net(x), y) }
    """

  /// A strategy with both verbs of a graph.
  private static let graphExample = """
    let w = ones(3)
    strategy plain on graph {
      for step in 0..<graph.length { compute(step) }
      free(0)
      free(2)
    }
    plan wrt w with plain { sum(exp(w)) }
    """

  private static func chainVerb(
    _ name: String, _ parameters: [String], _ summary: String,
    _ action: @escaping @Sendable ([Int]) -> ChainAction
  ) -> Builtin {
    Builtin(
      name, parameters.map { Builtin.BuiltinParameter($0) }, summary: summary,
      example: chainExample
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
    _ name: String, _ parameter: String, _ summary: String,
    _ action: @escaping @Sendable (Int) -> Schedule.Action
  ) -> Builtin {
    Builtin(name, [.init(parameter)], summary: summary, example: graphExample) {
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
