package import Experiments
package import Reports
import Schedules
import Writing

extension PeakExplanation {
  /// The explanation in words.
  package var report: Report {
    guard let action else {
      return Report(
        .paragraph(
          """
          The schedule has no actions: its peak is the \(bytes: plan.base.total) that live outside \
          it.
          """
        ))
    }
    return Report(
      [.paragraph(RichText(place(of: action))), .section(Report.Section("", [.table(table)]))]
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
        .text(replays(finding)))
    }
    return .section(Report.Section("Strategies that peak lower:", [.table(table)]))
  }

  /// `replays 12 steps (3.4 M FLOPs)`, `moves 16 KiB to the slower tier and back`, both, or that
  /// neither is done.
  private func replays(_ finding: Survey.Finding) -> RichText {
    let moves: RichText = "moves \(bytes: finding.tierTraffic) to the slower tier and back"
    if finding.replayedSteps == 0 {
      return finding.tierTraffic > 0 ? moves : "replays nothing: the steps run in another order"
    }
    var text: RichText = "replays \(count: finding.replayedSteps, "step")"
    if finding.replayedCost > 0 { text += " (\(flops: finding.replayedCost) FLOPs)" }
    if finding.tierTraffic > 0 { text += ", " + moves }
    return text
  }

  /// `The peak of 1.2 MiB is at action 57 of 120, which computes relu'#40 (line 8) in the backward
  /// pass.`
  private func place(of action: Int) -> String {
    let text = plan.schedule.actions[action].reading(in: plan.workload)
    let least = plan.base.total + (greatest?.need.total ?? 0)
    var sentence = "The peak of \(ByteFormat.apart(plan.peak, least).0) under \(plan.strategy) is "
    sentence += "at action \(action) of \(plan.schedule.actions.count): \(text)"
    if let step {
      if let place = plan.workload.place(ofStep: step) { sentence += " (\(place))" }
      sentence += plan.workload.steps[step].phase == .forward ? "" : ", in the backward pass"
      if plan.rehearsal.holdings[action].contains(.replayed) { sentence += ", a replay" }
    }
    return sentence + "."
  }

  /// A row a class: bytes, share, and the largest values in it.
  private var table: ReportTable {
    var table = ReportTable(.left(), .sizes(), .right(), .left())
    for share in makeUp {
      table.add(
        TableCell(share.name), .bytes(share.bytes), .percent(share.bytes, of: plan.peak),
        TableCell(words(share)))
    }
    return table
  }

  private func words(_ share: Share) -> String {
    if share.outside == share.bytes { return "outside the schedule" }
    let shown = share.lives.prefix(3).map {
      "\(plan.workload.label(ofValue: $0.value)) \(ByteFormat.text($0.bytes))"
    }
    let more = share.lives.count - shown.count
    return (share.outside > 0 ? "\(ByteFormat.text(share.outside)) outside the schedule, " : "")
      + shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// What no schedule can do without, at the peak and anywhere.
  private var floor: [String] {
    var lines: [String] = []
    if let step, let need {
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
    if let (workload, step, need) = greatest {
      let least = plan.base.total + need.total
      lines.append(
        "No schedule can peak below \(ByteFormat.apart(least, plan.peak).0): "
          + workload.steps[step].label
          + (workload.place(ofStep: step).map { " (\($0))" } ?? "")
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
