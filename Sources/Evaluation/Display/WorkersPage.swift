import Experiments
import Graphs
import Reports
import Tensors
import Writing

extension WorkerTrainer {
  /// What training came to, as a record.
  var record: Record {
    let peak = peaks.map(\.total).max() ?? 0
    let sent = traffic.reduce(Traffic()) { $0 + $1 }
    let counts = staleness.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
    var fields: [(name: String, value: Value)] = [
      ("steps", .integer(total)), ("first_loss", .float(losses.first ?? .nan)),
      ("loss", .float(losses.last ?? .nan)),
      ("losses", .list(List(losses.map { .float($0) }))), ("peak", .bytes(peak)),
      ("workers", .integer(setting.count)), ("updates", .string(.of(setting.modeText))),
      ("peaks", .list(List(peaks.map { .record($0.record) }))),
      ("sent", .bytes(sent.bytes)), ("messages", .integer(sent.messages)),
      ("agrees", .boolean(agrees)),
    ]
    if let server = heldByServer {
      fields.append(("server", .record(server.record)))
      fields.append(("staleness", .list(List(staleness.map { .integer($0) }))))
    }
    if setting.machine != nil {
      fields.append(("simulated_seconds", isTimed ? .float(times.last ?? 0) : .none))
      fields.append(("simulated_times", .list(List(times.map { .float($0) }))))
    }
    return Record(
      typeName: "training", fields: fields + (scaling?.fields ?? []),
      display: report(sent, ages: counts))
  }

  private func report(_ sent: Traffic, ages: [Int: Int]) -> Report {
    let workers = CountFormat.counted(setting.count, "worker")
    let first = NumberFormat.loss(losses.first ?? .nan)
    let last = NumberFormat.loss(losses.last ?? .nan)
    guard total > 0 else { return Report(.line("trained 0 steps on \(workers)")) }
    let steps = CountFormat.counted(total, "step")
    let line = "trained \(steps) on \(workers), \(setting.modeText): loss \(first) → \(last)"
    var report = Report(.line(RichText(line + (scaling?.text ?? ""))), .table(peakTable))
    report.append(.facts(.init(facts(sent))))
    if !ages.isEmpty {
      var table = ReportTable(.right("updates old"), .right("gradients"), .left())
      for age in ages.keys.sorted() {
        let count = ages[age] ?? 0
        table.add(
          .integer(age), .integer(count),
          .bar(count, of: ages.values.max() ?? 1, width: 24))
      }
      report.append(.table(table))
    }
    if total > 1 {
      report.append(
        .chart(
          .curve(CurvePlot([.init("loss", losses)], xTitle: "step", yTitle: "loss"))))
    }
    return report
  }

  private func facts(_ sent: Traffic) -> [Report.Facts.Fact] {
    var facts: [Report.Facts.Fact] = []
    let (bytes, messages) = (sent.bytes / total, sent.messages / total)
    let isEven = bytes * total == sent.bytes && messages * total == sent.messages
    let text =
      sent.messages == 0
      ? "nothing"
      : (isEven ? "" : "about ") + "\(ByteFormat.text(bytes)) in "
        + "\(CountFormat.counted(messages, "message")), by all workers together"
    facts.append(.init("sent a step", RichText(text)))
    if let server = heldByServer {
      facts.append(
        .init(
          "the server",
          RichText("holds \(ByteFormat.text(server.total)), its room for gradients included")))
    }
    if !agrees {
      facts.append(.init("accounts", "a ledger did not see what was rehearsed"))
    }
    if setting.machine != nil {
      let seconds = SecondsFormat.text((times.last ?? 0) / Double(total))
      let text =
        isTimed
        ? "\(seconds) a step: a model's figure, nothing was measured"
        : "not by processes, of which each knows its own part: run the script without mpirun"
      facts.append(.init("simulated", RichText("\(text)")))
    }
    return facts
  }

