import Execution
import Experiments
import Schedules
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// Sets a learner's guess beside the plan and the measurement, and says where they part first.
  func predict(
    _ quantity: Identifier, _ guess: Double, _ block: TracedBlock, _ frame: Frame
  ) throws(Fault) -> Record {
    let quantities = ["peak", "kept", "replayed", "forward", "backward"]
    guard quantities.contains(quantity.name) else {
      throw Fault(.unknownField(quantity, of: "a prediction", known: quantities))
    }
    let strategy = try strategy(of: block, frame)
    let traced = try traceBlock(block, frame)
    let step = context.step
    let run = try run(traced, with: strategy, keepingStates: true, at: block.range)
    context.step = step
    let plan = run.gradients.plan
    let counts = run.record.counts
    let planned: Int
    let measured: Int
    switch quantity.name {
    case "peak": (planned, measured) = (plan.peak, plan.base.total + run.record.measuredPeak)
    case "kept": (planned, measured) = (plan.kept, run.record.measured.map(\.after.kept).max() ?? 0)
    case "replayed": (planned, measured) = (plan.rehearsal.replayedSteps, counts.replayedSteps)
    case "forward": (planned, measured) = (plan.rehearsal.forwardSteps, counts.forwardSteps)
    default: (planned, measured) = (plan.rehearsal.backwardSteps, counts.backwardSteps)
    }
    let isSize = quantity.name == "peak" || quantity.name == "kept"
    func show(_ number: Int) -> String { isSize ? ByteFormat.text(number) : "\(number)" }
    // Cut off far beyond any quantity, so that differences fit an integer.
    let furthest = Double(1 << 60)
    let guessed = Int(exactly: min(max(guess, -furthest), furthest).rounded()) ?? 0
    var table = TextTable([.left, .right])
    table.add("", quantity.name)
    table.add("your guess", show(guessed))
    table.add("the plan", show(planned))
    table.add("measured", show(measured))
    let lines = table.lines() + [parting(quantity.name, guessed, planned, plan, show)]
    return Record(
      typeName: "prediction",
      fields: [
        ("guess", isSize ? .bytes(guessed) : .integer(guessed)),
        ("planned", isSize ? .bytes(planned) : .integer(planned)),
        ("measured", isSize ? .bytes(measured) : .integer(measured)),
        ("right", .boolean(guessed == planned)),
      ], display: lines.joined(separator: "\n"))
  }

  /// The first place where the guess and the schedule part, in words.
  private func parting(
    _ quantity: String, _ guess: Int, _ planned: Int, _ plan: Plan, _ show: (Int) -> String
  ) -> String {
    if guess == planned { return "exactly right" }
    guard quantity == "peak" || quantity == "kept" else {
      return guess < planned
        ? "\(planned - guess) more than you guessed" : "\(guess - planned) fewer than you guessed"
    }
    if guess > planned {
      return "the schedule never holds so much: \(show(guess - planned)) less at its highest"
    }
    for (index, moment) in plan.rehearsal.timeline.enumerated() {
      let bytes =
        quantity == "peak" ? plan.base.total + moment.during.total : moment.after.kept
      guard bytes > guess else { continue }
      let action = plan.schedule.actions[index]
      let line = plan.workload.line(of: action)
      return "they part at action \(index), \(action.reading(in: plan.workload))"
        + (line > 0 ? " (line \(line))" : "") + ": \(show(bytes)) by then"
    }
    return "the plan holds \(show(planned - guess)) more"
  }
}
