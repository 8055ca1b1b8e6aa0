import Writing

/// Charts in words, for those who hear what a terminal shows.
extension TerminalRenderer {
  /// What a chart shows, in sentences.
  func words(_ chart: Chart) -> [String] {
    switch chart {
    case .timeline(let plot): plot.subjects.flatMap { TerminalRenderer.words($0) }.flatMap(wrapped)
    case .curve(let plot): TerminalRenderer.words(plot).flatMap(wrapped)
    case .bars(let plot): plot.items.map { "\($0.label): \($0.quantity.reading)" }
    case .pareto(let plot): TerminalRenderer.words(plot).flatMap(wrapped)
    case .tree(let outline): lines(outline)
    }
  }

  private func wrapped(_ sentence: String) -> [String] {
    Wrapped.lines(sentence, width: min(width, 80))
  }

  /// The peak with its make-up, and the bytes at five actions from the first to the last.
  private static func words(_ subject: TimelinePlot.Subject) -> [String] {
    let moments = subject.moments
    guard let last = moments.indices.last else { return [subject.title.plain, "no bytes"] }
    var sentences = [subject.title.plain]
    sentences.append(
      "\(CountFormat.counted(moments.count, "action")), from 0 to \(last)"
        + (subject.turn.map { "; the backward pass begins at action \($0)" } ?? "") + ".")
    if moments.indices.contains(subject.peakAction) {
      let peak = moments[subject.peakAction]
      let parts = TimelinePlot.Layer.allCases.filter { peak[$0] > 0 }
        .map { "\($0.name) \(ByteFormat.text(peak[$0]))" }
      sentences.append(
        "Highest at action \(subject.peakAction), \(ByteFormat.text(peak.total)): "
          + parts.joined(separator: ", ") + ".")
    }
    let stations = Array(Set([0, last / 4, last / 2, last * 3 / 4, last])).sorted()
    sentences.append(
      "Bytes at action "
        + stations.map { "\($0): \(ByteFormat.text(moments[$0].total))" }.joined(separator: ", ")
        + ".")
    return sentences
  }

  /// Of each line where it begins and ends, and its least and greatest number.
  private static func words(_ plot: CurvePlot) -> [String] {
    plot.series.map { series in
      let known = series.values.enumerated().filter { $0.element.isFinite }
      let name = series.name.isEmpty ? plot.yTitle : series.name
      guard let first = known.first, let last = known.last,
        let least = known.min(by: { $0.element < $1.element }),
        let most = known.max(by: { $0.element < $1.element })
      else { return "\(name): no numbers" }
      func at(_ point: (offset: Int, element: Double)) -> String {
        "\(CurvePlot.number(point.element)) at \(plot.xTitle) \(point.offset + 1)"
      }
      return "\(name): begins with \(at(first)), ends with \(at(last)); "
        + "the least is \(at(least)), the greatest \(at(most))."
    }
  }

  /// A sentence a point, those on the front first.
  private static func words(_ plot: ParetoPlot) -> [String] {
    let sorted = plot.points.sorted {
      ($0.isOnFront ? 0 : 1, $0.peak) < ($1.isOnFront ? 0 : 1, $1.peak)
    }
    return sorted.map { point in
      "\(point.name): peak \(ByteFormat.text(point.peak)), replays "
        + "\(Decimals.fixed(point.replay, 2)) forward passes"
        + (point.isOnFront ? ", on the front" : "")
    }
  }
}
