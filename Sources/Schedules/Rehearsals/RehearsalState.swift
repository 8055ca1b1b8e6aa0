import Writing

/// What is in memory while a schedule is rehearsed, and the rules.
struct RehearsalState {
  private let actions: [Schedule.Action]
  private let workload: Workload
  private let conflicts: Conflicts
  /// For each action that makes or fetches a value: is it read at or after the first backward step?
  private let crossesToBackward: [Bool]
  /// For each fetch: is it the last of its value?
  private let isLastFetch: [Bool]

  private var holdings: [Holding?]
  private var computed: [Int]
  private var onTier: [Bool]
  private var tierBytes = 0

  private(set) var footprint = Footprint()
  private(set) var tierPeak = 0
  private(set) var tierTraffic = 0
  private(set) var forwardSteps = 0
  private(set) var replayedSteps = 0
  private(set) var backwardSteps = 0
  private(set) var forwardCost = 0
  private(set) var replayedCost = 0
  private(set) var backwardCost = 0

  init(_ actions: [Schedule.Action], _ workload: Workload) {
    self.actions = actions
    self.workload = workload
    conflicts = Conflicts(workload)
    let count = workload.steps.count
    holdings = Array(repeating: nil, count: count)
    computed = Array(repeating: 0, count: count)
    onTier = Array(repeating: false, count: count)
    (crossesToBackward, isLastFetch) = Self.lookAhead(actions, workload)
  }

  /// One scan from the end: what is read in the backward phase, and which fetch of a value is the last.
  private static func lookAhead(
    _ actions: [Schedule.Action], _ workload: Workload
  ) -> (crosses: [Bool], lastFetch: [Bool]) {
    let steps = workload.steps
    var crosses = Array(repeating: false, count: actions.count)
    var lastFetch = Array(repeating: false, count: actions.count)
    let firstBackward =
      actions.firstIndex {
        if case .compute(let step, reusing: _) = $0, steps.indices.contains(step) {
          return steps[step].phase != .forward
        }
        return false
      } ?? actions.count
    var isRead = Array(repeating: false, count: steps.count)
    var isFetched = Array(repeating: false, count: steps.count)
    for number in actions.indices.reversed() {
      let action = actions[number]
      guard steps.indices.contains(action.step) else { continue }
      switch action {
      case .compute(let step, reusing: _):
        crosses[number] = isRead[step]
        isRead[step] = false
        if number >= firstBackward {
          for input in steps[step].inputs { isRead[input] = true }
        }
      case .fetch(let step):
        crosses[number] = isRead[step]
        isRead[step] = false
        lastFetch[number] = !isFetched[step]
        isFetched[step] = true
      case .offload(let step):
        isFetched[step] = false
      case .free: break
      }
    }
    return (crosses, lastFetch)
  }

  /// Runs one action: the footprint while it ran, and the class of the value that it makes or moves.
  mutating func run(
    _ number: Int
  ) throws(ScheduleError) -> (running: Footprint, holding: Holding?) {
    let action = actions[number]
    guard workload.steps.indices.contains(action.step) else {
      throw illegal(number, .noSuchStep)
    }
    switch action {
    case .compute(let step, reusing: let input):
      return try compute(step, reusing: input, number)
    case .free(let step):
      guard let holding = holdings[step] else { throw illegal(number, .notLive(step)) }
      footprint[holding] -= workload.steps[step].bytes
      holdings[step] = nil
      return (footprint, nil)
    case .offload(let step):
      guard let holding = holdings[step] else { throw illegal(number, .notLive(step)) }
      guard !onTier[step] else { throw illegal(number, .alreadyOnTier(step)) }
      onTier[step] = true
      tierBytes += workload.steps[step].bytes
      tierPeak = max(tierPeak, tierBytes)
      tierTraffic += workload.steps[step].bytes
      return (footprint, holding)
    case .fetch(let step):
      return try fetch(step, number)
    }
  }

