package import Experiments
import Reports
import Writing

/// What a trap did, as a report: a table of the right run and the trapped one, and what to make of
/// it.
struct TrapPage {
  private let trap: Trap
  private let finding: TrapFinding

  /// `finding` is what came out when `trap` was sprung.
  init(_ trap: Trap, _ finding: TrapFinding) {
    self.trap = trap
    self.finding = finding
  }

  /// The trap in one line, the table, and notes.
  var report: Report {
    Report([.line(RichText("trap: \(trap.summary)")), .table(table)] + notes.map { .note($0) })
  }

  private var table: ReportTable {
    var table = ReportTable(.left(), .left("right"), .left("trapped"))
    switch finding {
    case .masks(let right, let trapped, let gradients, _):
      table.add("loss", TableCell(TensorText(right).text), TableCell(TensorText(trapped).text))
      for gradient in gradients {
        table.add("gradient of \(gradient.name)", "", "off by \(percent(gradient.relative))")
      }
    case .statistics(let states):
      for state in states {
        table.add(
          "state \(state.name)", "updated once", "twice: off by \(percent(state.relative))")
      }
    case .regions(_, let right, let trapped, let onlyLast):
      table.add("", "sqrt_n", onlyLast ? "last stage only" : "one checkpoint")
      table.add("peak", .bytes(right.peak), .bytes(trapped.peak))
      table.add("steps replayed", .integer(right.replayedSteps), .integer(trapped.replayedSteps))
    case .frozen(let gradients):
      for gradient in gradients {
        table.add(
          "gradient of \(gradient.name)", "up to \(NumberFormat.number(gradient.greatest))",
          gradient.isLost ? "none" : "the same")
      }
    case .budget(let peak, let forwardPeak):
      table.add("peak", .bytes(peak), .bytes(forwardPeak))
    }
    return table
  }

  /// What to make of the table.
  private var notes: [RichText] {
    switch finding {
    case .masks(_, _, _, let draws):
      finding.isHarmed
        ? [
          """
          the replay computed other activations than the forward pass: the gradient belongs to no \
          loss that was printed
          """
        ]
        : [
          draws == 0
            ? "the block draws no masks: nothing to redraw"
            : "\(count: draws, "draw") of the block: the gradients do not depend on what a replay "
              + "draws"
        ]
    case .statistics:
      finding.isHarmed
        ? [
          """
          in the trap the replay runs the update again; here a state is updated once a step, \
          however often it is replayed
          """
        ] : ["the block has no state: nothing to update twice"]
    case .regions(let plain, _, _, let onlyLast):
      [
        "keeping everything peaks at \(bytes: plain.peak)",
        onlyLast
          ? """
          the last stage's values are used at once by its backward pass: dropping them saves \
          nothing, and they are computed twice
          """
          : """
          the backward pass of one big region has to bring back all of it at once: it saves \
          nothing, and the whole forward pass runs twice
          """,
      ]
    case .frozen:
      finding.isHarmed
        ? [
          """
          the input of the first checkpoint is data and needs no gradient, so nothing inside it \
          gets one
          """
        ]
        : [
          """
          every checkpoint here has an input that needs a gradient (put the first layers into \
          `checkpoint { }` to spring the trap)
          """
        ]
    case .budget(let peak, let forwardPeak):
      [
        """
        a budget of \(bytes: forwardPeak) looks enough after the forward pass; the backward pass \
        needs \(bytes: peak - forwardPeak) more
        """
      ]
    }
  }

  private func percent(_ fraction: Double) -> String {
    fraction < 0.001 && fraction > 0
      ? "less than 0.1 %" : "\(NumberFormat.number((fraction * 1000).rounded() / 10)) %"
  }
}

extension Trap {
  /// The bug in one sentence.
  package var summary: String {
    switch self {
    case .masks: "random masks are drawn anew in the replay"
    case .statistics: "running statistics are updated by the replay too"
    case .whole: "the whole function is one checkpoint, which saves nothing"
    case .last: "only the last stage is checkpointed, which saves nothing"
    case .frozen: "a reentrant checkpoint whose input needs no gradient gives none"
    case .budget: "a budget that forgets the backward pass"
    }
  }
}
