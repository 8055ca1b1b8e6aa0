import Writing

/// Charts as SVG, drawn by hand: they scale with the page, and take its colours.
enum SVGChart {
  /// Units of the drawing: the page scales it to its column.
  static let width = 640.0
  private static let height = 260.0
  /// Room for the numbers of the axes.
  private static let left = 92.0
  private static let right = 12.0
  private static let top = 34.0
  private static let bottom = 40.0

  /// A place on the sheet, from shares of width and height.
  private static func x(_ share: Double) -> Double { left + share * (width - left - right) }
  private static func y(_ share: Double) -> Double {
    height - bottom - share * (height - top - bottom)
  }

  private static func number(_ value: Double) -> String { Decimals.fixed(value, 1) }

  private static func point(_ a: Double, _ b: Double) -> String {
    "\(number(x(a))),\(number(y(b)))"
  }

  // MARK: Timeline

  /// Columns that a timeline is drawn with at most.
  private static let mostColumns = 280

  /// A drawing a subject, all on the same scales, and the legend of the layers.
  static func timeline(_ plot: TimelinePlot) -> String {
    let figures = plot.subjects.map { subject in
      figure(
        timelineSVG(subject, in: plot), label: "bytes over actions",
        caption: HTMLRenderer.html(subject.title), hasMarks: true)
    }
    let keys = TimelinePlot.Layer.allCases.filter { layer in
      plot.subjects.contains { $0.moments.contains { $0[layer] > 0 } }
    }
    return figures.joined(separator: "\n") + "\n" + legend(keys.map { (color(of: $0), $0.name) })
  }

  private static func timelineSVG(_ subject: TimelinePlot.Subject, in plot: TimelinePlot) -> String
  {
    guard !subject.moments.isEmpty, plot.top > 0 else {
      return text("(no bytes)", x: x(0.5), y: y(0.5), anchor: "middle")
    }
    let columns = max(1, min(plot.longest, mostColumns))
    let shown = plot.highest(subject, columns: columns).map { subject.moments[$0] }
    let most = Double(plot.top)
    func share(_ column: Int) -> Double { Double(column) / Double(columns) }
    var svg = yAxis(top: ByteFormat.text(plot.top), middle: ByteFormat.text(plot.top / 2), low: "0")
    var floor = [Double](repeating: 0, count: shown.count)
    for layer in TimelinePlot.Layer.allCases {
      let ceiling = zip(floor, shown).map { $0 + Double($1[layer]) }
      if ceiling != floor {
        // Each moment is a step as wide as its column.
        let upper = ceiling.indices.flatMap {
          [point(share($0), ceiling[$0] / most), point(share($0 + 1), ceiling[$0] / most)]
        }
        let lower = floor.indices.reversed().flatMap {
          [point(share($0 + 1), floor[$0] / most), point(share($0), floor[$0] / most)]
        }
        svg += "<polygon points=\"\((upper + lower).joined(separator: " "))\" "
        svg += "style=\"fill:\(color(of: layer))\"/>"
      }
      floor = ceiling
    }
    return svg + marks(subject, in: plot, columns: columns)
  }

  /// The mark of the peak, where the backward pass begins, and the ends of the axis.
  private static func marks(
    _ subject: TimelinePlot.Subject, in plot: TimelinePlot, columns: Int
  ) -> String {
    func share(_ action: Int) -> Double {
      (Double(plot.column(action, of: columns)) + 0.5) / Double(columns)
    }
    let peak = share(subject.peakAction)
    let side = peak < 0.3 ? "start" : peak > 0.7 ? "end" : "middle"
    let most = Double(subject.peak) / Double(plot.top)
    var svg = text(
      "peak at action \(subject.peakAction)", x: x(peak), y: y(most) - 10, anchor: side)
    svg += "<path class=\"axis\" d=\"M\(number(x(peak))) \(number(y(most) - 7))v7\"/>"
    if let turn = subject.turn {
      let place = share(turn)
      svg += "<path class=\"axis\" stroke-dasharray=\"3 3\" d=\"M\(number(x(place))) "
      svg += "\(number(y(0)))V\(number(y(1)))\"/>"
      svg += text(
        "backward from \(turn)", x: x(min(max(place, 0.28), 0.72)), y: height - bottom + 34,
        anchor: "middle", soft: true)
    }
    svg += text("0", x: x(0), y: height - bottom + 16, anchor: "start", soft: true)
    svg += text(
      "\(subject.moments.count - 1)",
      x: x(min(1, Double(subject.moments.count) / Double(max(plot.longest, 1)))),
      y: height - bottom + 16, anchor: "end", soft: true)
    return svg
  }

  private static func color(of layer: TimelinePlot.Layer) -> String {
    switch layer {
    case .kept: "var(--kept)"
    case .replayed: "var(--replayed)"
    case .adjoints: "var(--adjoints)"
    case .forward: "var(--forward)"
    }
  }

  // MARK: Curves

  private static let colors = [
    "var(--kept)", "var(--replayed)", "var(--adjoints)", "var(--bad)", "var(--soft)",
  ]

