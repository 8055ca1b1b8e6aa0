/// What a search over a graph asks of it again and again, as sets of values.
///
/// The graph has at most 256 steps and 256 values.
struct SearchGraph: Sendable {
  /// Most steps, and most values, of a graph that is searched.
  static let mostSteps = 256

  /// The steps and values.
  let table: StepTable
  /// Of each step: whether a result or an update depends on it.
  let isNeeded: [Bool]
  /// A forward step may run again while the next step is at most this one: later an update has
  /// changed what it reads.
  let lastRepeat: [Int]
  /// Of each step: what it reads.
  let inputs: [ValueSet]
  /// Of each step: what it makes.
  let values: [ValueSet]
  /// Of each step: the inputs whose storage its first result may take over.
  let reusable: [ValueSet]
  /// Forward values that are no results: these may be evicted.
  let evictable: ValueSet
  /// For each next step: the values that may serve still, through replays too.
  let useful: [ValueSet]
  /// For each next step: the values made before it that it or a later step reads, results among
  /// them.
  let read: [ValueSet]

  /// Lays out a workload of at most `mostSteps` steps and values.
  init(_ workload: Workload, _ table: StepTable) {
    self.table = table
    let isNeeded = Liveness.neededSteps(table)
    let lastUse = Self.lastUses(table, isNeeded)
    var lastUseful = lastUse
    for step in (0..<table.forwardCount).reversed() where isNeeded[step] {
      let last = table.values(of: step).map { lastUseful[$0] }.max() ?? -1
      table.forEachInput(of: step) { lastUseful[$0] = max(lastUseful[$0], last) }
    }
    let steps = 0..<table.count
    inputs = steps.map { ValueSet(table.inputs(of: $0)) }
    values = steps.map { ValueSet(table.values(of: $0)) }
    reusable = steps.map { ValueSet(table.reusable(of: $0).filter { !table.isResult[$0] }) }
    evictable = ValueSet((0..<table.forwardValueCount).filter { !table.isResult[$0] })
    useful = (0...table.count).map { next in
      ValueSet((0..<table.valueCount).filter { lastUseful[$0] >= next })
    }
    read = (0...table.count).map { next in
      ValueSet(
        (0..<table.valueCount).filter {
          table.makers[$0] < next && isNeeded[table.makers[$0]] && lastUse[$0] >= next
        })
    }
    lastRepeat = Self.lastRepeats(workload, table)
    self.isNeeded = isNeeded
  }

  /// The last step of the plain order that reads each value; the number of steps for a result.
  private static func lastUses(_ table: StepTable, _ isNeeded: [Bool]) -> [Int] {
    var last = Array(repeating: -1, count: table.valueCount)
    for step in 0..<table.count where isNeeded[step] {
      table.forEachInput(of: step) { last[$0] = step }
    }
    for value in 0..<table.valueCount where table.isResult[value] { last[value] = table.count }
    return last
  }

  private static func lastRepeats(_ workload: Workload, _ table: StepTable) -> [Int] {
    var last = Array(repeating: table.count, count: table.count)
    var firstWriter: [Int: Int] = [:]
    for (number, step) in workload.steps.enumerated() {
      if let target = step.writes, firstWriter[target] == nil { firstWriter[target] = number }
    }
    for step in 0..<table.forwardCount {
      for target in workload.steps[step].reads {
        last[step] = min(last[step], firstWriter[target] ?? table.count)
      }
    }
    return last
  }

  /// The bytes of the members of a set.
  @inline(__always)
  func bytes(_ set: ValueSet) -> Int {
    var sum = 0
    set.visitAll { sum += table.bytes[$0] }
    return sum
  }

  /// The values that have to be made again before `wanted` are all live: those of them that are
  /// not, and what their makers read that is not, and so on, each with all that its maker makes;
  /// and what their makers cost together, each once. `nil` where one cannot run again.
  @inline(__always)
  func missing(
    of wanted: ValueSet, live: ValueSet, next: Int
  ) -> (values: ValueSet, cost: Int)? {
    var open = wanted.subtracting(live)
    var all = ValueSet()
    var cost = 0
    // What a step reads is numbered lower than what it makes.
    while let value = open.popHighest() {
      let step = table.makers[value]
      guard step < table.forwardCount, next <= lastRepeat[step] else { return nil }
      cost += table.cost[step]
      all.formUnion(values[step])
      open.subtract(values[step])
      open.formUnion(inputs[step].subtracting(live))
    }
    return (all, cost)
  }
}
