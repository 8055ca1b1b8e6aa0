import Schedules
import Syntax

/// A strategy that a learner declared, with the arguments it was called with: its body says the
/// schedule, verb by verb.
///
/// It belongs to the interpreter's thread: planning runs there.
struct LearnerStrategy: Strategy, @unchecked Sendable {
  /// Its name, its parameters, and whether it works on the chain or the graph.
  let declaration: StrategyDeclaration
  /// The body, whose first parameter is the chain or the graph as a record.
  let closure: Closure
  /// What the call that made it passed, for the parameters behind the first.
  let arguments: [PassedArgument]
  /// The call that made it.
  let spelling: String
  /// That call.
  let range: SourceRange
  unowned let machine: Interpreter

  /// Its body may depend on anything.
  var signature: String? { nil }

  var lever: Lever {
    switch declaration.subject {
    case .chain: .stages
    case .graph: .none
    }
  }

  var subject: StrategySubject {
    switch declaration.subject {
    case .chain: .stages
    case .graph: .operations
    }
  }

  func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let chain = declaration.subject == .chain ? try Chain.find(in: workload) : nil
    do throws(Fault) {
      return try machine.schedule(workload, chain, sayingTo: self)
    } catch {
      throw .foreign(ForeignFailure(error, isRefusal: error.diagnostic.kind == .schedule))
    }
  }
}

extension Interpreter {
  /// Runs the body of a learner's strategy and makes a schedule of what it said.
  fileprivate func schedule(
    _ workload: Workload, _ chain: Chain?, sayingTo strategy: LearnerStrategy
  ) throws(Fault) -> Schedule {
    let declaration = strategy.declaration
    let recorder = VerbRecorder(workload: workload, chain: chain)
    let outer = verbs
    verbs = recorder
    defer { verbs = outer }
    let subject = chain.map { chainRecord($0) } ?? graphRecord(workload)
    let first = PassedArgument(label: nil, value: .record(subject), range: strategy.range)
    let value = try call(
      strategy.closure, [first] + strategy.arguments, at: strategy.range)
    let place = declaration.name.range
    if recorder.saidNothing {
      guard let chain, let found = try boundaries(in: value, of: chain, at: place) else {
        throw Fault(.strategyGaveNothing(strategy.spelling, value, at: place))
      }
      recorder.boundaries = found
    }
    do {
      return try recorder.schedule()
    } catch {
      throw Fault(
        .schedule(
          error, strategy: strategy.spelling, base: 0, at: recorder.place(of: error, else: place)))
    }
  }

  /// The boundaries to keep that a strategy's body gave as its value: a list, or a range that is no
  /// longer than the chain; `nil` for another value.
  private func boundaries(
    in value: Value, of chain: Chain, at place: SourceRange
  ) throws(Fault) -> [Int]? {
    switch value {
    case .range(let numbers) where numbers.upper - numbers.lower <= chain.length + 1:
      return Array(numbers.lower..<numbers.upper)
    case .list(let list):
      return try list.elements.map { (element) throws(Fault) in
        guard case .integer(let boundary) = element else {
          throw Fault(.expected(.integer, found: element, as: .boundary, at: place))
        }
        return boundary
      }
    default: return nil
    }
  }

  /// The whole graph as a learner's strategy sees it.
  private func graphRecord(_ workload: Workload) -> Record {
    let steps = workload.steps.enumerated().map { number, step in
      Value.record(
        Record(
          typeName: "step",
          fields: [
            ("label", .string(.of(step.label))),
            ("phase", .string(.of("\(step.phase)"))),
            ("inputs", .list(List(step.inputs.map { .integer($0) }))),
            ("values", .list(List(workload.values(of: number).map { .integer($0) }))),
            ("bytes", .bytes(step.results.reduce(0) { $0 + $1.bytes })),
            ("scratch", .bytes(step.scratch)),
            ("cost", .integer(step.cost)),
            ("result", .boolean(step.results.contains(where: \.isResult))),
          ]))
    }
    return Record(
      typeName: "graph",
      fields: [
        ("length", .integer(workload.steps.count)),
        ("forward", .integer(workload.forwardCount)),
        ("steps", .list(List(steps))),
      ])
  }
}
