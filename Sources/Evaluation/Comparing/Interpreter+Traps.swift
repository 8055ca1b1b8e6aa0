import Execution
import Gradients
import Graphs
import Schedules
import Syntax
import Tensors
import Writing

/// The trap lab: classic bugs of checkpointing, brought back on purpose beside the right run.
extension Interpreter {
  static let traps: [(name: String, summary: String)] = [
    ("masks", "random masks are drawn anew in the replay"),
    ("statistics", "running statistics are updated by the replay too"),
    ("whole", "the whole function is one checkpoint, which saves nothing"),
    ("last", "only the last stage is checkpointed, which saves nothing"),
    ("frozen", "a reentrant checkpoint whose input needs no gradient gives none"),
    ("budget", "a budget that forgets the backward pass"),
  ]

  /// Runs a trap on a block, and shows the damage beside the right run.
  func trap(
    _ name: Identifier, _ block: TracedBlock, _ frame: Frame
  ) throws(Fault) -> Record {
    guard let trap = Interpreter.traps.first(where: { $0.name == name.name }) else {
      throw Fault(.unknownTrap(name, known: Interpreter.traps.map(\.name)))
    }
    let traced = try traceBlock(block, frame)
    let step = context.step
    defer { context.step = step }
    var page = TrapPage()
    let isHarmed: Bool
    switch trap.name {
    case "masks": isHarmed = try trapMasks(traced, &page, at: block.range)
    case "statistics": isHarmed = try trapStatistics(traced, &page, at: block.range)
    case "whole": isHarmed = try trapRegions(traced, onlyLastStage: false, &page, at: block.range)
    case "last": isHarmed = try trapRegions(traced, onlyLastStage: true, &page, at: block.range)
    case "frozen": isHarmed = try trapFrozen(traced, &page, at: block.range)
    default: isHarmed = try trapBudget(traced, &page, at: block.range)
    }
    return Record(
      typeName: "trap",
      fields: [("name", .string(Text(trap.name))), ("harmed", .boolean(isHarmed))],
      display: page.text(trap.summary))
  }

  /// Replays that draw their masks anew: the gradient is of another function than the loss.
  private func trapMasks(
    _ traced: TracedProgram, _ page: inout TrapPage, at range: SourceRange
  ) throws(Fault) -> Bool {
    let step = context.step
    let right = try run(traced, with: .keepNone, keepingStates: true, at: range)
    context.step = step
    let wrong = try run(
      traced, with: .keepNone, keepingStates: true, redrawing: true, at: range)
    page.add([
      "loss", text(of: Value.tensor(right.gradients.loss)),
      text(of: Value.tensor(wrong.gradients.loss)),
    ])
    var isHarmed = false
    for (a, b) in zip(right.gradients.entries, wrong.gradients.entries) {
      let difference = relativeDifference(a.gradient.doubles(), b.gradient.doubles())
      isHarmed = isHarmed || difference > 0
      page.add(["gradient of \(a.name)", "", "off by \(percent(difference))"])
    }
    page.note(
      isHarmed
        ? "the replay computed other activations than the forward pass: the gradient belongs to no loss that was printed"
        : "the block draws no masks: nothing to redraw")
    return isHarmed
  }

  /// Replays that update the running statistics a second time.
  private func trapStatistics(
    _ traced: TracedProgram, _ page: inout TrapPage, at range: SourceRange
  ) throws(Fault) -> Bool {
    guard !traced.states.isEmpty else {
      page.note("the block has no state: nothing to update twice")
      return false
    }
    let step = context.step
    let once = try run(traced, with: .keepAll, keepingStates: true, at: range)
    var inputs = traced.inputs
    for (update, state) in zip(traced.graph.stateUpdates, once.states) {
      inputs[update.input] = TensorValue(state, role: .state)
    }
    context.step = step
    let second = TracedProgram(
      graph: traced.graph, inputs: inputs, targets: traced.targets, states: traced.states)
    let twice = try run(second, with: .keepAll, keepingStates: true, at: range)
    for (cell, pair) in zip(traced.states, zip(once.states, twice.states)) {
      let difference = relativeDifference(pair.0.doubles(), pair.1.doubles())
      page.add(["state \(cell.name)", "updated once", "twice: off by \(percent(difference))"])
    }
    page.note(
      "in the trap the replay runs the update again; here a state is updated once a step, however often it is replayed"
    )
    return true
  }

  /// One region around everything, or around the last stage only.
  private func trapRegions(
    _ traced: TracedProgram, onlyLastStage: Bool, _ page: inout TrapPage, at range: SourceRange
  ) throws(Fault) -> Bool {
    let joint = try differentiate(traced, rule: nil, at: range)
    let plainWorkload = Lowering(joint, isTraining: false).workload
    // The last stage that has something to drop: the loss alone is a result, and stays.
    let last = Chain.find(in: plainWorkload)?.stages.last { stage in
      stage.forward.contains { plainWorkload.steps[$0].results.contains { !$0.isResult } }
    }
    let first = onlyLastStage ? last?.forward.lowerBound ?? 0 : 0
    var steps = plainWorkload.steps
    for index in 0..<plainWorkload.forwardCount { steps[index].region = index >= first ? 0 : nil }
    let workload = Workload(
      steps: steps, regions: [Workload.Region(parent: nil)], marks: plainWorkload.marks,
      inputBytes: plainWorkload.inputBytes)
    let base = ledger.live
    let marked = StrategyValue(kind: .builtin("marked", [:]), spelling: "marked")
    let plain = try rehearse(workload, .keepAll, base, at: range)
    let trapped = try rehearse(workload, marked, base, at: range)
    let good = StrategyValue(kind: .builtin("sqrt_n", [:]), spelling: "sqrt_n")
    let right = try rehearse(workload, good, base, at: range)
    page.add(["", "sqrt_n", onlyLastStage ? "last stage only" : "one checkpoint"])
    page.add([
      "peak", ByteFormat.text(base.total + right.peak), ByteFormat.text(base.total + trapped.peak),
    ])
    page.add(["steps replayed", "\(right.replayedSteps)", "\(trapped.replayedSteps)"])
    page.note("keeping everything peaks at \(ByteFormat.text(base.total + plain.peak))")
    page.note(
      onlyLastStage
        ? "the last stage's values are used at once by its backward pass: dropping them saves nothing, and they are computed twice"
        : "the backward pass of one big region has to bring back all of it at once: it saves nothing, and the whole forward pass runs twice"
    )
    return trapped.peak >= right.peak
  }

