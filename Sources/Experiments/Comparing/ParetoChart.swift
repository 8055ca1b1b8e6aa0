import Writing

/// Peak bytes against replayed work, drawn in text: the front, and what lies behind it.
struct ParetoChart {
  let points: [Sweep.Point]
  let front: [Sweep.Point]

  private static let width = 60
  private static let height = 12

  var text: String {
    let low = points.map(\.peak).min() ?? 0
    let high = max(points.map(\.peak).max() ?? 1, low + 1)
    let most = max(points.map(\.replay).max() ?? 0, 1e-9)
    var rows = Array(
      repeating: Array(repeating: Character(" "), count: ParetoChart.width),
      count: ParetoChart.height)
    func plot(_ point: Sweep.Point, _ mark: Character) {
      let x = Int(Double(point.peak - low) / Double(high - low) * Double(ParetoChart.width - 1))
      let y = Int(point.replay / most * Double(ParetoChart.height - 1))
      rows[ParetoChart.height - 1 - y][x] = mark
    }
    for point in points { plot(point, "·") }
    for point in front { plot(point, "●") }
    var lines = ["replayed FLOPs, in forward passes"]
    for (index, row) in rows.enumerated() {
      let value = most * Double(ParetoChart.height - 1 - index) / Double(ParetoChart.height - 1)
      var body = String(row)
      while body.last == " " { body.removeLast() }
      let label = index % 3 == 0 || index == ParetoChart.height - 1 ? decimals(value) : ""
      lines.append(String(repeating: " ", count: max(0, 6 - label.count)) + label + " │" + body)
    }
    lines.append("       └" + String(repeating: "─", count: ParetoChart.width))
    let left = ByteFormat.text(low)
    let right = ByteFormat.text(high)
    let gap = max(1, ParetoChart.width - left.count - right.count)
    lines.append("        " + left + String(repeating: " ", count: gap) + right + " peak")
    var table = TextTable([.right, .right, .left])
    table.add("peak", "replay", "strategy")
    for point in front {
      table.add(ByteFormat.text(point.peak), decimals(point.replay), point.spelling)
    }
    return (lines + table.lines()).joined(separator: "\n")
  }

  private func decimals(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let tail = hundredths % 100
    return "\(hundredths / 100).\(tail < 10 ? "0" : "")\(tail)"
  }
}
