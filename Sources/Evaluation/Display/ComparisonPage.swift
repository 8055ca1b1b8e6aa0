import Experiments
import Reports

extension Comparison {
  /// The rows as a table, with what was refusedbelow it, in the words of its diagnostics.
  func report(refusals: [String]) -> Report {
    var table = ReportTable(
      .left(), .left("strategy"), .sizes("predicted peak"), .sizes("measured peak"), .sizes("kept"),
      .right("replayed steps"), .right("replayed FLOPs"), .left("same bits"))
    for row in rows {
      table.add(
        TableCell(row.isOnFront ? "*" : ""), .text(RichText(row.strategy, .name)),
        .bytes(row.predicted), row.run.map { .bytes($0.measured) } ?? "not run",
        .bytes(row.kept), .integer(row.replayedSteps), .flops(row.replayedCost),
        row.run.map { .flag($0.isEqual, yes: "yes", no: "NO") } ?? "not run")
    }
    var report = Report(.table(table))
    for refusal in refusals { report.append(.line(RichText(refusal))) }
    if !rows.isEmpty {
      report.append(.note("* no other strategy here has both a lower peak and fewer replays"))
      if ranPlainBeside {
        report.append(.note("same bits: as the plain run, which ran once beside these"))
      }
    }
    if rows.contains(where: { $0.run == nil }) {
      report.append(.note("a sketch is only rehearsed: nothing ran, and nothing was measured"))
    }
    return report
  }
}
