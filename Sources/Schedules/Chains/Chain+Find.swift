extension Chain {
  /// Where a chain is cut.
  package enum Cut: String, Hashable, Sendable, CaseIterable {
    /// At the ends of the elements of the applied `chain(…)`s, where a single value crosses; where
    /// elements do not narrow, and in loops, wherever a single value crosses.
    case layers
    /// Wherever a single value crosses.
    case operations
  }

  /// Cuts a workload into stages at points where a single value crosses; `nil` where it has no
  /// forward step.
  ///
  /// A value crosses the point after forward step p where it was made at or before p and a forward
  /// step after p reads it. One that no replay makes again, such as a sum of losses, does not count
  /// beside one that may be. A value of a step without inputs (a slice of the data, a drawn mask)
  /// does not count beside another, unless it has a cost and crosses somewhere alone: it can be
  /// made from nothing. `layers` cuts where the elements of chains end (`LayerCuts`); what comes
  /// after the last is the last stage. Without an element that the graph narrows around it falls
  /// back to `operations`; a graph that narrows nowhere is one stage. Linear in the steps and their
  /// inputs.
  ///
  /// Throws `.cancelled` where the planning is to stop.
  package static func find(
    in workload: Workload, cut: Cut = .layers
  ) throws(ScheduleError) -> Chain? {
    guard workload.forwardCount > 0 else { return nil }
    let segments = try segments(of: workload, workload.marks, cut) { workload.steps[$0].label }
    try Planning.checkCancellation()
    return Chain(stages: try build(segments, workload))
  }

  /// Where `find` cuts a workload of these steps, with these marks: the last forward step of each
  /// stage, and the value that crosses there, `nil` for the last. Throws as `find` does.
  package static func cuts(
    of steps: some StepReads, _ marks: [Workload.Mark], cut: Cut = .layers
  ) throws(ScheduleError) -> [(end: Int, value: Int?)] {
    guard steps.forwardCount > 0 else { return [] }
    return try segments(of: steps, marks, cut) { _ in "" }.map { ($0.end, $0.value) }
  }

  /// Where at least one forward step is cut; `label` is that of a step.
  private static func segments(
    of steps: some StepReads, _ marks: [Workload.Mark], _ cut: Cut, label: (Int) -> String
  ) throws(ScheduleError) -> [Segment] {
    try Planning.checkCancellation()
    let crossing = crossings(steps)
    try Planning.checkCancellation()
    var segments: [Segment] = []
    if cut == .layers {
      segments = LayerCuts(steps.forwardCount, marks, crossing, labels: label).segments
    }
    return segments.isEmpty ? operationCuts(steps.forwardCount, crossing, label) : segments
  }

  /// For each forward step p but the last, the value that crosses after p, where it is a single
  /// one.
  private static func crossings(_ steps: some StepReads) -> [Int?] {
    let last = steps.lastForwardUses()
    let all = sums(last, steps) { _ in true }
    // Steps without inputs whose value is the only one somewhere are part of the trunk, as a first
    // layer's product is.
    var isTrunk = Array(repeating: false, count: steps.forwardCount)
    for step in isTrunk.indices { steps.forEachInput(of: step) { _ in isTrunk[step] = true } }
    for point in all where point.count == 1 && steps.hasCost(steps.maker(of: Int(point.sum))) {
      isTrunk[steps.maker(of: Int(point.sum))] = true
    }
    let trunk = sums(last, steps) { isTrunk[$0] }
    let isReplayed = stepsToReplay(steps)
    let replayed = sums(last, steps) { isTrunk[$0] && isReplayed[$0] }
    return zip(all, zip(trunk, replayed)).map { all, others in
      for point in [replayedFirst(others), all] where point.count == 1 { return Int(point.sum) }
      return nil
    }
  }

  /// The trunk's values that a replay may make, where there is just one; else all of the trunk.
  private static func replayedFirst(
    _ point: (trunk: (count: Int32, sum: Int32), replayed: (count: Int32, sum: Int32))
  ) -> (count: Int32, sum: Int32) {
    point.replayed.count == 1 ? point.replayed : point.trunk
  }

  /// For each forward step, whether a replay may run it: the backward pass reads what it makes, or
  /// such a step does.
  private static func stepsToReplay(_ steps: some StepReads) -> [Bool] {
    var isReplayed = Array(repeating: false, count: steps.forwardCount)
    for step in (0..<steps.count).reversed() {
      guard step >= steps.forwardCount || isReplayed[step] else { continue }
      steps.forEachInput(of: step) { input in
        let maker = steps.maker(of: input)
        if maker < steps.forwardCount { isReplayed[maker] = true }
      }
    }
    return isReplayed
  }

  /// For each forward step p, how many of the values of these steps cross after p, and the sum of
  /// their numbers: right where that is one, as the sum runs over.
  private static func sums(
    _ last: [Int32], _ steps: some StepReads, where isCounted: (Int) -> Bool
  ) -> [(count: Int32, sum: Int32)] {
    var sums = Array(repeating: (count: Int32(0), sum: Int32(0)), count: steps.forwardCount)
    for step in 0..<steps.forwardCount where isCounted(step) {
      for value in steps.values(of: step) where last[value] > step {
        sums[step].count += 1
        sums[step].sum &+= Int32(value)
        sums[Int(last[value])].count -= 1
        sums[Int(last[value])].sum &-= Int32(value)
      }
    }
    for step in sums.indices.dropFirst() {
      sums[step].count += sums[step - 1].count
      sums[step].sum &+= sums[step - 1].sum
    }
    return sums
  }

  private static func operationCuts(
    _ forwardCount: Int, _ crossing: [Int?], _ label: (Int) -> String
  ) -> [Segment] {
    var cuts: [Segment] = []
    for step in 0..<forwardCount - 1 {
      guard let value = crossing[step], value != cuts.last?.value else { continue }
      cuts.append(Segment(end: step, value: value, label: label(step)))
    }
    let last = forwardCount - 1
    cuts.append(Segment(end: last, value: nil, label: label(last)))
    return cuts
  }

  private static func build(
    _ cuts: [Segment], _ workload: Workload
  ) throws(ScheduleError) -> [Stage] {
    var pace = Planning.Pace()
    var stages: [Stage] = []
    stages.reserveCapacity(cuts.count)
    var stageOf = [Int32](repeating: 0, count: workload.count)
    var start = 0
    var boundary: Int?
    for (number, cut) in cuts.enumerated() {
      var scratch = 0
      var cost = 0
      for step in start...cut.end {
        stageOf[step] = Int32(number)
        scratch = max(scratch, workload.steps[step].scratch)
        cost += workload.steps[step].cost
      }
      stages.append(
        Stage(
          label: cut.label, forward: start..<cut.end + 1, backward: [], boundary: boundary,
          boundaryBytes: boundary.map(workload.bytes) ?? workload.inputBytes,
          recordedBytes: 0, scratch: scratch, forwardCost: cost, backwardCost: 0))
      start = cut.end + 1
      boundary = cut.value
    }
    try placeBackward(workload, &stageOf)
    var isRecorded = Array(repeating: false, count: workload.forwardValueCount)
    for step in workload.forwardCount..<workload.count {
      try pace.count(8)
      let number = Int(stageOf[step])
      stages[number].backward.append(step)
      stages[number].scratch = max(stages[number].scratch, workload.steps[step].scratch)
      stages[number].backwardCost += workload.steps[step].cost
      for input in workload.steps[step].inputs
      where input < workload.forwardValueCount && stageOf[workload.maker(of: input)] == number
        && !isRecorded[input]
      {
        isRecorded[input] = true
        stages[number].recordedBytes += workload.bytes(of: input)
      }
    }
    return stages
  }

  /// Gives each backward and update step its stage: that of the forward step it differentiates, or
  /// an earlier one that what it reads waits for; an update's is the earliest among its inputs' and
  /// those of all that must run before it. One that belongs to no forward step starts at the last.
  private static func placeBackward(
    _ workload: Workload, _ stageOf: inout [Int32]
  ) throws(ScheduleError) {
    var pace = Planning.Pace()
    var lowestReader: [Int: Int32] = [:]
    var lowestWriter: [Int: Int32] = [:]
    for (number, step) in workload.steps.enumerated() {
      try pace.count(8)
      if number >= workload.forwardCount {
        var stage = stageOf[step.differentiates ?? workload.forwardCount - 1]
        // A gradient and its update in one step read what the gradient's step reads.
        let isUpdateAlone = step.phase == .update && step.operationCount == 1
        for input in step.inputs where input >= workload.forwardValueCount || isUpdateAlone {
          stage = min(stage, stageOf[workload.maker(of: input)])
        }
        for target in step.reads { stage = min(stage, lowestWriter[target] ?? stage) }
        if let target = step.writes {
          stage = min(stage, lowestReader[target] ?? stage, lowestWriter[target] ?? stage)
          lowestWriter[target] = stage
        }
        stageOf[number] = stage
      }
      for target in step.reads {
        lowestReader[target] = min(lowestReader[target] ?? stageOf[number], stageOf[number])
      }
    }
  }
}
