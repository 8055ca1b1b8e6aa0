/// One run of `dtr` with a limit in bytes.
struct EvictionRun {
  private let table: StepTable
  private let limit: Int
  private let heuristic: DTR.Heuristic
  private let users: (starts: [Int], list: [Int])
  /// The last step of the plain order that reads each value; `count` for results.
  private let lastUse: [Int]

  /// Of each value.
  private var isLive: [Bool]
  private var isEvicted: [Bool]
  private var pins: [Int]
  private var lastAccess: [Int]
  private var liveBytes = 0
  private var candidates: [Int] = []
  private var candidatePlace: [Int]
  private var clock = 0
  private var computed: [Int] = []
  private var classes: EvictedClasses
  private var mark: [Int]
  private var markNow = 0
  private var randomState: UInt64 = 0x5EED
  private let mostComputes: Int
  private var frontier = 0
  private var pace = Planning.Pace()
  /// Values that the last score looked at.
  private var visited = 0

  /// A run of the table's plain order in which no more than `limit` bytes are live at once.
  init(_ table: StepTable, limit: Int, _ heuristic: DTR.Heuristic) {
    self.table = table
    self.limit = limit
    self.heuristic = heuristic
    users = table.users()
    var lastUse = Array(repeating: -1, count: table.valueCount)
    for step in 0..<table.count { table.forEachInput(of: step) { lastUse[$0] = step } }
    for value in 0..<table.valueCount where table.isResult[value] { lastUse[value] = table.count }
    self.lastUse = lastUse
    isLive = Array(repeating: false, count: table.valueCount)
    isEvicted = isLive
    pins = Array(repeating: 0, count: table.valueCount)
    lastAccess = pins
    mark = Array(repeating: 0, count: max(table.count, table.valueCount))
    candidatePlace = Array(repeating: -1, count: table.valueCount)
    classes = EvictedClasses(table.valueCount)
    mostComputes = min(ChainPlan.mostComputes, 24 * table.count + 4096)
  }

  /// The steps in the order in which they were computed; `nil` where the limit cannot be kept.
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
  /// are pinned.
  private mutating func compute(_ step: Int) throws(ScheduleError) -> Bool {
    var pending = [step]
    pin(step, 1)
    while let next = pending.last {
      if let missing = table.inputs(of: next).first(where: { !isLive[$0] }) {
        let maker = table.makers[missing]
        pending.append(maker)
        pin(maker, 1)
        continue
      }
      guard try perform(next) else { return false }
      pending.removeLast()
      pin(next, -1)
    }
    return true
  }

  private mutating func pin(_ step: Int, _ change: Int) {
    for input in table.inputs(of: step) { pins[input] += change }
  }

  /// Runs one step whose inputs are live.
  private mutating func perform(_ step: Int) throws(ScheduleError) -> Bool {
    guard computed.count < mostComputes else { return false }
    let values = table.values(of: step)
    let dying = table.inputs(of: step).filter { lastUse[$0] <= frontier && step == frontier }
    let isMade = values.first.map { !isLive[$0] } ?? false
    let reuses = isMade && table.reusable(of: step).contains { dying.contains($0) }
    let new = values.reduce(0) { $0 + (isLive[$1] ? 0 : table.bytes[$1]) }
    let need = new - (reuses ? table.firstBytes(of: step) : 0) + table.scratch[step]
    while liveBytes + need > limit, try evictOne(butOf: step) {}
    guard liveBytes + need <= limit else { return false }
    computed.append(step)
    clock &+= max(1, table.cost[step])
    for input in table.inputs(of: step) { lastAccess[input] = clock }
    for value in values { enter(value) }
    if step == frontier {
      // What the plain order never reads again goes at once; it can be computed again if a replay
      // needs it.
      for input in dying { evict(input) }
      for value in values where lastUse[value] < 0 { evict(value) }
    }
    return true
  }

  /// Puts a value that was just made into memory, unless it is there.
  private mutating func enter(_ value: Int) {
    lastAccess[value] = clock
    guard !isLive[value] else { return }
    isLive[value] = true
    if isEvicted[value] {
      isEvicted[value] = false
      classes.leave(value, cost: table.cost[table.makers[value]])
    }
    liveBytes += table.bytes[value]
    addCandidate(value)
  }

