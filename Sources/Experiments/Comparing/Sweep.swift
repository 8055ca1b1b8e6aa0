package import Schedules

/// Strategies tried on a block without running it: peak bytes against replayed work.
package struct Sweep {
  /// What one strategy came to.
  package struct Point {
    /// The strategy's spelling.
    package let spelling: String
    /// Highest bytes, what lives outside the schedule included.
    package let peak: Int
    /// Replayed FLOPs as a multiple of one forward pass.
    package let replay: Double
    /// Bytes moved to the slower tier and back, which neither of the two counts.
    package let traffic: Int
  }

  /// Every strategy that gave a schedule, in the order in which they were tried.
  package let points: [Point]
  /// Points that no other beats in both, by rising peak.
  package let front: [Point]
}

extension Workbench {
  /// Tries strategies on a block; without any, those of a survey, and the cheapest plans for
  /// budgets between the least and the highest peak that it found.
  package func sweep(
    _ problem: Problem, across chosen: [any Strategy]? = nil
  ) throws(ExperimentError) -> Sweep {
    let subject = try planner.subject(of: problem)
    let base = surroundings(of: problem)
    let surroundings = planner.surroundings(base)
    let findings = try planner.hearing(of: "pareto", beside: base) { () throws(ScheduleError) in
      let survey = Survey(subject)
      if let chosen { return try survey.findings(of: chosen, beside: surroundings) }
      let findings = try survey.findings()
      let budgets = Sweep.budgets(between: findings.map { $0.peak + base.total })
      return findings
        + (try survey.findings(
          of: budgets.map { Optimal(budget: $0) as any Strategy }, beside: surroundings))
    }
    guard !findings.isEmpty else { throw .noSchedule }
    let workload = subject.lowering.workload
    let costs = workload.steps.prefix(workload.forwardCount).reduce(0) { $0 + $1.cost }
    return Sweep(findings, outside: base.total, forwardCost: max(1, costs))
  }
}

extension Sweep {
  fileprivate init(_ findings: [Survey.Finding], outside: Int, forwardCost: Int) {
    var frontier = Frontier<Point>()
    points = findings.map { finding in
      Point(
        spelling: finding.spelling, peak: outside + finding.peak,
        replay: Double(finding.replayedCost) / Double(forwardCost), traffic: finding.tierTraffic)
    }
    // Of equals the first by spelling stays.
    let sorted = zip(points, findings).sorted { $0.0.spelling < $1.0.spelling }
    for (point, finding) in sorted {
      frontier.add(peak: finding.peak, cost: finding.replayedCost, point)
    }
    front = frontier.points.sorted { $0.peak < $1.peak }.map(\.plan)
  }

  /// Nine budgets from the least peak to the highest; none where all are equal.
  fileprivate static func budgets(between peaks: [Int]) -> [Int] {
    guard let least = peaks.min(), let most = peaks.max(), most > least else { return [] }
    return (0...8).map { least + (most - least) * $0 / 8 }
  }
}
