import Writing

extension TerminalRenderer {
  /// How a layer is shaded.
  private static func shade(of layer: TimelinePlot.Layer) -> Character {
    switch layer {
    case .kept: "█"
    case .replayed: "▓"
    case .adjoints: "▒"
    case .forward: "░"
    }
  }

  /// A drawing a subject, all on the same scales, and the legend of what was drawn.
  func lines(_ plot: TimelinePlot) -> [String] {
    let scale = [0, plot.top / 2, plot.top].map(ByteFormat.text)
    let gutter = scale.map(\.count).max() ?? 0
    let sheet = TimelineSheet(
      plot: plot, scale: scale, gutter: gutter,
      columns: max(1, min(plot.longest, width - gutter - 2)),
      height: plot.subjects.count > 1 ? 6 : 10)
    var used: Set<TimelinePlot.Layer> = []
    var lines: [String] = []
    for subject in plot.subjects {
      if !lines.isEmpty { lines.append("") }
      lines.append(draw(subject.title))
      guard !subject.moments.isEmpty, plot.top > 0 else {
        lines.append("  (no bytes)")
        continue
      }
      let drawing = sheet.draw(subject) { layer in
        used.insert(layer)
        return TerminalRenderer.shade(of: layer)
      }
      lines += drawing
    }
    let legend = TimelinePlot.Layer.allCases.filter(used.contains)
      .map { "\(TerminalRenderer.shade(of: $0)) \($0.name)" }
    if !legend.isEmpty { lines.append(legend.joined(separator: "   ")) }
    return lines.map(\.trimmedAtEnd)
  }
}

/// The scales that all subjects of a timeline are drawn on.
private struct TimelineSheet {
  /// What all subjects are scaled by.
  let plot: TimelinePlot
  /// Nothing, the middle, the top, in words.
  let scale: [String]
  /// Columns that those take.
  let gutter: Int
  /// Columns that the longest subject takes.
  let columns: Int
  /// Rows that the top of the scale takes.
  let height: Int

  /// The mark above the peak, the stacks, the axis.
  func draw(
    _ subject: TimelinePlot.Subject, shade: (TimelinePlot.Layer) -> Character
  ) -> [String] {
    let cells = plot.highest(subject, columns: columns)
      .map { stack(subject.moments[$0], shade: shade) }
    let peak = plot.column(subject.peakAction, of: columns)
    let mark = " peak at action \(subject.peakAction)"
    let blank = String(repeating: " ", count: gutter + 2)
    var lines = [
      peak + mark.count < columns
        ? blank + String(repeating: " ", count: peak) + "▼" + mark
        : blank + String(repeating: " ", count: max(0, peak - mark.count)) + mark.dropFirst() + " ▼"
    ]
    for row in stride(from: height - 1, through: 0, by: -1) {
      let label = row == height - 1 ? scale[2] : row == height / 2 - 1 ? scale[1] : ""
      let edge = label.isEmpty ? "│" : "┤"
      let bar = cells.map { $0.count > row ? $0[row] : " " }
      lines.append(
        String(repeating: " ", count: gutter - label.count) + label + " " + edge + String(bar))
    }
    return lines + axis(subject, columns: cells.count)
  }

  /// The characters of a column from the bottom; a moment above zero shows at least one.
  private func stack(
    _ moment: TimelinePlot.Moment, shade: (TimelinePlot.Layer) -> Character
  ) -> [Character] {
    var cells: [Character] = []
    var below = 0
    for layer in TimelinePlot.Layer.allCases {
      let bytes = moment[layer]
      below += bytes
      let level = Int((Double(below) / Double(plot.top) * Double(height)).rounded())
      let isTop = below == moment.total && bytes > 0
      let reach = isTop && cells.isEmpty ? max(level, 1) : level
      if reach > cells.count {
        cells += [Character](repeating: shade(layer), count: reach - cells.count)
      }
    }
    return cells
  }

  /// The axis with the place where the backward pass begins, and its numbers.
  private func axis(_ subject: TimelinePlot.Subject, columns: Int) -> [String] {
    let count = subject.moments.count
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
    if let turn = subject.turn {
      let place = plot.column(turn, of: self.columns)
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
