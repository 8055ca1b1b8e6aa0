import Evaluation
import Experiments
import Reports
import Schedules
import Syntax
import Writing

extension Session {
  /// The text that answers a command, ending with a newline.
  ///
  /// For `help`, `source` and `account` the arguments are the words as they stand, as strings.
  func answer(_ command: Command, _ arguments: [Value]) throws(Fault) -> String {
    let text = try page(command, arguments)
    return text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
  }

  private func page(_ command: Command, _ arguments: [Value]) throws(Fault) -> String {
    switch command.verb {
    case .memory:
      return MemoryPage(live: interpreter.ledger.live, budget: interpreter.ledger.budget).text
    case .tensors:
      return TensorTable(interpreter.liveTensors()).text
    case .plot:
      return TerminalRenderer(width: width).text(try PlotPage(command, arguments).report)
    case .timeline:
      return TimelineChart(try subjects(command, arguments), width: width).text
    case .explain:
      let plans = try subjects(command, arguments)
      return plans.map { PeakExplanation($0.plan).text }.joined(separator: "\n\n")
    case .why:
      return try why(command, arguments)
    case .step:
      let plan = try plan(command, arguments, 0)
      let walk = ScheduleWalk(plan, width: width)
      guard let walker else { return walk.text }
      walker(walk)
      return ""
    case .help:
      let words = Session.words(arguments)
      return try HelpPages(interpreter).page(on: words.joined(separator: " "), command)
    case .source:
      return try source(command, Session.words(arguments))
    case .account:
      return try account(command, Session.words(arguments))
    }
  }

  private static func words(_ arguments: [Value]) -> [String] {
    arguments.compactMap { if case .string(let text) = $0 { text.string } else { nil } }
  }

  // MARK: Arguments

  /// The schedules that a command names: at least one.
  private func subjects(
    _ command: Command, _ arguments: [Value]
  ) throws(Fault) -> [TimelineChart.Subject] {
    var subjects: [TimelineChart.Subject] = []
    for index in 0..<max(arguments.count, 1) {
      let plan = try plan(command, arguments, index)
      subjects.append(.init(name: Session.spelling(command, index), plan: plan))
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
    case .gradients(let gradients): return gradients.plan
    default:
      throw Fault(
        .notSchedule(command, argument: index, found: interpreter.typeName(of: arguments[index])))
    }
  }

  // MARK: why

  private func why(_ command: Command, _ arguments: [Value]) throws(Fault) -> String {
    let plan = try plan(command, arguments, 0)
    guard arguments.count > 1 else { throw Fault(.missingSubject(for: command, plan)) }
    switch arguments[1] {
    case .string(let text):
      guard let explanation = UseExplanation(plan, label: text.string) else {
        throw Fault(.unknownStep(text.string, command, known: UseExplanation.labels(of: plan)))
      }
      return explanation.text
    case .tensor(let tensor):
      return outside(tensor, as: Session.spelling(command, 1), plan)
    default:
      throw Fault(
        .notTensor(command, argument: 1, found: interpreter.typeName(of: arguments[1])))
    }
  }

  /// A tensor that a name holds stands outside the schedule.
  private func outside(_ tensor: TensorValue, as name: String, _ plan: Plan) -> String {
    let bytes = tensor.shape.count * tensor.dtype.byteWidth
    return """
      \(name) holds \(ByteFormat.text(bytes)), outside the schedule: it is live before, during and after it.
      A name or a layer keeps it alive; no strategy can free it. `tensors` shows its owner.
      Of the peak of \(ByteFormat.text(plan.peak)), \(ByteFormat.text(plan.base.total)) \
      stand outside like this, \(CountFormat.percent(bytes, of: plan.peak)) of it in \(name).
      """
  }

  // MARK: source and account

  private func source(_ command: Command, _ words: [String]) throws(Fault) -> String {
    guard let name = words.first else { throw Fault(.missingName(for: command)) }
    guard let text = interpreter.sourceText(of: name) else {
      throw Fault(.noSource(name, command, known: interpreter.knownNames))
    }
    return text
  }

  private func account(_ command: Command, _ words: [String]) throws(Fault) -> String {
    guard let word = words.first else { return "account \(detail.rawValue)" }
    guard let detail = AccountReport.Detail(rawValue: word) else {
      throw Fault(.unknownDetail(word, command))
    }
    self.detail = detail
    return ""
  }
}