  /// What a worker holds at its peak, by class: of the one that holds most, and where they differ
  /// of the one that holds least.
  private var peakTable: ReportTable {
    let peaks = self.peaks
    let most = peaks.max { $0.total < $1.total } ?? Account()
    let least = peaks.min { $0.total < $1.total } ?? Account()
    let differ = most != least
    var table = ReportTable(
      [.left(differ ? "peak of a worker" : "peak of each worker"), .sizes(differ ? "most" : "")]
        + (differ ? [.sizes("least")] : []))
    for account in AccountClass.allCases where most[account] + least[account] > 0 {
      table.add(
        [.text(RichText(account.description)), .bytes(most[account])]
          + (differ ? [.bytes(least[account])] : []))
    }
    table.add(
      ["total", .bytes(most.total)] + (differ ? [.bytes(least.total)] : []), isTotal: true)
    return table
  }
}

extension WorkerComparison {
  /// The rows as a record, and as a table.
  func record(refusals: [String]) -> Record {
    let rows = self.rows.map { row in
      Value.record(
        Record(
          typeName: "row",
          fields: [
            ("workers", .string(.of(row.setting.spelling))),
            ("strategy", .string(.of(row.strategy))), ("peak", .bytes(row.peak.total)),
            ("kept", .bytes(row.peak[.kept])), ("optimizer", .bytes(row.peak[.optimizer])),
            ("gradients", .bytes(row.peak[.gradients])),
            ("replayed_flops", .integer(row.replayedCost)), ("sent", .bytes(row.sent.bytes)),
            ("messages", .integer(row.sent.messages)),
            ("simulated_blocks", row.blocksASecond.map { .float($0) } ?? .none),
          ]))
    }
    return Record(
      typeName: "comparison", fields: [("rows", .list(List(rows)))],
      display: report(refusals: refusals))
  }

  private func report(refusals: [String]) -> Report {
    let isTimed = rows.contains { $0.blocksASecond != nil }
    var table = ReportTable(
      [
        .left("workers"), .left("strategy"), .sizes("peak of a worker"), .sizes("kept"),
        .sizes("gradients"), .sizes("optimizer"), .right("replayed FLOPs"), .sizes("sent a step"),
        .right("messages"),
      ] + (isTimed ? [.right("simulated blocks/s")] : []))
    for row in rows {
      table.add(
        [
          .text(RichText(row.setting.spelling)), .text(RichText(row.strategy, .name)),
          .bytes(row.peak.total), .bytes(row.peak[.kept]), .bytes(row.peak[.gradients]),
          .bytes(row.peak[.optimizer]), .flops(row.replayedCost), .bytes(row.sent.bytes),
          .integer(row.sent.messages),
        ] + (isTimed ? [row.blocksASecond.map { .flops(Int($0)) } ?? ""] : []))
    }
    var report = Report(.table(table))
    for refusal in refusals { report.append(.line(RichText(refusal))) }
    report.append(
      .note("the block is what one worker computes in a step: it is only rehearsed, nothing ran"))
    report.append(.note("sent by all workers together; those of a server take its parameters too"))
    if isTimed {
      report.append(
        .note("simulated: blocks that all workers compute a second, a model's figures"))
    }
    return report
  }
}

extension Account {
  /// Bytes by class, and in all.
  fileprivate var record: Record {
    Record(
      typeName: "account",
      fields: AccountClass.allCases.map { ($0.description, .bytes(self[$0])) }
        + [("total", .bytes(total))])
  }
}

/// Seconds in a unit that leaves few digits.
enum SecondsFormat {
  /// `1.2 ms`, `50 µs`, `3.4 s`
  static func text(_ seconds: Double) -> String {
    let units: [(name: String, size: Double)] = [("s", 1), ("ms", 1e-3), ("µs", 1e-6)]
    let unit = units.first { seconds >= $0.size } ?? ("ns", 1e-9)
    return "\(NumberFormat.number((seconds / unit.size * 100).rounded() / 100)) \(unit.name)"
  }
}