  private mutating func fetch(
    _ step: Int, _ number: Int
  ) throws(ScheduleError) -> (running: Footprint, holding: Holding?) {
    guard onTier[step] else { throw illegal(number, .notOnTier(step)) }
    guard holdings[step] == nil else { throw illegal(number, .alreadyLive(step)) }
    let bytes = workload.steps[step].bytes
    let holding = holdingOfNew(step, again: computed[step] > 1, number)
    holdings[step] = holding
    footprint[holding] += bytes
    tierTraffic += bytes
    if isLastFetch[number] {
      onTier[step] = false
      tierBytes -= bytes
    }
    return (footprint, holding)
  }

  private mutating func compute(
    _ step: Int, reusing reused: Int?, _ number: Int
  ) throws(ScheduleError) -> (running: Footprint, holding: Holding?) {
    let isUpdate = workload.steps[step].phase == .update
    for input in workload.steps[step].inputs where holdings[input] == nil {
      throw illegal(number, .inputNotLive(input))
    }
    if holdings[step] != nil { throw illegal(number, .alreadyLive(step)) }
    if isUpdate && computed[step] > 0 { throw illegal(number, .updatedTwice) }
    if let update = conflicts.firstBroken(by: step, computed: computed) {
      throw illegal(number, .outOfOrder(update))
    }
    if let reused {
      try takeOver(reused, by: step, number)
    }
    let again = computed[step] > 0
    computed[step] += 1
    count(step, again: again)
    let holding = isUpdate ? nil : holdingOfNew(step, again: again, number)
    if let holding {
      holdings[step] = holding
      footprint[holding] += workload.steps[step].bytes
    }
    var running = footprint
    running.workspace += workload.steps[step].scratch
    return (running, holding)
  }

  private mutating func takeOver(
    _ input: Int, by step: Int, _ number: Int
  ) throws(ScheduleError) {
    let taker = workload.steps[step]
    guard taker.phase != .update, taker.inputs.contains(input), taker.reusable.contains(input),
      workload.steps[input].bytes == taker.bytes, let holding = holdings[input]
    else { throw illegal(number, .mayNotReuse(input)) }
    footprint[holding] -= taker.bytes
    holdings[input] = nil
  }

  private mutating func count(_ step: Int, again: Bool) {
    let cost = workload.steps[step].cost
    if workload.steps[step].phase != .forward {
      backwardSteps += 1
      backwardCost &+= cost
    } else if again {
      replayedSteps += 1
      replayedCost &+= cost
    } else {
      forwardSteps += 1
      forwardCost &+= cost
    }
  }

  private func holdingOfNew(_ step: Int, again: Bool, _ number: Int) -> Holding {
    if workload.steps[step].phase != .forward {
      return workload.steps[step].isGradient ? .gradients : .adjoints
    }
    if again { return .replayed }
    return crossesToBackward[number] ? .kept : .forward
  }

  /// Checks the end: every update ran, every result is live, and nothing else is.
  func finish() throws(ScheduleError) {
    for (number, step) in workload.steps.enumerated() {
      if step.phase == .update {
        if computed[number] == 0 { throw illegal(actions.count, .updateMissing(number)) }
      } else if step.isResult {
        if holdings[number] == nil { throw illegal(actions.count, .resultMissing(number)) }
      } else if holdings[number] != nil {
        throw illegal(actions.count, .leftBehind(number))
      }
    }
  }

  private func illegal(_ number: Int, _ rule: RehearsalRule) -> ScheduleError {
    let reading = number < actions.count ? actions[number].reading(in: workload) : "the end"
    return .illegal(
      action: number, reading: reading, rule: rule.wording(workload), memory: memory)
  }

  /// What is live, abbreviated: `in memory: matmul#0 (4 KiB), relu#1 (4 KiB)`.
  private var memory: String {
    let live = holdings.indices.filter { holdings[$0] != nil }
    if live.isEmpty { return "in memory: nothing" }
    let shown = live.prefix(6).map { step in
      "\(workload.steps[step].label) (\(ByteFormat.text(workload.steps[step].bytes)))"
    }.joined(separator: ", ")
    if live.count <= 6 { return "in memory: \(shown)" }
    return "in memory: \(shown) and \(live.count - 6) more, "
      + "\(ByteFormat.text(footprint.total)) in all"
  }
}