  /// Lines over equal steps.
  static func curve(_ plot: CurvePlot) -> String {
    guard let range = plot.range, plot.longest > 0 else {
      return figure(
        text("(no numbers)", x: x(0.5), y: y(0.5), anchor: "middle"), label: plot.yTitle,
        caption: HTMLRenderer.escape(plot.yTitle))
    }
    let span = range.upperBound - range.lowerBound
    func share(_ value: Double) -> Double { span > 0 ? (value - range.lowerBound) / span : 0.5 }
    func label(_ share: Double) -> String { CurvePlot.number(range.lowerBound + share * span) }
    var svg = yAxis(top: label(1), middle: label(0.5), low: label(0))
    for (index, series) in plot.series.enumerated() {
      let color = colors[index % colors.count]
      let points = plot.points(of: series.values, atMost: 400).map { point($0.x, share($0.y)) }
      svg += "<polyline points=\"\(points.joined(separator: " "))\" "
      svg += "style=\"fill:none;stroke:\(color);stroke-width:2\"/>"
      if points.count == 1 {
        svg +=
          "<circle cx=\"\(number(x(0)))\" cy=\"\(number(y(share(series.values[0]))))\" r=\"4\" "
        svg += "style=\"fill:\(color)\"/>"
      }
    }
    svg += text("1", x: x(0), y: height - bottom + 16, anchor: "start", soft: true)
    svg += text(
      "\(plot.longest) \(plot.xTitle)", x: x(1), y: height - bottom + 16, anchor: "end", soft: true)
    let names = plot.series.enumerated().map { (colors[$0.offset % colors.count], $0.element.name) }
    return figure(svg, label: plot.yTitle, caption: HTMLRenderer.escape(plot.yTitle))
      + (names.count > 1 ? "\n" + legend(names) : "")
  }

  /// Bars on one scale: rows of a table, so that long labels wrap.
  static func bars(_ plot: BarPlot) -> String {
    let rows = plot.items.map { item in
      "<tr><td>\(HTMLRenderer.escape(item.label))</td>"
        + "<td class=\"right\">\(HTMLRenderer.escape(item.quantity.reading))</td>"
        + "<td><meter min=\"0\" max=\"\(max(plot.most, 1))\" "
        + "value=\"\(max(item.quantity.amount, 0))\">"
        + "</meter></td></tr>"
    }
    return
      "<div class=\"scroll\" tabindex=\"0\"><table><tbody>\(rows.joined())</tbody></table></div>"
  }

  /// Peaks to the right, replays upward; the front joined by a line, a name shown where one points.
  static func pareto(_ plot: ParetoPlot) -> String {
    let low = plot.peaks.lowerBound
    let span = Double(plot.peaks.upperBound - low)
    func place(_ point: ParetoPlot.Point) -> (x: Double, y: Double) {
      (Double(point.peak - low) / span, point.replay / plot.mostReplay)
    }
    func label(_ share: Double) -> String { Decimals.fixed(share * plot.mostReplay, 2) }
    var svg = yAxis(top: label(1), middle: label(0.5), low: label(0))
    let front = plot.points.filter(\.isOnFront).map(place).sorted { ($0.x, $1.y) < ($1.x, $0.y) }
    let line = front.map { point($0.x, $0.y) }.joined(separator: " ")
    svg += "<polyline class=\"axis\" points=\"\(line)\"/>"
    for each in plot.points.filter({ !$0.isOnFront }) + plot.points.filter(\.isOnFront) {
      let (a, b) = place(each)
      let color = each.isOnFront ? "var(--kept)" : "var(--forward)"
      svg += "<circle cx=\"\(number(x(a)))\" cy=\"\(number(y(b)))\" r=\"5\" "
      svg += "style=\"fill:\(color)\"><title>\(HTMLRenderer.escape(each.name)): "
      svg += "\(ByteFormat.text(each.peak)), \(Decimals.fixed(each.replay, 2))</title></circle>"
    }
    svg += text(ByteFormat.text(low), x: x(0), y: height - bottom + 16, anchor: "start", soft: true)
    svg += text(
      ByteFormat.text(plot.peaks.upperBound) + " peak", x: x(1), y: height - bottom + 16,
      anchor: "end", soft: true)
    return figure(
      svg, label: "peak bytes against replayed work", caption: "replayed FLOPs, in forward passes")
      + "\n"
      + legend([("var(--kept)", "on the front"), ("var(--forward)", "behind it")])
  }

  // MARK: Pieces

  private static func yAxis(top: String, middle: String, low: String) -> String {
    var svg = ""
    for (share, label) in [(1.0, top), (0.5, middle), (0.0, low)] {
      svg += "<path class=\"grid\" d=\"M\(number(x(0))) \(number(y(share)))H\(number(x(1)))\"/>"
      svg += text(label, x: x(0) - 8, y: y(share) + 4, anchor: "end", soft: true)
    }
    return svg
      + "<path class=\"axis\" d=\"M\(number(x(0))) "
      + "\(number(y(1)))V\(number(y(0)))H\(number(x(1)))\"/>"
  }

  private static func text(
    _ text: String, x: Double, y: Double, anchor: String, soft: Bool = false
  ) -> String {
    "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\""
      + (soft ? " class=\"soft\"" : "") + ">\(HTMLRenderer.escape(text))</text>"
  }

  /// The caption is HTML, the label plain text. A chart without marks above and below its axes
  /// needs no room for them.
  private static func figure(
    _ svg: String, label: String, caption: String, hasMarks: Bool = false
  ) -> String {
    let (start, rows) = hasMarks ? (0, height) : (20, height - 40)
    return
      """
      <figure>
      <figcaption>\(caption)</figcaption>
      <svg viewBox="0 \(start) \(Int(width)) \(Int(rows))" role="img" \
      aria-label="\(HTMLRenderer.escape(label))">\(svg)</svg>
      </figure>
      """
  }

  private static func legend(_ keys: [(color: String, name: String)]) -> String {
    "<p class=\"note\">"
      + keys.map { color, name in
        "<span class=\"key\"><i "
          + "style=\"background:\(color)\"></i>\(HTMLRenderer.escape(name))</span>"
      }.joined(separator: " ") + "</p>"
  }
}
