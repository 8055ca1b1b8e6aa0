package import Experiments
package import Reports
import Schedules
import Writing

extension UseExplanation {
  /// The explanation, a sentence a paragraph.
  package var report: Report {
    let fact = plan.workload.value(value)
    var lines = [
      "\(title) holds \(ByteFormat.text(fact.bytes))"
        + "\(fact.isResult ? ", a result of the block" : "")."
    ]
    if lives.isEmpty { lines.append("The schedule never computes it.") }
    for (index, life) in lives.enumerated() {
      lines.append(sentence(life, isFirst: index == 0))
    }
    lines.append(reading)
    if let last = lastUse {
      if let end = last.path.last.flatMap(end) { lines.append(sentence(last.path, end)) }
      lines.append(sentence(last))
    }
    return Report(lines.map { .paragraph(RichText($0)) })
  }

  private var title: String {
    let place = plan.workload.place(ofStep: plan.workload.maker(of: value))
    let words = [plan.workload.name(ofValue: value).map { "\"\($0)\"" }, place].compactMap { $0 }
      .joined(separator: ", ")
    return plan.workload.label(ofValue: value) + (words.isEmpty ? "" : " (\(words))")
  }

  private func sentence(_ life: LiveSet.Life, isFirst: Bool) -> String {
    let how = isFirst ? "Computed" : "Computed again"
    let count = plan.schedule.actions.count
    let end =
      life.range.upperBound >= count
      ? "live to the end" : "live until action \(life.range.upperBound)"
    return "\(how) by action \(life.range.lowerBound), as \(life.holding); \(end) "
      + "(\(CountFormat.counted(life.range.count, "action")))."
  }

  private var reading: String {
    let names = readers.map { reader in
      plan.workload.steps[reader].label
        + (plan.workload.steps[reader].phase == .forward ? "" : " (backward)")
    }
    if names.isEmpty { return "Nothing reads it." }
    let more = names.count - 6
    return "Read by \(names.prefix(6).joined(separator: ", "))"
      + (more > 0 ? " and \(more) more." : ".")
  }

  private func sentence(_ path: [Int], _ end: End) -> String {
    let labels = [plan.workload.label(ofValue: value)] + path.map { plan.workload.steps[$0].label }
    let shown =
      labels.count <= 7
      ? labels : labels.prefix(4) + ["… \(labels.count - 6) more"] + labels.suffix(2)
    let what =
      switch end {
      case .update: "an update"
      case .gradient: "a gradient asked for"
      case .result: "a result"
      }
    return "Kept alive by: \(shown.joined(separator: " → ")), \(what)."
  }

  private func sentence(_ last: LastUse) -> String {
    let bytes = ByteFormat.text(plan.workload.value(value).bytes)
    guard plan.workload.steps[plan.workload.maker(of: value)].phase == .forward else {
      return "It is made in the backward pass: its \(bytes) cannot be replayed more cheaply."
    }
    return "Replaying it before its last use (action \(last.action)) would free \(bytes) and cost "
      + "\(CountFormat.counted(last.replay.steps, "step")), "
      + "\(CountFormat.brief(last.replay.cost)) FLOPs."
  }
}
