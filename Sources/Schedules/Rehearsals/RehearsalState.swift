/// What is in memory while a schedule is rehearsed, and the rules.
struct RehearsalState {
  private let actions: ActionList
  private let workload: Workload
  private let conflicts: Conflicts
  private let ahead: LookAhead

  /// Of each value: its class while it is in memory, how often it was made, whether it is on the
  /// slower tier.
  private var holdings: [Holding?]
  private var made: [UInt32]
  private var onTier: [Bool]
  /// Of each step: how often it was computed.
  private var computed: [UInt32]
  private var tierBytes = 0

  private(set) var footprint = Footprint()
  /// The classes of the values that the actions so far made or moved.
  private(set) var passed: ActionHoldings
  private(set) var tierPeak = 0
  private(set) var tierTraffic = 0
  private(set) var forwardSteps = 0
  private(set) var replayedSteps = 0
  private(set) var backwardSteps = 0
  private(set) var forwardCost = 0
  private(set) var replayedCost = 0
  private(set) var backwardCost = 0

  /// The start of a rehearsal: nothing in memory, nothing computed.
  init(_ actions: ActionList, _ workload: Workload) {
    self.actions = actions
    self.workload = workload
    conflicts = Conflicts(workload)
    holdings = Array(repeating: nil, count: workload.valueCount)
    made = Array(repeating: 0, count: workload.valueCount)
    onTier = Array(repeating: false, count: workload.valueCount)
    computed = Array(repeating: 0, count: workload.steps.count)
    ahead = LookAhead(actions, workload)
    passed = ActionHoldings(actions: actions.count, classes: ahead.madeCount)
  }

  /// Runs one action: the footprint while it ran.
  mutating func run(_ number: Int) throws(ScheduleError) -> Footprint {
    let action = actions[number]
    switch action {
    case .compute(let step, reusing: let input):
      guard workload.steps.indices.contains(step) else { throw illegal(number, .noSuchStep) }
      return try compute(step, reusing: input, number)
    case .free(let value), .offload(let value), .fetch(let value):
      guard holdings.indices.contains(value) else { throw illegal(number, .noSuchStep) }
      if case .fetch = action { return try fetch(value, number) }
      guard let holding = holdings[value] else { throw illegal(number, .notLive(label(value))) }
      let bytes = workload.bytes(of: value)
      if case .free = action {
        footprint[holding] -= bytes
        holdings[value] = nil
        passed.append([])
        return footprint
      }
      guard !onTier[value] else { throw illegal(number, .alreadyOnTier(label(value))) }
      onTier[value] = true
      tierBytes += bytes
      tierPeak = max(tierPeak, tierBytes)
      tierTraffic += bytes
      passed.append(CollectionOfOne(holding))
      return footprint
    }
  }

  private mutating func fetch(_ value: Int, _ number: Int) throws(ScheduleError) -> Footprint {
    guard onTier[value] else { throw illegal(number, .notOnTier(label(value))) }
    guard holdings[value] == nil else { throw illegal(number, .alreadyLive(label(value))) }
    let bytes = workload.bytes(of: value)
    let holding = holdingOfNew(value, again: made[value] > 1, number, place: 0)
    holdings[value] = holding
    footprint[holding] += bytes
    tierTraffic += bytes
    if ahead.isLastFetch[number] {
      onTier[value] = false
      tierBytes -= bytes
    }
    passed.append(CollectionOfOne(holding))
    return footprint
  }

  private mutating func compute(
    _ step: Int, reusing reused: Int?, _ number: Int
  ) throws(ScheduleError) -> Footprint {
    let values = workload.values(of: step)
    let isUpdate = workload.steps[step].phase == .update
    for input in workload.steps[step].inputs where holdings[input] == nil {
      throw illegal(number, .inputNotLive(label(input)))
    }
    if let first = values.first, values.allSatisfy({ holdings[$0] != nil }) {
      throw illegal(number, .alreadyLive(label(first)))
    }
    if computed[step] > 0, isUpdate || workload.exchanges[step] != nil {
      throw illegal(number, .updatedTwice)
    }
    if let update = conflicts.firstBroken(by: step, computed: computed) {
      throw illegal(number, .outOfOrder(update: workload.steps[update].label))
    }
    if let reused { try takeOver(reused, by: step, number) }
    count(step, again: computed[step] > 0)
    computed[step] += 1
    var new: [Holding?] = []
    for (place, value) in values.enumerated() {
      guard holdings[value] == nil else {
        new.append(nil)
        continue
      }
      let holding = holdingOfNew(value, again: made[value] > 0, number, place: place)
      made[value] += 1
      holdings[value] = holding
      footprint[holding] += workload.bytes(of: value)
      new.append(holding)
    }
    passed.append(new)
    var running = footprint
    running.workspace += workload.steps[step].scratch
    return running
  }

  private mutating func takeOver(
    _ input: Int, by step: Int, _ number: Int
  ) throws(ScheduleError) {
    let values = workload.values(of: step)
    guard let first = values.first, holdings[first] == nil,
      workload.steps[step].inputs.contains(input),
      workload.steps[step].reusable.contains(input),
      workload.bytes(of: input) == workload.bytes(of: first), let holding = holdings[input]
    else { throw illegal(number, .mayNotReuse(workload.label(ofValue: input))) }
    footprint[holding] -= workload.bytes(of: first)
    holdings[input] = nil
  }

  private mutating func count(_ step: Int, again: Bool) {
    let cost = workload.steps[step].cost
    let operations = workload.steps[step].operationCount
    if workload.steps[step].phase != .forward {
      backwardSteps += operations
      backwardCost &+= cost
    } else if again {
      replayedSteps += operations
      replayedCost &+= cost
    } else {
      forwardSteps += operations
      forwardCost &+= cost
    }
  }

  /// The class of a value that the action makes or fetches, the given one of its results.
  private func holdingOfNew(_ value: Int, again: Bool, _ number: Int, place: Int) -> Holding {
    if value >= workload.forwardValueCount {
      return workload.value(value).isGradient ? .gradients : .adjoints
    }
    if again { return .replayed }
    return ahead.isReadBackward(number, place) ? .kept : .forward
  }

  /// Checks the end: every update ran, every result is live, and nothing else is.
  func finish() throws(ScheduleError) {
    for (number, step) in workload.steps.enumerated() {
      if step.phase == .update && computed[number] == 0 {
        throw illegal(actions.count, .updateMissing(step.label))
      }
      for (value, fact) in zip(workload.values(of: number), step.results) {
        if fact.isResult {
          if holdings[value] == nil { throw illegal(actions.count, .resultMissing(label(value))) }
        } else if holdings[value] != nil {
          throw illegal(actions.count, .leftBehind(label(value)))
        }
      }
    }
  }

  private func illegal(_ number: Int, _ rule: RehearsalRule) -> ScheduleError {
    let live = holdings.indices.filter { holdings[$0] != nil }.map {
      IllegalAction.LiveValue(label: label($0), bytes: workload.bytes(of: $0))
    }
    let reading = number < actions.count ? actions[number].reading(in: workload) : nil
    return .illegal(.init(number: number, breach: .graph(rule, by: reading, live: live)))
  }

  private func label(_ value: Int) -> String { workload.label(ofValue: value) }
}