  private func rehearse(
    _ workload: Workload, _ strategy: StrategyValue, _ base: Account, at range: SourceRange
  ) throws(Fault) -> Rehearsal {
    let schedule = try schedule(workload, with: strategy, base: base, at: range)
    do {
      return try Rehearsal.of(schedule, workload)
    } catch {
      throw Fault(.schedule(error, strategy: strategy.spelling, base: base.total, at: range))
    }
  }

  /// A reentrant checkpoint runs its region without a graph, and only an input that needs a
  /// gradient brings the backward pass to it.
  private func trapFrozen(
    _ traced: TracedProgram, _ page: inout TrapPage, at range: SourceRange
  ) throws(Fault) -> Bool {
    let right = try run(traced, with: .keepAll, keepingStates: true, at: range)
    let lost = traced.graph.targetsLostByReentrance(traced.targets.compactMap(\.input))
    for (target, entry) in zip(traced.targets, right.gradients.entries) {
      let size = entry.gradient.doubles().map(abs).max() ?? 0
      let isLost = target.input.map(lost.contains) ?? false
      page.add([
        "gradient of \(target.name)", "up to \(Display.number(size))", isLost ? "none" : "the same",
      ])
    }
    page.note(
      lost.isEmpty
        ? "every checkpoint here has an input that needs a gradient (put the first layers into `checkpoint { }` to spring the trap)"
        : "the input of the first checkpoint is data and needs no gradient, so nothing inside it gets one"
    )
    return !lost.isEmpty
  }

  /// What a planner believes that counts the forward pass only.
  private func trapBudget(
    _ traced: TracedProgram, _ page: inout TrapPage, at range: SourceRange
  ) throws(Fault) -> Bool {
    let joint = try differentiate(traced, rule: nil, at: range)
    let workload = Lowering(joint, isTraining: false).workload
    let base = ledger.live
    let schedule = try schedule(workload, with: .keepAll, base: base, at: range)
    let rehearsal = try rehearse(workload, .keepAll, base, at: range)
    var forwardPeak = 0
    for (action, moment) in zip(schedule.actions, rehearsal.timeline) {
      if case .compute(let step, _) = action, workload.steps[step].phase != .forward { break }
      forwardPeak = max(forwardPeak, moment.during.total)
    }
    page.add([
      "peak", ByteFormat.text(base.total + rehearsal.peak),
      ByteFormat.text(base.total + forwardPeak),
    ])
    page.note(
      "a budget of \(ByteFormat.text(base.total + forwardPeak)) looks enough after the forward pass; the backward pass needs \(ByteFormat.text(rehearsal.peak - forwardPeak)) more"
    )
    return rehearsal.peak > forwardPeak
  }

  /// The greatest difference, relative to the greatest element of the first.
  private func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
    let scale = a.map(abs).max() ?? 0
    let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    return difference == 0 ? 0 : scale == 0 ? 1 : difference / scale
  }

  private func percent(_ fraction: Double) -> String {
    fraction < 0.001 && fraction > 0
      ? "less than 0.1 %" : "\(Display.number((fraction * 1000).rounded() / 10)) %"
  }
}

/// What a trap shows: a table of the right run and the trapped one, and what to make of it.
private struct TrapPage {
  private var table = TextTable([.left, .left, .left])
  private var notes: [String] = []

  init() { table.add("", "right", "trapped") }

  mutating func add(_ row: [String]) { table.add(row) }
  mutating func note(_ line: String) { notes.append(line) }

  func text(_ title: String) -> String {
    (["trap: \(title)"] + table.lines() + notes).joined(separator: "\n")
  }
}

extension Graph {
  /// Inputs that `wrt` names and that only reach the loss through a region none of whose other
  /// inputs depends on anything in `wrt`.
  fileprivate func targetsLostByReentrance(_ targets: [Int]) -> Set<Int> {
    let wanted = Set(targets)
    var needsGradient = [Bool](repeating: false, count: nodes.count)
    var outermost = [Int?](repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      var region = node.region
      while let inner = region, let parent = regions[inner].parent { region = parent }
      outermost[index] = region
    }
    // A region comes alive where a value from outside that needs a gradient enters it.
    var isAlive = [Bool](repeating: false, count: regions.count)
    for (index, node) in nodes.enumerated() {
      let region = outermost[index]
      for operand in node.operands {
        guard let source = operand.node else { continue }
        if let region, outermost[source] != region, needsGradient[source] { isAlive[region] = true }
      }
      let reaches = node.operands.contains { operand in
        if let source = operand.node { return needsGradient[source] }
        return operand.input.map(wanted.contains) ?? false
      }
      needsGradient[index] = reaches && (region.map { isAlive[$0] } ?? true)
    }
    var alive: Set<Int> = []
    for (index, node) in nodes.enumerated() where needsGradient[index] {
      for operand in node.operands { if let input = operand.input { alive.insert(input) } }
    }
    return wanted.subtracting(alive)
  }
}
