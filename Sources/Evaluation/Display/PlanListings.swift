package import Experiments
import Gradients
import Graphs
package import Reports
import Schedules

/// What a plan was made of and came to, as reports: every arrow of the flow has a printed form.
extension Plan {
  /// The forward graph, a line an input and a node; `nil` where the plan was made of no graph.
  package var graphListing: Report? {
    joint.map { joint in
      let graph = joint.graph
      let lines =
        graph.inputLines + graph.regionLines + graph.nodeLines(0..<joint.forwardCount)
        + ["loss \(graph.reading(joint.loss))"]
        + graph.outputs.map { "output \(graph.reading($0))" }
      return Report(.verbatim(lines.joined(separator: "\n")))
    }
  }

  /// The joint graph: forward nodes, backward nodes, gradients; `nil` where the plan was made of no
  /// graph.
  package var jointListing: Report? { joint.map { Report(.verbatim($0.description)) } }

  /// The steps that strategies see, a row each, and one for each further result of a step.
  package var workloadListing: Report {
    let isFused = workload.steps.contains { !$0.parts.isEmpty }
    var table = ReportTable(
      .right("#"), .left("step"), .left("phase"), .left("reads"), .right("bytes"),
      .right("scratch"), .right("FLOPs"), .left(), .left(isFused ? "with" : ""))
    for (number, step) in workload.steps.enumerated() {
      let reads = step.inputs.map(workload.label(ofValue:)).joined(separator: ", ")
      table.add(
        .integer(number), "\(name: step.label)", "\(String(describing: step.phase))", "\(reads)",
        bytes(step.results.first), step.scratch > 0 ? .bytes(step.scratch) : "",
        .flops(step.cost), role(step.results.first), "\(step.parts.joined(separator: ", "))")
      for (place, value) in step.results.enumerated().dropFirst() {
        table.add(
          "", "\(name: step.label(ofResult: place))", "", "", bytes(value), "", "", role(value), "")
      }
    }
    return Report(.table(table))
  }

  private func bytes(_ value: Step.Value?) -> TableCell {
    guard let value, value.bytes > 0 else { return "" }
    return .bytes(value.bytes)
  }

  private func role(_ value: Step.Value?) -> TableCell {
    guard let value else { return "" }
    return value.isGradient ? "gradient" : value.isResult ? "result" : ""
  }

  /// The timeline as a chart.
  package var timelineChart: Report {
    Report(.chart(.timeline(TimelinePlot([timelineSubject(named: "timeline")]))))
  }
}
