import Evaluation
package import Experiments
import Schedules
import Syntax
import Tensors
import Writing

/// The peak of a schedule in words: when, made of what, how low any schedule could go, and which strategies go lower.
package struct PeakExplanation {
  private let plan: Plan
  private let live: LiveSet

  package init(_ plan: Plan) {
    self.plan = plan
    self.live = LiveSet(plan)
  }

  /// The explanation, without a newline at the end.
  package var text: String {
    let rehearsal = plan.rehearsal
    guard rehearsal.timeline.indices.contains(rehearsal.peakAction) else {
      return "The schedule has no actions: its peak is the \(ByteFormat.text(plan.base.total)) "
        + "that live outside it."
    }
    return
      (Wrapped.lines(place) + makeUp + floor.flatMap { Wrapped.lines($0) }
      + StrategyProbe(plan).lines).joined(separator: "\n")
  }

  /// `The peak of 1.2 MiB is at action 57 of 120, which computes relu'#40 (line 8) in the backward pass.`
  private var place: String {
    let action = plan.schedule.actions[plan.rehearsal.peakAction]
    let text = action.reading(in: plan.workload)
    var sentence = "The peak of \(ByteFormat.text(plan.peak)) under \(plan.strategy) is at action "
    sentence += "\(plan.rehearsal.peakAction) of \(plan.schedule.actions.count): \(text)"
    if case .compute(let step, _) = action, plan.workload.steps.indices.contains(step) {
      let fact = plan.workload.steps[step]
      if fact.line > 0 { sentence += " (line \(fact.line))" }
      sentence += fact.phase == .forward ? "" : ", in the backward pass"
      if plan.rehearsal.holdings[plan.rehearsal.peakAction].contains(.replayed) {
        sentence += ", a replay"
      }
    }
    return sentence + "."
  }

  /// A row a class: bytes, share, and the largest values in it.
  private var makeUp: [String] {
    let moment = plan.rehearsal.timeline[plan.rehearsal.peakAction].during
    let lives = live.live(at: plan.rehearsal.peakAction)
    var rows: [(name: String, bytes: Int, what: String)] = AccountReport.parts(of: plan.base)
      .map { ($0.account.description, $0.bytes, "outside the schedule") }
    for holding in Holding.allCases where moment[holding] > 0 {
      let members = lives.filter { $0.holding == holding && $0.bytes > 0 }
      rows.append((holding.rawName, moment[holding], largest(of: members)))
    }
    rows.sort { $0.bytes > $1.bytes }
    var table = TextTable([.left, .right, .right, .left])
    for row in rows {
      table.add(
        row.name, ByteFormat.text(row.bytes), CountFormat.percent(row.bytes, of: plan.peak),
        row.what)
    }
    return table.lines(indent: "  ")
  }

  private func largest(of lives: [LiveSet.Life]) -> String {
    let shown = lives.prefix(3).map {
      "\(plan.workload.value($0.value).label) \(ByteFormat.text($0.bytes))"
    }
    let more = lives.count - shown.count
    return shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// What no schedule can do without, at the peak and anywhere.
  private var floor: [String] {
    var lines: [String] = []
    let action = plan.schedule.actions[plan.rehearsal.peakAction]
    if case .compute(let step, _) = action, plan.workload.steps.indices.contains(step) {
      let need = StepNeed(plan.workload.steps[step], in: plan.workload)
      let fixed = min(plan.base.total + need.total, plan.peak)
      lines.append(
        "Of it \(ByteFormat.text(need.total)) are what \(plan.workload.steps[step].label) itself "
          + "needs (\(words(need)))"
          + (plan.base.total > 0 ? ", and \(ByteFormat.text(plan.base.total)) stand outside" : "")
          + ": no strategy changes those. "
          + (fixed >= plan.peak
            ? "Nothing else is live then."
            : "The other \(ByteFormat.text(plan.peak - fixed)) wait for a later step."))
    }
    if let (step, need) = StepNeed.greatest(in: plan.workload) {
      let least = plan.base.total + need.total
      let fact = plan.workload.steps[step]
      lines.append(
        "No schedule can peak below \(ByteFormat.text(least)): \(fact.label)"
          + (fact.line > 0 ? " (line \(fact.line))" : "")
          + " alone needs \(ByteFormat.text(need.total))"
          + (plan.base.total > 0 ? " beside what stands outside." : "."))
    }
    return lines
  }

  private func words(_ need: StepNeed) -> String {
    let parts = [("inputs", need.inputs), ("value", need.value), ("scratch", need.scratch)]
      .filter { $0.1 > 0 }.map { "\($0.0) \(ByteFormat.text($0.1))" }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }
}

extension Holding {
  /// As the account spells it.
  var rawName: String { String(describing: self) }
}
