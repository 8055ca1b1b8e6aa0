/// One run of `dtr` with a limit in bytes.
struct EvictionRun {
  private let table: StepTable
  private let limit: Int
  /// The last step of the plain order that reads each value; `count` for results.
  private let lastUse: [Int]
  private let mostComputes: Int

  /// Of each value.
  private var isLive: [Bool]
  private var pins: [Int]
  private var liveBytes = 0
  private var queue: EvictionQueue
  private var clock = 0
  private var computed: [Int] = []
  /// Most bytes that were live at once, with the scratch of the step that ran.
  private(set) var held = 0
  private var frontier = 0
  private var pace = Planning.Pace()
  private var paced = 0

  /// A run of the table's plain order in which no more than `limit` bytes are live at once.
  init(_ table: StepTable, limit: Int, _ heuristic: DTR.Heuristic) {
    self.table = table
    self.limit = limit
    lastUse = Self.lastUses(table)
    isLive = Array(repeating: false, count: table.valueCount)
    pins = Array(repeating: 0, count: table.valueCount)
    queue = EvictionQueue(table, heuristic)
    mostComputes = min(ChainPlan.mostComputes, 24 * table.count + 4096)
  }

  private static func lastUses(_ table: StepTable) -> [Int] {
    var last = Array(repeating: -1, count: table.valueCount)
    for step in 0..<table.count { table.forEachInput(of: step) { last[$0] = step } }
    for value in 0..<table.valueCount where table.isResult[value] { last[value] = table.count }
    return last
  }

  /// A limit in bytes below which no run gets through: what cannot be evicted, and what each step
  /// reads and makes.
  static func least(_ table: StepTable) -> Int {
    let lastUse = lastUses(table)
    var least = 0
    var held = 0
    for step in 0..<table.count {
      var read = 0
      table.forEachInput(of: step) { if table.isEvictable($0) { read += table.bytes[$0] } }
      let reuses = table.reusable(of: step).contains { lastUse[$0] <= step }
      let need = table.made[step] - (reuses ? table.firstBytes(of: step) : 0) + table.scratch[step]
      least = max(least, held + read + need)
      for value in table.values(of: step) where !table.isEvictable(value) && lastUse[value] >= 0 {
        held += table.bytes[value]
      }
      table.forEachInput(of: step) { input in
        if !table.isEvictable(input), lastUse[input] == step { held -= table.bytes[input] }
      }
    }
    return least
  }

  /// Units of work so far: steps computed, and what choosing looked at.
  var work: Int { computed.count + queue.work }

  /// The steps in the order in which they were computed; `nil` where the limit cannot be kept, or
  /// takes too many steps.
  ///
  /// Throws `.cancelled` where the planning is to stop.
  mutating func order() throws(ScheduleError) -> [Int]? {
    for step in 0..<table.count {
      frontier = step
      guard try compute(step) else { return nil }
    }
    return computed
  }

  /// Computes a step and, before it, whatever of its inputs is missing. Inputs of all that waits
  /// are pinned, so that what was found there stays.
  private mutating func compute(_ step: Int) throws(ScheduleError) -> Bool {
    var pending = [(step: step, inputs: table.inputs(of: step))]
    pin(step)
    while let (next, inputs) = pending.popLast() {
      let missing = inputs.drop { isLive[$0] }
      if let first = missing.first {
        let maker = table.makers[first]
        pending.append((next, missing))
        pending.append((maker, table.inputs(of: maker)))
        pin(maker)
      } else {
        guard try perform(next) else { return false }
        unpin(next)
      }
    }
    return true
  }

  private mutating func pin(_ step: Int) {
    for input in table.inputs(of: step) { pins[input] += 1 }
  }

  private mutating func unpin(_ step: Int) {
    for input in table.inputs(of: step) {
      pins[input] -= 1
      if pins[input] == 0 { queue.release(input, clock) }
    }
  }

  /// Runs one step whose inputs are live.
  private mutating func perform(_ step: Int) throws(ScheduleError) -> Bool {
    guard computed.count < mostComputes else { return false }
    let values = table.values(of: step)
    let isPlain = step == frontier
    var new = 0
    for value in values where !isLive[value] { new += table.bytes[value] }
    var need = new + table.scratch[step]
    if isPlain, let first = values.first, !isLive[first],
      table.reusable(of: step).contains(where: { lastUse[$0] <= frontier })
    {
      need -= table.bytes[first]
    }
    while liveBytes + need > limit, try evictOne(butOf: step) {}
    for value in values where pins[value] == 0 { queue.release(value, clock) }
    guard liveBytes + need <= limit else { return false }
    held = max(held, liveBytes + need)
    computed.append(step)
    clock &+= max(1, table.cost[step])
    for input in table.inputs(of: step) { queue.touch(input, clock) }
    for value in values { enter(value) }
    queue.settle(after: step, clock)
    guard isPlain else { return true }
    // What the plain order never reads again goes at once; it can be computed again if a replay
    // needs it.
    for input in table.inputs(of: step) where lastUse[input] <= frontier { evict(input) }
    for value in values where lastUse[value] < 0 { evict(value) }
    return true
  }

  /// Puts a value that was just made into memory, unless it is there.
  private mutating func enter(_ value: Int) {
    queue.touch(value, clock)
    guard !isLive[value] else { return }
    isLive[value] = true
    liveBytes += table.bytes[value]
    if value < table.forwardValueCount {
      queue.enter(value, isDead: lastUse[value] < frontier, clock)
    }
  }

  private mutating func evict(_ value: Int) {
    guard isLive[value] else { return }
    isLive[value] = false
    liveBytes -= table.bytes[value]
    if value < table.forwardValueCount { queue.evict(value, clock) }
  }

  /// Evicts the candidate of lowest score, the lower one of equals; false where all are pinned, or
  /// made by the step that is about to run.
  private mutating func evictOne(butOf running: Int) throws(ScheduleError) -> Bool {
    let own = table.values(of: running)
    let pins = pins
    let choice = queue.choice(clock) { pins[$0] > 0 || own.contains($0) }
    try pace.count(queue.work - paced)
    paced = queue.work
    guard let choice else { return false }
    evict(choice)
    return true
  }
}
