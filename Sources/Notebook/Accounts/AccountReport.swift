package import Experiments
import Syntax
package import Tensors
import Writing

/// The account of memory after a command, as text: what is live now and its change, the peak with its make-up, and
/// for a command that ran a schedule its steps, its FLOPs, and whether the peak was as predicted.
///
/// Deterministic: no clocks, no addresses.
package struct AccountReport {
  /// How much of the account is printed after each command.
  package enum Detail: String, Sendable, CaseIterable {
    case brief, full, off
  }

  package let live: Account
  package let liveBefore: Account
  package let peak: Account
  package let peakLabel: String
  package let run: RunSummary?
  package let budget: Int?

  package init(
    live: Account, liveBefore: Account, peak: Account, peakLabel: String, run: RunSummary?,
    budget: Int? = nil
  ) {
    self.live = live
    self.liveBefore = liveBefore
    self.peak = peak
    self.peakLabel = peakLabel
    self.run = run
    self.budget = budget
  }

  /// True where the command changed nothing in memory, not even for a moment, and ran nothing.
  package var isQuiet: Bool {
    run == nil && live == liveBefore && peak.total == live.total
  }

  /// The lines, without a newline at the end; empty where there is nothing to say.
  package func text(_ detail: Detail) -> String {
    if isQuiet || detail == .off { return "" }
    return (detail == .full ? fullLines : briefLines).joined(separator: "\n")
  }

  // MARK: Brief

  /// Characters that a line with both live bytes and peak may take; beyond, the peak has a line of its own.
  private static let lineWidth = 80

  /// `memory  live 132.5 KiB (+2 KiB)`, then for a passing peak
  /// `peak    1.2 MiB in relu#12: kept 900 KiB, parameters 130 KiB`, then for a run
  /// `steps   forward 40 + 12 replayed, backward 80   FLOPs 1.2 M + 300 k, 2.4 M   predicted = measured`.
  private var briefLines: [String] {
    let memory = "memory  live \(ByteFormat.text(live.total)) (\(change))"
    var lines = [memory]
    if peak.total > live.total {
      var text = ByteFormat.text(peak.total)
      if !peakLabel.isEmpty { text += " in \(peakLabel)" }
      text += ": \(makeUp(of: peak, most: 3))"
      let joined = "\(memory)   peak \(text)"
      lines =
        run == nil && joined.count <= AccountReport.lineWidth
        ? [joined] : [memory, "peak    \(text)"]
    }
    guard let run else { return lines }
    var steps = "steps   "
    if run.runs > 1 { steps += "in \(CountFormat.counted(run.runs, "run")): " }
    steps += "forward \(CountFormat.grouped(run.forwardSteps))"
    steps += " + \(CountFormat.grouped(run.replayedSteps)) replayed"
    steps += ", backward \(CountFormat.grouped(run.backwardSteps))"
    steps +=
      "   FLOPs \(CountFormat.brief(run.forwardCost)) + \(CountFormat.brief(run.replayedCost))"
    steps += ", \(CountFormat.brief(run.backwardCost))"
    steps += "   \(verdict(run))"
    return lines + [steps] + tierLines(run)
  }

  /// What went to the slower tier and back, where anything did.
  private func tierLines(_ run: RunSummary) -> [String] {
    guard run.tierTraffic > 0 else { return [] }
    return [
      "tier    \(ByteFormat.text(run.tierPeak)) at most, "
        + "\(ByteFormat.text(run.tierTraffic)) moved there and back"
    ]
  }

  private var change: String {
    let change = live.total - liveBefore.total
    return change == 0 && live != liveBefore ? "moved between classes" : ByteFormat.change(change)
  }

  /// Classes largest first; those beyond `most`, or below a fiftieth of the whole, together as `other`.
  private func makeUp(of account: Account, most: Int) -> String {
    let parts = AccountReport.parts(of: account)
    var shown = parts.prefix(most).filter { $0.bytes * 50 >= account.total }
    // One class more says as much as "other" would.
    if parts.count == shown.count + 1 { shown = parts }
    var words = shown.map { "\($0.account) \(ByteFormat.text($0.bytes))" }
    let other = parts.dropFirst(shown.count).reduce(0) { $0 + $1.bytes }
    if other > 0 { words.append("other \(ByteFormat.text(other))") }
    return words.joined(separator: ", ")
  }

  /// The classes that hold bytes, largest first, equals in the order of the account.
  package static func parts(of account: Account) -> [(account: AccountClass, bytes: Int)] {
    AccountClass.allCases.map { ($0, account[$0]) }.filter { $0.1 > 0 }
      .sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
  }

  private func verdict(_ run: RunSummary) -> String {
    run.predictedPeak == run.measuredPeak
      ? "predicted = measured"
      : "PREDICTED \(ByteFormat.exact(run.predictedPeak)), "
        + "MEASURED \(ByteFormat.exact(run.measuredPeak))"
  }

  // MARK: Full

  private var fullLines: [String] {
    var table = TextTable([.left, .right, .right, .right, .left])
    table.add("memory", "live", "change", "at the peak", "")
    for account in AccountClass.allCases
    where live[account] != 0 || liveBefore[account] != 0 || peak[account] != 0 {
      table.add(
        "  \(account)", ByteFormat.exact(live[account]),
        signed(live[account] - liveBefore[account]), ByteFormat.exact(peak[account]),
        Bar.text(peak[account], of: peak.total, width: 20))
    }
    table.add(
      "  total", ByteFormat.exact(live.total), signed(live.total - liveBefore.total),
      ByteFormat.exact(peak.total), "")
    var lines = table.lines()
    var place = "peak    \(ByteFormat.full(peak.total))"
    if !peakLabel.isEmpty { place += " in \(peakLabel)" }
    if let budget {
      place += ", \(CountFormat.percent(peak.total, of: budget)) of a budget of "
      place += ByteFormat.text(budget)
    }
    lines.append(place)
    if let run { lines += runLines(run) }
    return lines
  }

  private func runLines(_ run: RunSummary) -> [String] {
    var table = TextTable([.left, .right, .right, .right])
    table.add("run", "forward", "replayed", "backward")
    table.add(
      "  steps", CountFormat.grouped(run.forwardSteps), CountFormat.grouped(run.replayedSteps),
      CountFormat.grouped(run.backwardSteps))
    table.add(
      "  FLOPs", CountFormat.grouped(run.forwardCost), CountFormat.grouped(run.replayedCost),
      CountFormat.grouped(run.backwardCost))
    let runs = run.runs > 1 ? ", \(CountFormat.counted(run.runs, "run"))" : ""
    let law =
      run.predictedPeak == run.measuredPeak
      ? "predicted \(ByteFormat.exact(run.predictedPeak)) = measured"
      : verdict(run)
    return table.lines() + ["  with  \(run.strategy)\(runs); peak \(law)"] + tierLines(run)
  }

  private func signed(_ count: Int) -> String {
    (count > 0 ? "+" : "") + ByteFormat.exact(count)
  }
}
