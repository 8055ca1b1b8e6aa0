import Evaluation
import Experiments
import Reports
import Schedules
import Syntax
import Writing

extension Session {
  /// What answers a command.
  ///
  /// For `help`, `source`, `account` and `fuse` the arguments are the words as they stand, as
  /// strings.
  func answer(_ command: Command, _ arguments: [Value]) throws(Fault) -> Report {
    switch command.verb {
    case .memory:
      return MemoryPage(
        live: interpreter.ledger.live, ans: interpreter.bytesOfAnsAlone(),
        budget: interpreter.ledger.budget
      ).report
    case .tensors:
      return TensorTable(interpreter.liveTensors(), live: interpreter.ledger.live).report
    case .plot:
      return try PlotPage(command, arguments).report
    case .timeline:
      let subjects = try subjects(command, arguments)
      return Report(
        .chart(.timeline(TimelinePlot(subjects.map { $0.plan.timelineSubject(named: $0.name) }))))
    case .explain:
      let explanations = try subjects(command, arguments).map { (subject) throws(Fault) in
        try interpreter.explainPeak(of: subject.plan, at: command.verbRange).report.parts
      }
      return Report(Array(explanations.joined(separator: [.gap])))
    case .why:
      return try why(command, arguments)
    case .step:
      let walk = ScheduleWalk(try plan(command, arguments, 0))
      guard let walker else { return walk.report }
      walker(walk)
      return Report()
    case .help:
      let words = Session.words(arguments)
      return try HelpPages(interpreter).page(on: words.joined(separator: " "), command)
    case .source:
      return try source(command, Session.words(arguments))
    case .account:
      return try account(command, Session.words(arguments))
    case .fuse:
      return try fuse(command, Session.words(arguments))
    }
  }

  private static func words(_ arguments: [Value]) -> [String] {
    arguments.compactMap { if case .string(let text) = $0 { text.string } else { nil } }
  }

  // MARK: Arguments

  /// The schedules that a command names: at least one.
  private func subjects(
    _ command: Command, _ arguments: [Value]
  ) throws(Fault) -> [(name: String, plan: Plan)] {
    var subjects: [(name: String, plan: Plan)] = []
    for index in 0..<max(arguments.count, 1) {
      let plan = try plan(command, arguments, index)
      subjects.append((Session.spelling(command, index), plan))
    }
    return subjects
  }

  /// The argument as the learner wrote it, where that is short.
  private static func spelling(_ command: Command, _ index: Int) -> String {
    guard command.arguments.indices.contains(index) else { return "" }
    let text = command.arguments[index].range.text
    return text.contains("\n") ? "#\(index + 1)" : text.clipped(to: 24)
  }

  private func plan(
    _ command: Command, _ arguments: [Value], _ index: Int
  ) throws(Fault) -> Plan {
    guard arguments.indices.contains(index) else { throw Fault(.missingSchedule(for: command)) }
    switch arguments[index] {
    case .plan(let plan): return plan
    case .gradients(let gradients):
      guard let plan = gradients.plan else { fallthrough }
      return plan
    default:
      throw Fault(
        .notSchedule(command, argument: index, found: interpreter.typeName(of: arguments[index])))
    }
  }

  // MARK: why

  private func why(_ command: Command, _ arguments: [Value]) throws(Fault) -> Report {
    let plan = try plan(command, arguments, 0)
    guard arguments.count > 1 else { throw Fault(.missingSubject(for: command, plan)) }
    switch arguments[1] {
    case .string(let text):
      guard let explanation = UseExplanation(plan, label: text.string) else {
        if let step = plan.workload.steps.first(where: { $0.parts.contains(text.string) }) {
          return Session.inside(step, text.string)
        }
        throw Fault(.unknownStep(text.string, command, known: UseExplanation.labels(of: plan)))
      }
      return explanation.report
    case .tensor(let tensor):
      return outside(tensor, as: Session.spelling(command, 1), plan)
    default:
      throw Fault(
        .notTensor(command, argument: 1, found: interpreter.typeName(of: arguments[1])))
    }
  }

  /// What an operation makes inside of a step is never there as a whole.
  private static func inside(_ step: Step, _ label: String) -> Report {
    Report(
      .line(
        """
        \(name: label) is computed inside of \(name: step.label), piece by piece: it holds nothing.
        """),
      .line("With `fuse off` it is a step of its own."))
  }

  /// A tensor that a name holds stands outside the schedule.
  private func outside(_ tensor: TensorValue, as name: String, _ plan: Plan) -> Report {
    let bytes = tensor.shape.count * tensor.dtype.byteWidth
    return Report(
      .line(
        """
        \(name: name) holds \(bytes: bytes), outside the schedule: it is live before, during and \
        after it.
        """),
      .line(
        """
        A name or a layer keeps it alive; no strategy can free it. `tensors` shows its owner.
        """),
      .line(
        """
        Of the peak of \(bytes: plan.peak), \(bytes: plan.base.total) stand outside like this, \
        \(CountFormat.percent(bytes, of: plan.peak)) of it in \(name: name).
        """))
  }

  // MARK: source, account and fuse

  private func source(_ command: Command, _ words: [String]) throws(Fault) -> Report {
    guard let name = words.first else { throw Fault(.missingName(for: command)) }
    guard let text = interpreter.sourceText(of: name) else {
      throw Fault(.noSource(name, command, known: interpreter.knownNames))
    }
    return Report(.code(text))
  }

  private func account(_ command: Command, _ words: [String]) throws(Fault) -> Report {
    guard let word = words.first else { return Report(.line("account \(detail.rawValue)")) }
    guard let detail = AccountReport.Detail(rawValue: word) else {
      throw Fault(.unknownDetail(word, command))
    }
    self.detail = detail
    return Report()
  }

  private func fuse(_ command: Command, _ words: [String]) throws(Fault) -> Report {
    guard let word = words.first else {
      return Report(.line("fuse \((interpreter.fuses ? Switch.on : .off).rawValue)"))
    }
    guard let position = Switch(rawValue: word) else {
      throw Fault(.unknownPosition(word, command))
    }
    interpreter.fuses = position == .on
    return Report()
  }
}

/// What a word may set to one of two.
package enum Switch: String, CaseIterable, Sendable { case on, off }
