import Evaluation
package import Experiments
import Schedules
import Syntax
import Tensors
import Writing

/// Bytes over the actions of one or several schedules, drawn with block characters.
///
/// All charts of one drawing have the same scales, so that they can be compared.
package struct TimelineChart {
  package struct Subject {
    /// As the learner wrote it: `p`.
    package let name: String
    package let plan: Plan

    package init(name: String, plan: Plan) {
      self.name = name
      self.plan = plan
    }
  }

  /// What is stacked, from the bottom, and how it is shaded.
  private static let layers: [(shade: Character, name: String, holdings: [Holding])] = [
    ("█", "kept", [.kept]),
    ("▓", "replayed", [.replayed]),
    ("▒", "adjoints and gradients", [.adjoints, .gradients]),
    ("░", "forward and workspace", [.forward, .workspace]),
  ]

  private let subjects: [Subject]
  private let width: Int
  private let height: Int

  package init(_ subjects: [Subject], width: Int) {
    self.subjects = subjects
    self.width = max(width, 40)
    self.height = subjects.count > 1 ? 6 : 10
  }

  /// The drawing, without a newline at the end.
  package var text: String {
    let top = subjects.map { $0.plan.rehearsal.peak }.max() ?? 0
    let longest = subjects.map { $0.plan.rehearsal.timeline.count }.max() ?? 0
    let scale = [0, top / 2, top].map(ByteFormat.text)
    let gutter = scale.map(\.count).max() ?? 0
    let columns = max(1, min(longest, width - gutter - 2))
    var used: Set<Int> = []
    var lines: [String] = []
    for subject in subjects {
      if !lines.isEmpty { lines.append("") }
      lines += chart(
        subject, top: top, longest: longest, columns: columns, scale: scale, gutter: gutter,
        used: &used)
    }
    let legend = TimelineChart.layers.indices.filter(used.contains)
      .map { "\(TimelineChart.layers[$0].shade) \(TimelineChart.layers[$0].name)" }
    if !legend.isEmpty { lines.append(legend.joined(separator: "   ")) }
    return lines.map(\.trimmedAtEnd).joined(separator: "\n")
  }

  private func chart(
    _ subject: Subject, top: Int, longest: Int, columns: Int, scale: [String], gutter: Int,
    used: inout Set<Int>
  ) -> [String] {
    let rehearsal = subject.plan.rehearsal
    let count = rehearsal.timeline.count
    var lines = [title(subject)]
    guard count > 0, top > 0 else { return lines + ["  (no bytes)"] }

    // Each column shows the highest moment of its actions.
    func column(_ action: Int) -> Int { min(action * columns / longest, columns - 1) }
    var highest = [Int?](repeating: nil, count: column(count - 1) + 1)
    for action in 0..<count {
      let place = column(action)
      let total = rehearsal.timeline[action].during.total
      if let best = highest[place], rehearsal.timeline[best].during.total >= total { continue }
      highest[place] = action
    }
    let peak = column(rehearsal.peakAction)
    highest[peak] = rehearsal.peakAction
    let cells = highest.map { action in
      action.map { stack(rehearsal.timeline[$0].during, top: top, used: &used) } ?? []
    }

    let mark = " peak at action \(rehearsal.peakAction)"
    let blank = String(repeating: " ", count: gutter + 2)
    lines.append(
      peak + mark.count < columns
        ? blank + String(repeating: " ", count: peak) + "▼" + mark
        : blank + String(repeating: " ", count: max(0, peak - mark.count)) + mark.dropFirst() + " ▼"
    )
    for row in stride(from: height - 1, through: 0, by: -1) {
      let label = row == height - 1 ? scale[2] : row == height / 2 - 1 ? scale[1] : ""
      let edge = label.isEmpty ? "│" : "┤"
      let bar = cells.map { $0.count > row ? $0[row] : " " }
      lines.append(
        String(repeating: " ", count: gutter - label.count) + label + " " + edge + String(bar))
    }
    lines += axis(subject.plan, column: column, columns: cells.count, gutter: gutter)
    return lines
  }

  private func title(_ subject: Subject) -> String {
    let plan = subject.plan
    let outside = plan.base.total
    return "\(subject.name)  \(plan.strategy)   peak \(ByteFormat.text(plan.peak))"
      + (outside > 0
        ? ": \(ByteFormat.text(plan.rehearsal.peak)) drawn, "
          + "\(ByteFormat.text(outside)) outside the schedule" : "")
  }

  /// The characters of a column from the bottom; a moment above zero shows at least one.
  private func stack(_ moment: Footprint, top: Int, used: inout Set<Int>) -> [Character] {
    var cells: [Character] = []
    var below = 0
    for (index, layer) in TimelineChart.layers.enumerated() {
      let bytes = layer.holdings.reduce(0) { $0 + moment[$1] }
      below += bytes
      let level = Int((Double(below) / Double(top) * Double(height)).rounded())
      let isTop = below == moment.total && bytes > 0
      let reach = isTop && cells.isEmpty ? max(level, 1) : level
      if reach > cells.count {
        used.insert(index)
        cells += [Character](repeating: layer.shade, count: reach - cells.count)
      }
    }
    return cells
  }

  /// The axis with the place where the backward pass begins, and its numbers.
  private func axis(
    _ plan: Plan, column: (Int) -> Int, columns: Int, gutter: Int
  ) -> [String] {
    let count = plan.schedule.actions.count
    let turn = plan.schedule.actions.firstIndex { action in
      if case .compute(let step, _) = action, plan.workload.steps.indices.contains(step) {
        return plan.workload.steps[step].phase != .forward
      }
      return false
    }
    var rule = [Character](repeating: "─", count: columns)
    var words = [Character](repeating: " ", count: columns)
    func put(_ text: String, at place: Int) {
      let place = max(0, min(place, columns - text.count))
      for (offset, character) in text.enumerated() where place + offset < columns {
        words[place + offset] = character
      }
    }
    put("0", at: 0)
    put(String(count - 1), at: columns)
    if let turn {
      let place = column(turn)
      if place < columns { rule[place] = "┴" }
      let word = "backward from \(turn)"
      if columns > word.count + String(count).count + 4 {
        put(word, at: max(2, min(place, columns - word.count - String(count).count - 2)))
      }
    }
    let blank = String(repeating: " ", count: gutter + 1)
    return [
      String(repeating: " ", count: gutter - 1) + "0 └" + String(rule),
      blank + " " + String(words),
    ]
  }
}
