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
    return Report(.chart(.pareto(plot)), .table(table))
  }
}

extension Sweep.Point {
  /// What a chart can tell apart.
  fileprivate var place: [Double] { [Double(peak), replay] }
}
