package import Reports
import Schedules
import Tensors
import Writing

/// The peak of a schedule in words: when, made of what, how low any schedule could go, and which
/// strategies go lower.
package struct PeakExplanation {
  private let plan: Plan
  private let live: LiveSet
  /// Strategies that peak lower, the lowest peak first, without those that another beats in both
  /// peak and replays; `nil` where the workload was too long to try any.
  package let lower: [Survey.Finding]?

  fileprivate init(_ plan: Plan, lower: [Survey.Finding]?) {
    self.plan = plan
    self.live = LiveSet(plan)
    self.lower = lower
  }

  /// The explanation.
  package var report: Report {
    let rehearsal = plan.rehearsal
    guard rehearsal.timeline.indices.contains(rehearsal.peakAction) else {
      return Report(
        .paragraph(
          """
          The schedule has no actions: its peak is the \(bytes: plan.base.total) that live outside \
          it.
          """
        ))
    }
    return Report(
      [.paragraph(RichText(place)), .section(Report.Section("", [.table(makeUp)]))]
        + floor.map { .paragraph(RichText($0)) } + [alternatives])
  }

  /// Which strategies peak lower.
  private var alternatives: Report.Part {
    guard let lower else {
      return .line("The workload is too long to try other strategies on it here.")
    }
    guard !lower.isEmpty else {
      return .line("No strategy of the catalogue, as tried here, peaks lower.")
    }
    var table = ReportTable(.left(), .sizes(), .right(), .left())
    for finding in lower {
      let peak = plan.base.total + finding.peak
      table.add(
        .text(RichText(finding.spelling, .name)), .bytes(peak),
        .decrease(plan.peak - peak, of: plan.peak),
        .text("replays \(count: finding.replayedSteps, "step")"))
    }
    return .section(Report.Section("Strategies that peak lower:", [.table(table)]))
  }

  /// `The peak of 1.2 MiB is at action 57 of 120, which computes relu'#40 (line 8) in the backward
  /// pass.`
  private var place: String {
    let action = plan.schedule.actions[plan.rehearsal.peakAction]
    let text = action.reading(in: plan.workload)
    let least = plan.base.total + (StepNeed.greatest(in: plan.workload)?.need.total ?? 0)
    var sentence = "The peak of \(ByteFormat.apart(plan.peak, least).0) under \(plan.strategy) is "
    sentence += "at action "
    sentence += "\(plan.rehearsal.peakAction) of \(plan.schedule.actions.count): \(text)"
    if case .compute(let step, _) = action, plan.workload.steps.indices.contains(step) {
      let fact = plan.workload.steps[step]
      if let place = plan.workload.place(ofStep: step) { sentence += " (\(place))" }
      sentence += fact.phase == .forward ? "" : ", in the backward pass"
      if plan.rehearsal.holdings[plan.rehearsal.peakAction].contains(.replayed) {
        sentence += ", a replay"
      }
    }
    return sentence + "."
  }

  /// A row a class: bytes, share, and the largest values in it.
  private var makeUp: ReportTable {
    let moment = plan.rehearsal.timeline[plan.rehearsal.peakAction].during
    let lives = live.live(at: plan.rehearsal.peakAction)
    var rows: [(name: String, bytes: Int, what: String)] = AccountClass.allCases
      .filter { plan.base[$0] > 0 }
      .map { ($0.description, plan.base[$0], "outside the schedule") }
    for holding in Holding.allCases where moment[holding] > 0 {
      let members = lives.filter { $0.holding == holding && $0.bytes > 0 }
      let (name, bytes, what) = ("\(holding)", moment[holding], largest(of: members))
      if let row = rows.firstIndex(where: { $0.name == name }) {
        // Of a class that lives outside too, as gradients taken before do: one row.
        rows[row].what = "\(ByteFormat.text(rows[row].bytes)) outside the schedule, \(what)"
        rows[row].bytes += bytes
      } else {
        rows.append((name, bytes, what))
      }
    }
    rows.sort { $0.bytes > $1.bytes }
    var table = ReportTable(.left(), .sizes(), .right(), .left())
    for row in rows {
      table.add(
        TableCell(row.name), .bytes(row.bytes), .percent(row.bytes, of: plan.peak),
        TableCell(row.what))
    }
    return table
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
        "No schedule can peak below \(ByteFormat.apart(least, plan.peak).0): \(fact.label)"
          + (plan.workload.place(ofStep: step).map { " (\($0))" } ?? "")
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

extension Workbench {
  /// Steps beyond which planning for an answer in words would take too long.
  private static let mostSteps = 20_000

  /// Explains the peak of a plan, trying other strategies on its workload.
  package func explainPeak(of plan: Plan) throws(ExperimentError) -> PeakExplanation {
    guard plan.workload.steps.count <= Workbench.mostSteps else {
      return PeakExplanation(plan, lower: nil)
    }
    let findings = try planner.hearing(of: "explain", beside: plan.base) {
      () throws(ScheduleError) in try Survey(plan.workload).findings()
    }
    var frontier = Frontier<Survey.Finding>()
    for finding in findings.sorted(by: { $0.spelling < $1.spelling })
    where plan.base.total + finding.peak < plan.peak && finding.spelling != plan.strategy {
      frontier.add(peak: finding.peak, cost: finding.replayedSteps, finding)
    }
    return PeakExplanation(
      plan, lower: frontier.points.sorted { $0.peak < $1.peak }.map(\.plan))
  }
}
