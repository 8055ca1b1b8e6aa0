import Experiments
import Reports

extension Comparison {
  /// The rows as a table, with what was refused below it, in the words of its diagnostics. What has
  /// not run is of a sketch, or a training step.
  func report(refusals: [String], isSketch: Bool) -> Report {
    let moves = rows.contains { $0.traffic > 0 }
    var columns: [ReportTable.Column] = [
      .left(), .left("strategy"), .sizes("predicted peak"), .sizes("measured peak"), .sizes("kept"),
      .right("replayed steps"), .right("replayed FLOPs"),
    ]
    if moves { columns.append(.sizes("moved")) }
    var table = ReportTable(columns + [.left("same bits")])
    for row in rows {
      var cells: [TableCell] = [
        TableCell(row.isOnFront ? "*" : ""), .text(RichText(row.strategy, .name)),
        .bytes(row.predicted), row.run.map { .bytes($0.measured) } ?? "not run",
        .bytes(row.kept), .integer(row.replayedSteps), .flops(row.replayedCost),
      ]
      if moves { cells.append(.bytes(row.traffic)) }
      table.add(
        cells + [row.run.map { .flag($0.isEqual, yes: "yes", no: "NO") } ?? "not run"])
    }
    var report = Report(.table(table))
    for refusal in refusals { report.append(.line(RichText(refusal))) }
    if !rows.isEmpty {
      report.append(
        .note(
          moves
            ? "* no other strategy here is as good in peak, replays and traffic, and better in one"
            : "* no other strategy here has both a lower peak and fewer replays"))
      if ranPlainBeside {
        report.append(.note("same bits: as the plain run, which ran once beside these"))
      }
    }
    if rows.contains(where: { $0.run == nil }) {
      let what = isSketch ? "a sketch" : "a training step"
      report.append(.note("\(what) is only rehearsed: nothing ran, and nothing was measured"))
    }
    return report
  }
}
