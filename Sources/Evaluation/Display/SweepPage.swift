import Experiments
import Reports

extension Sweep {
  /// The points as a chart, with a table of the front.
  var report: Report {
    let places = Set(front.map(\.place))
    let plot = ParetoPlot(
      points.map {
        ParetoPlot.Point(
          $0.spelling, peak: $0.peak, replay: $0.replay, isOnFront: places.contains($0.place))
      })
    var table = ReportTable(.sizes("peak"), .right("replay"), .left("strategy"))
    for point in front {
      table.add(
        .bytes(point.peak), .number(point.replay, decimals: 2),
        .text(RichText(point.spelling, .name)))
    }
    var report = Report(.chart(.pareto(plot)), .table(table))
    for point in front where point.traffic > 0 {
      report.append(
        .note(
          """
          \(name: point.spelling) moves \(bytes: point.traffic) to the slower tier and back, \
          which is not counted here
          """
        ))
    }
    return report
  }
}

extension Sweep.Point {
  /// What a chart can tell apart.
  fileprivate var place: [Double] { [Double(peak), replay] }
}
