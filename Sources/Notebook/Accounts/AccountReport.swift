import Evaluation
package import Experiments
package import Reports
import Syntax
package import Tensors
import Writing

/// The account of memory after a command: what is live now and its change, the peak with its
/// make-up, and for a command that ran a schedule its steps, its FLOPs, and whether the peak was as
/// predicted.
///
/// Deterministic: no clocks, no addresses.
package struct AccountReport {
  /// How much of the account is printed after each command.
  package enum Detail: String, Sendable, CaseIterable {
    case brief, full, off

    /// What is printed, in a few words.
    package var summary: String {
      switch self {
      case .brief:
        "what is live, the peak with its largest parts, and the steps, where they changed"
      case .full: "every class of live bytes, and of the peak"
      case .off: "nothing"
      }
    }
  }

  /// Bytes by class, after the command.
  package let live: Account
  /// Bytes by class, before it.
  package let liveBefore: Account
  /// Bytes of what is live that only `ans` holds.
  package let ans: Int
  /// Bytes by class, at the moment of the command with the most.
  package let peak: Account
  /// The step that ran at that moment; empty where no schedule did.
  package let peakLabel: String
  /// What schedules came to; `nil` where the command ran none.
  package let run: RunSummary?
  /// Bytes that may be live at once; `nil` where there is no budget.
  package let budget: Int?

  /// The account of one command.
  package init(
    live: Account, liveBefore: Account, ans: Int, peak: Account, peakLabel: String,
    run: RunSummary?, budget: Int? = nil
  ) {
    self.live = live
    self.liveBefore = liveBefore
    self.ans = ans
    self.peak = peak
    self.peakLabel = peakLabel.shortened
    self.run = run
    self.budget = budget
  }

  /// True where the command changed nothing in memory, not even for a moment, and ran nothing.
  package var isQuiet: Bool {
    run == nil && live == liveBefore && peak.total == live.total
  }

  /// What is told at a detail; empty where there is nothing to say.
  package func report(_ detail: Detail) -> Report {
    if isQuiet { return Report() }
    switch detail {
    case .off: return Report()
    case .brief: return Report([.facts(.init(briefFacts, labelWidth: AccountReport.labelWidth))])
    case .full: return Report(fullParts)
    }
  }

  /// The report as a terminal shows it, without a newline at the end.
  package func text(_ detail: Detail) -> String { TerminalRenderer().text(report(detail)) }

  // MARK: Brief

  /// Columns of the longest label, `memory`.
  private static let labelWidth = 6
  /// Columns that a line with both live bytes and peak may take; beyond, the peak has a line of its
  /// own.
  private static let lineWidth = 80

  /// `memory  live 132.5 KiB (+2 KiB), of it ans 2 KiB`, then for a passing peak
  /// `peak    1.2 MiB in relu#12: kept 900 KiB, parameters 130 KiB`, then for a run
  /// `steps   forward 40 + 12 replayed, backward 80   FLOPs 1.2 M + 300 k, 2.4 M   predicted =
  /// measured`.
  private var briefFacts: [Report.Facts.Fact] {
    var live: RichText = "live \(bytes: self.live.total) (\(change))"
    if ans > 0 { live += ", of it \(name: Interpreter.ans) \(bytes: ans)" }
    var facts = [Report.Facts.Fact("memory", live)]
    if peak.total > self.live.total {
      var text: RichText = "\(bytes: peak.total)"
      if !peakLabel.isEmpty { text += " in \(name: peakLabel)" }
      text += ": \(makeUp(of: peak, most: 3))"
      let joined: RichText = "\(live)   peak \(text)"
      let room = AccountReport.lineWidth - AccountReport.labelWidth - 2
      facts =
        run == nil && joined.plain.columns <= room
        ? [.init("memory", joined)] : [.init("memory", live), .init("peak", text)]
    }
    guard let run else { return facts }
    return facts + [.init("steps", steps(of: run))] + tierFacts(run)
  }

  private func steps(of run: RunSummary) -> RichText {
    let runs: RichText = run.runs > 1 ? "in \(count: run.runs, "run"): " : ""
    return """
      \(runs)forward \(count: run.forwardSteps) + \(count: run.replayedSteps) replayed, \
      backward \(count: run.backwardSteps)   \
      FLOPs \(flops: run.forwardCost) + \(flops: run.replayedCost), \
      \(flops: run.backwardCost)   \(verdict(run))
      """
  }

  /// What went to the slower tier and back, where anything did.
  private func tierFacts(_ run: RunSummary) -> [Report.Facts.Fact] {
    guard run.tierTraffic > 0 else { return [] }
    return [
      .init(
        "tier", "\(bytes: run.tierPeak) at most, \(bytes: run.tierTraffic) moved there and back")
    ]
  }

  private var change: String {
    let change = live.total - liveBefore.total
    return change == 0 && live != liveBefore ? "moved between classes" : ByteFormat.change(change)
  }

  /// Classes largest first; those beyond `most`, or below a fiftieth of the whole, together as
  /// `other`.
  private func makeUp(of account: Account, most: Int) -> RichText {
    let parts = AccountReport.parts(of: account)
    var shown = parts.prefix(most).filter { $0.bytes * 50 >= account.total }
    // One class more says as much as "other" would.
    if parts.count == shown.count + 1 { shown = parts }
    var words: [RichText] = shown.map { "\($0.account.description) \(bytes: $0.bytes)" }
    let other = parts.dropFirst(shown.count).reduce(0) { $0 + $1.bytes }
    if other > 0 { words.append("other \(bytes: other)") }
    return words.joined(separator: ", ")
  }

  /// The classes that hold bytes, largest first, equals in the order of the account.
  package static func parts(of account: Account) -> [(account: AccountClass, bytes: Int)] {
    AccountClass.allCases.map { ($0, account[$0]) }.filter { $0.1 > 0 }
      .sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
  }

  private func verdict(_ run: RunSummary) -> RichText {
    run.predictedPeak == run.measuredPeak
      ? "predicted = measured"
      : """
      \(bad: "PREDICTED") \(exactBytes: run.predictedPeak), \
      \(bad: "MEASURED") \(exactBytes: run.measuredPeak)
      """
  }

  // MARK: Full

  private var fullParts: [Report.Part] {
    var table = ReportTable(
      .left("memory"), .right("live"), .right("change"), .right("at the peak"), .left())
    for account in AccountClass.allCases
    where live[account] != 0 || liveBefore[account] != 0 || peak[account] != 0 {
      table.add(
        "  \(account.description)", .exactBytes(live[account]),
        .byteChange(live[account] - liveBefore[account]), .exactBytes(peak[account]),
        .bar(peak[account], of: peak.total, width: 20))
    }
    table.add(
      "  total", .exactBytes(live.total), .byteChange(live.total - liveBefore.total),
      .exactBytes(peak.total), isTotal: true)
    var place = RichText(
      [.init(ByteFormat.full(peak.total), .plain, .bytes(peak.total))])
    if !peakLabel.isEmpty { place += " in \(name: peakLabel)" }
    if let budget {
      place += ", \(CountFormat.percent(peak.total, of: budget)) of a budget of \(bytes: budget)"
    }
    let peak = Report.Facts([.init("peak", place)], labelWidth: AccountReport.labelWidth)
    let ans: [Report.Part] =
      self.ans == 0
      ? []
      : [
        .facts(
          .init(
            [
              .init(
                Interpreter.ans, "\(exactBytes: self.ans) of what is live")
            ], labelWidth: AccountReport.labelWidth))
      ]
    return [.table(table)] + ans + [.facts(peak)] + (run.map(runParts) ?? [])
  }

  private func runParts(_ run: RunSummary) -> [Report.Part] {
    var table = ReportTable(.left("run"), .right("forward"), .right("replayed"), .right("backward"))
    table.add(
      "  steps", .count(run.forwardSteps), .count(run.replayedSteps), .count(run.backwardSteps))
    table.add(
      "  FLOPs", .count(run.forwardCost), .count(run.replayedCost), .count(run.backwardCost))
    let runs: RichText = run.runs > 1 ? ", \(count: run.runs, "run")" : ""
    let law: RichText =
      run.predictedPeak == run.measuredPeak
      ? "predicted \(exactBytes: run.predictedPeak) = measured" : verdict(run)
    var parts: [Report.Part] = [
      .table(table), .line("  with  \(name: run.strategy)\(runs); peak \(law)"),
    ]
    let tier = tierFacts(run)
    if !tier.isEmpty { parts.append(.facts(.init(tier, labelWidth: AccountReport.labelWidth))) }
    return parts
  }
}
