import Evaluation
import Experiments
package import Reports
package import Syntax
import Tensors
import Writing

extension JSONValue {
  /// One line of machine mode: what a command did.
  package init(_ report: CommandReport) {
    var members: [(String, JSONValue)] = [
      ("file", .string(report.file)),
      ("line", .integer(report.line)),
      ("source", .string(report.source.shortened)),
      ("ok", .boolean(report.isOK)),
      ("output", .string(report.output)),
      ("report", JSONRenderer.value(report.report)),
      ("value", report.json()),
      ("memory", JSONValue(report.memory)),
      ("run", report.memory.run.map { JSONValue($0) } ?? .null),
    ]
    if !report.tests.isEmpty {
      members.append(("tests", .array(report.tests.map(JSONValue.init))))
    }
    if let fault = report.fault { members.append(("error", JSONValue(fault))) }
    if let seconds = report.seconds { members.append(("seconds", .number(seconds))) }
    self = .object(members)
  }

  private init(_ memory: AccountReport) {
    self = .object([
      ("live", .object(JSONValue.members(of: memory.live))),
      ("change", .integer(memory.live.total - memory.liveBefore.total)),
      ("ans", .integer(memory.ans)),
      (
        "peak",
        .object(
          JSONValue.members(of: memory.peak)
            + [("step", memory.peakLabel.isEmpty ? .null : .string(memory.peakLabel))])
      ),
    ])
  }

  private static func members(of account: Account) -> [(String, JSONValue)] {
    AccountClass.allCases.map { ($0.description, .integer(account[$0])) }
      + [("total", .integer(account.total))]
  }

  private init(_ run: RunSummary) {
    self = .object([
      ("strategy", .string(run.strategy)),
      ("predicted_peak", .integer(run.predictedPeak)),
      ("measured_peak", .integer(run.measuredPeak)),
      ("reserved", .integer(run.reserved)),
      ("forward_steps", .integer(run.forwardSteps)),
      ("replayed_steps", .integer(run.replayedSteps)),
      ("backward_steps", .integer(run.backwardSteps)),
      ("forward_flops", .integer(run.forwardCost)),
      ("replayed_flops", .integer(run.replayedCost)),
      ("backward_flops", .integer(run.backwardCost)),
    ])
  }

  /// What a test came to.
  private init(_ test: TestResult) {
    self = .object([
      ("name", .string(test.name)),
      ("outcome", .string(test.outcome.rawValue)),
      ("points", JSONValue.points(test.points)),
      ("of", JSONValue.points(test.of)),
      ("message", test.message.map(JSONValue.string) ?? .null),
      ("hint", test.hint.map(JSONValue.string) ?? .null),
    ])
  }

  /// Points are whole as a rule, and then written so.
  private static func points(_ number: Double) -> JSONValue {
    Int(exactly: number).map(JSONValue.integer) ?? .number(number)
  }

  /// The error of a failed command; its place is null where no text is at fault.
  package init(_ fault: Diagnostic) {
    let start = fault.range?.start
    let end = fault.range?.end
    self = .object([
      ("code", .string(fault.code)),
      ("kind", .string(fault.kind.rawValue)),
      ("message", .string(fault.message)),
      ("line", start.map { .integer($0.line) } ?? .null),
      ("column", start.map { .integer($0.column) } ?? .null),
      ("end_line", end.map { .integer($0.line) } ?? .null),
      ("end_column", end.map { .integer($0.column) } ?? .null),
      ("hint", fault.hint.map(JSONValue.string) ?? .null),
    ])
  }
}
