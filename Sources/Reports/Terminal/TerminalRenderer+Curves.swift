import Writing

extension TerminalRenderer {
  /// Columns and rows of a drawing of points.
  private static let plotWidth = 60
  private static let plotHeight = 12

  /// Peak bytes to the right, replayed work upward: `●` on the front, `·` behind it.
  func lines(_ plot: ParetoPlot) -> [String] {
    var sheet = PointSheet(width: plotWidth, height: TerminalRenderer.plotHeight)
    let (low, high) = (plot.peaks.lowerBound, plot.peaks.upperBound)
    func put(_ point: ParetoPlot.Point, _ mark: Character) {
      sheet.put(
        mark, x: Double(point.peak - low) / Double(high - low), y: point.replay / plot.mostReplay)
    }
    for point in plot.points { put(point, "·") }
    for point in plot.points where point.isOnFront { put(point, "●") }
    return ["replayed FLOPs, in forward passes"]
      + sheet.lines(gutter: 6) { Decimals.fixed($0 * plot.mostReplay, 2) }
      + [
        sheet.footer(gutter: 6, left: ByteFormat.text(low), right: ByteFormat.text(high)) + " peak"
      ]
  }

  /// The marks of a curve's series, in their order.
  private static let marks: [Character] = ["●", "○", "◆", "◇", "▲", "△"]

  /// Steps to the right, numbers upward; a mark a column, the mean of its steps.
  func lines(_ plot: CurvePlot) -> [String] {
    guard let range = plot.range, plot.longest > 0 else { return ["\(plot.yTitle)  (no numbers)"] }
    let columns = min(max(plot.longest, 2), plotWidth)
    let span = range.upperBound - range.lowerBound
    var sheet = PointSheet(width: columns, height: TerminalRenderer.plotHeight)
    for (series, values) in plot.series.map(\.values).enumerated() {
      let mark = TerminalRenderer.marks[series % TerminalRenderer.marks.count]
      for (x, y) in plot.points(of: values, atMost: columns) {
        sheet.put(mark, x: x, y: span > 0 ? (y - range.lowerBound) / span : 0)
      }
    }
    func number(_ share: Double) -> String {
      CurvePlot.number(range.lowerBound + share * span)
    }
    let gutter = max(6, number(0).count, number(1).count, number(0.5).count)
    let legend = plot.series.enumerated().map { index, series in
      "\(TerminalRenderer.marks[index % TerminalRenderer.marks.count]) \(series.name)"
    }
    let footer = sheet.footer(gutter: gutter, left: "1", right: "\(plot.longest)")
    return [plot.yTitle] + sheet.lines(gutter: gutter, label: number) + [footer + " \(plot.xTitle)"]
      + (plot.series.count > 1 ? [legend.joined(separator: "   ")] : [])
  }

  private var plotWidth: Int { max(20, min(TerminalRenderer.plotWidth, width - 14)) }
}

extension CurvePlot {
  /// Points of a series with both coordinates: x from 0 to 1 over all steps, and the mean of the
  /// steps it stands for. At most so many; holes are left out.
  func points(of values: [Double], atMost count: Int) -> [(x: Double, y: Double)] {
    let last = max(longest - 1, 1)
    var sums: [Int: (sum: Double, place: Double, count: Double)] = [:]
    for (step, value) in values.enumerated() where value.isFinite {
      let column = step * count / max(longest, 1)
      let before = sums[column] ?? (0, 0, 0)
      sums[column] = (before.sum + value, before.place + Double(step), before.count + 1)
    }
    return sums.keys.sorted().compactMap { column in
      sums[column].map { ($0.place / $0.count / Double(last), $0.sum / $0.count) }
    }
  }

  /// A number on an axis: three digits that matter.
  static func number(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1e6 || (size > 0 && size < 1e-3) {
      var (digits, exponent) = (value, 0)
      while abs(digits) >= 9.995 { (digits, exponent) = (digits / 10, exponent + 1) }
      while abs(digits) < 0.9995 { (digits, exponent) = (digits * 10, exponent - 1) }
      return Decimals.fixed(digits, 2) + "e\(exponent)"
    }
    return Decimals.fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 4)
  }
}

/// A sheet of characters that points are put on.
private struct PointSheet {
  /// Characters in a row, the axis apart.
  let width: Int
  /// Rows, the axis apart.
  let height: Int
  private var rows: [[Character]]

  /// A sheet without marks.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    rows = Array(repeating: Array(repeating: " ", count: width), count: height)
  }

  /// Puts a mark at shares of width and height, from 0 to 1.
  mutating func put(_ mark: Character, x: Double, y: Double) {
    let column = Int(x * Double(width - 1))
    let row = Int(y * Double(height - 1))
    rows[height - 1 - min(max(row, 0), height - 1)][min(max(column, 0), width - 1)] = mark
  }

  /// The rows behind the upward axis; every third and the last with its label.
  func lines(gutter: Int, label: (Double) -> String) -> [String] {
    rows.enumerated().map { index, row in
      let isLabelled = index % 3 == 0 || index == height - 1
      let text = isLabelled ? label(Double(height - 1 - index) / Double(height - 1)) : ""
      let blank = String(repeating: " ", count: max(0, gutter - text.count))
      return blank + text + " │" + String(row).trimmedAtEnd
    } + [String(repeating: " ", count: gutter + 1) + "└" + String(repeating: "─", count: width)]
  }

  /// What stands below the axis, at either end.
  func footer(gutter: Int, left: String, right: String) -> String {
    let gap = max(1, width - left.count - right.count)
    return String(repeating: " ", count: gutter + 2) + left
      + String(repeating: " ", count: gap) + right
  }
}