  private mutating func addCandidate(_ value: Int) {
    guard value < table.forwardValueCount, !table.isResult[value], table.bytes[value] > 0 else {
      return
    }
    candidatePlace[value] = candidates.count
    candidates.append(value)
  }

  private mutating func evict(_ value: Int) {
    guard isLive[value] else { return }
    isLive[value] = false
    liveBytes -= table.bytes[value]
    guard value < table.forwardValueCount else { return }
    let place = candidatePlace[value]
    if place >= 0 {
      let last = candidates.removeLast()
      if last != value {
        candidates[place] = last
        candidatePlace[last] = place
      }
      candidatePlace[value] = -1
    }
    isEvicted[value] = true
    if heuristic == .hDTREquivalence {
      classes.enter(value, cost: table.cost[table.makers[value]])
      forEachEvictedNeighbour(of: value) { run, neighbour in run.classes.join(value, neighbour) }
    }
  }

  /// The evicted values next to this one: those its step reads, and those made from it.
  private mutating func forEachEvictedNeighbour(
    of value: Int, _ body: (inout EvictionRun, Int) -> Void
  ) {
    for input in table.inputs(of: table.makers[value]) where isEvicted[input] { body(&self, input) }
    for place in users.starts[value]..<users.starts[value + 1] {
      for made in table.values(of: users.list[place]) where isEvicted[made] { body(&self, made) }
    }
  }

  /// Evicts the candidate of lowest score, the lower one of equals; false where all are pinned, or
  /// made by the step that is about to run.
  private mutating func evictOne(butOf running: Int) throws(ScheduleError) -> Bool {
    let own = table.values(of: running)
    var choice = -1
    var lowest = Double.infinity
    for value in candidates where pins[value] == 0 && !own.contains(value) {
      visited = 1
      let score = score(value)
      try pace.count(visited)
      if choice < 0 || score < lowest || (score == lowest && value < choice) {
        lowest = score
        choice = value
      }
    }
    guard choice >= 0 else { return false }
    evict(choice)
    return true
  }

  private mutating func score(_ value: Int) -> Double {
    let size = Double(table.bytes[value])
    let stale = Double(clock &- lastAccess[value] &+ 1)
    if lastUse[value] < frontier { return -1 }
    let cost = table.cost[table.makers[value]]
    switch heuristic {
    case .hDTR:
      return Double(cost + evictedAncestors(value) + evictedDescendants(value)) / (size * stale)
    case .hDTREquivalence:
      var sum = Double(cost)
      markNow += 1
      forEachEvictedNeighbour(of: value) { run, neighbour in sum += run.newClassCost(neighbour) }
      return sum / (size * stale)
    case .lru: return 1 / stale
    case .size: return 1 / size
    case .msps: return Double(cost + evictedAncestors(value)) / size
    case .random:
      randomState = randomState &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(randomState >> 33)
    }
  }

  private mutating func newClassCost(_ value: Int) -> Double {
    let root = classes.root(value)
    guard mark[root] != markNow else { return 0 }
    mark[root] = markNow
    return classes.cost(root)
  }

  /// Cost of the steps, each once, that bringing this value back would need for evicted inputs.
  private mutating func evictedAncestors(_ value: Int) -> Int {
    markNow += 1
    var sum = 0
    var open = [table.makers[value]]
    while let next = open.popLast() {
      visited += 1
      table.forEachInput(of: next) { input in
        let maker = table.makers[input]
        guard isEvicted[input], mark[maker] != markNow else { return }
        mark[maker] = markNow
        sum += table.cost[maker]
        open.append(maker)
      }
    }
    return sum
  }

  /// Cost of the steps, each once, whose evicted values would need this one to come back.
  private mutating func evictedDescendants(_ value: Int) -> Int {
    markNow += 1
    var sum = 0
    var open = [value]
    while let next = open.popLast() {
      visited += 1
      for place in users.starts[next]..<users.starts[next + 1] {
        let user = users.list[place]
        guard mark[user] != markNow else { continue }
        for made in table.values(of: user) where isEvicted[made] {
          if mark[user] != markNow {
            mark[user] = markNow
            sum += table.cost[user]
          }
          open.append(made)
        }
      }
    }
    return sum
  }
}
