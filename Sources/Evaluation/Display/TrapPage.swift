import Experiments
import Writing

/// What a trap did, as a page: a table of the right run and the trapped one, and what to make of it.
struct TrapPage {
  private let title: String
  private var table = TextTable([.left, .left, .left])
  private var notes: [String] = []

  init(_ trap: Trap, _ finding: TrapFinding) {
    title = "trap: \(trap.summary)"
    table.add("", "right", "trapped")
    switch finding {
    case .masks(let right, let trapped, let gradients):
      add(["loss", TensorText(right).text, TensorText(trapped).text])
      for gradient in gradients {
        add(["gradient of \(gradient.name)", "", "off by \(percent(gradient.relative))"])
      }
      notes.append(
        finding.isHarmed
          ? "the replay computed other activations than the forward pass: the gradient belongs to no loss that was printed"
          : "the block draws no masks: nothing to redraw")
    case .statistics(let states):
      for state in states {
        add(["state \(state.name)", "updated once", "twice: off by \(percent(state.relative))"])
      }
      notes.append(
        states.isEmpty
          ? "the block has no state: nothing to update twice"
          : "in the trap the replay runs the update again; here a state is updated once a step, however often it is replayed"
      )
    case .regions(let plain, let right, let trapped, let onlyLast):
      add(["", "sqrt_n", onlyLast ? "last stage only" : "one checkpoint"])
      add(["peak", ByteFormat.text(right.peak), ByteFormat.text(trapped.peak)])
      add(["steps replayed", "\(right.replayedSteps)", "\(trapped.replayedSteps)"])
      notes.append("keeping everything peaks at \(ByteFormat.text(plain.peak))")
      notes.append(
        onlyLast
          ? "the last stage's values are used at once by its backward pass: dropping them saves nothing, and they are computed twice"
          : "the backward pass of one big region has to bring back all of it at once: it saves nothing, and the whole forward pass runs twice"
      )
    case .frozen(let gradients):
      for gradient in gradients {
        add([
          "gradient of \(gradient.name)", "up to \(NumberFormat.number(gradient.greatest))",
          gradient.isLost ? "none" : "the same",
        ])
      }
      notes.append(
        finding.isHarmed
          ? "the input of the first checkpoint is data and needs no gradient, so nothing inside it gets one"
          : "every checkpoint here has an input that needs a gradient (put the first layers into `checkpoint { }` to spring the trap)"
      )
    case .budget(let peak, let forwardPeak):
      add(["peak", ByteFormat.text(peak), ByteFormat.text(forwardPeak)])
      notes.append(
        "a budget of \(ByteFormat.text(forwardPeak)) looks enough after the forward pass; the backward pass needs \(ByteFormat.text(peak - forwardPeak)) more"
      )
    }
  }

  private mutating func add(_ row: [String]) { table.add(row) }

  /// The page, without a newline at the end.
  var text: String { ([title] + table.lines() + notes).joined(separator: "\n") }

  private func percent(_ fraction: Double) -> String {
    fraction < 0.001 && fraction > 0
      ? "less than 0.1 %" : "\(NumberFormat.number((fraction * 1000).rounded() / 10)) %"
  }
}

extension Trap {
  /// The bug in one sentence.
  var summary: String {
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

extension Optimum {
  /// What a learner's plan could have been, in words.
  var text: String {
    func steps(_ count: Int) -> String { CountFormat.counted(count, "forward step") }
    switch self {
    case .slots(let own, let slots, let least):
      return
        "\(steps(own)); the optimum with \(CountFormat.counted(slots, "slot")) is \(least)"
    case .peak(let own, let least):
      return "\(steps(own)); the optimum within the same peak is \(least)"
    case .unknown(let own, let stages):
      return "\(steps(own)) for \(CountFormat.counted(stages, "stage"))"
    case .cost(let replayed, let least):
      return
        "\(CountFormat.brief(replayed)) FLOPs replayed; the optimum within the same peak replays \(CountFormat.brief(least))"
    }
  }
}
