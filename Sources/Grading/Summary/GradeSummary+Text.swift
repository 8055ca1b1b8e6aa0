import Writing

extension GradeSummary {
  /// The summary as lines; ends with a newline.
  package func text(assignment: String) -> String {
    var lines = [
      "\(assignment.printableLine): \(count) \(count == 1 ? "submission" : "submissions")",
      "points of \(of.pointsText): mean \(mean.pointsText), median \(median.pointsText)",
    ]
    lines += scores + testLines + wrongLines
    lines += section(
      "slowest, in evaluation steps",
      slowest.map { "\($0.student.printableLine)  \(CountFormat.grouped($0.steps))" })
    lines += section("not gradable", untested.map(Self.line))
    lines += section("limits met", limits.map(Self.line))
    lines += section("faults of the checks: these points are open", faultsOfChecks.map(Self.line))
    lines += section("alike, names and layout aside: hints to look, not verdicts", alike.map(line))
    lines += section("left out, since it is no submission", leftOut.map(\.printableLine))
    if let shelter { lines.append("submissions were shut in by: \(shelter)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var scores: [String] {
    var table = TextTable([.right, .right, .left])
    for (index, each) in distribution.enumerated() {
      table.add(
        index == 10 ? "all tests" : "\(index * 10) to \(index * 10 + 10) %", String(each),
        each == 0 ? "" : String(repeating: "#", count: max(1, each * 40 / max(count, 1))))
    }
    return ["scores"] + table.lines(indent: "  ")
  }

  private var testLines: [String] {
    guard !tests.isEmpty else { return [StudentWords.noTests] }
    let outcomes = Outcome.allCases.filter { outcome in
      outcome == .passed || tests.contains { $0.outcomes[outcome] != nil }
    }
    var table = TextTable([.right, .left] + outcomes.map { _ in .right })
    table.add(["", "test"] + outcomes.map(\.rawValue))
    for test in tests {
      table.add(
        [String(test.number), name(of: test)]
          + outcomes.map { test.outcomes[$0].map(String.init) ?? "" })
    }
    return ["tests"] + table.lines(indent: "  ")
  }

  private var wrongLines: [String] {
    section(
      "commonest wrong values",
      tests.filter { !$0.wrongValues.isEmpty }.map { test in
        let values = test.wrongValues.map {
          "\($0.value.shortened.printableLine) (\($0.count)×)"
        }
        return "\(test.number) \(name(of: test)): " + values.joined(separator: ", ")
      })
  }

  private func name(of test: TestSummary) -> String {
    test.name.shortened.printableLine + (test.isHidden ? " (hidden)" : "")
  }

  private func line(_ pair: Likeness.Pair) -> String {
    let both = "\(pair.first.printableLine) and \(pair.second.printableLine)"
    return pair.isSame
      ? "\(both): the same" : "\(both): \(NumberFormat.fixed(pair.share * 100, digits: 0)) % alike"
  }

  private static func line(_ incident: Incident) -> String {
    let test = incident.number.map { ", test \($0)" } ?? ""
    return "\(incident.student.printableLine)\(test): "
      + incident.message.shortened.printableLine
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [title] + lines.map { "  " + $0 }
  }
}
