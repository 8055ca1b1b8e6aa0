import Experiments
import Reports

extension Certificate {
  /// What was compared as a table, and the verdict.
  var report: Report {
    var table = ReportTable(.left(), .right("compared"), .left("result"))
    func add(_ name: String, _ count: Int, _ agrees: Bool) {
      table.add(
        TableCell(name), .integer(count), .flag(agrees, yes: "same bits", no: "DIFFERENT"))
    }
    add("loss", 1, lossAgrees)
    if outputCount > 0 { add("outputs", outputCount, outputsAgree) }
    add("gradients", gradientCount, gradientsAgree)
    add("states", stateCount, statesAgree)
    add("random draws", drawCount, masksAgree)
    var report = Report(.table(table))
    if let name = differing.first {
      report.append(.line("the first gradient that differs: \(name: name)"))
    }
    report.append(
      .line(
        isCertified
          ? "certified: \(name: strategy) gives what the plain run gives"
          : "\(bad: "NOT certified"): \(name: strategy) changes the result"))
    return report
  }
}
