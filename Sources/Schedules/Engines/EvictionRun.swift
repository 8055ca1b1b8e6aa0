/// One run of `dtr` with a limit in bytes.
struct EvictionRun {
  private let table: StepTable
  private let limit: Int
  private let heuristic: DTR.Heuristic
  private let users: (starts: [Int], list: [Int])
  /// The last step of the plain order that reads each value; `count` for results.
  private let lastUse: [Int]

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

  init(_ table: StepTable, limit: Int, _ heuristic: DTR.Heuristic) {
    self.table = table
    self.limit = limit
    self.heuristic = heuristic
    users = table.users()
    var lastUse = Array(repeating: -1, count: table.count)
    for step in 0..<table.count { table.forEachInput(of: step) { lastUse[$0] = step } }
    for step in 0..<table.count where table.isResult[step] { lastUse[step] = table.count }
    self.lastUse = lastUse
    isLive = Array(repeating: false, count: table.count)
    isEvicted = isLive
    pins = Array(repeating: 0, count: table.count)
    lastAccess = pins
    mark = pins
    candidatePlace = Array(repeating: -1, count: table.count)
    classes = EvictedClasses(table.count)
    mostComputes = min(ChainPlan.mostComputes, 24 * table.count + 4096)
  }

  /// The steps in the order in which they were computed; `nil` where the limit cannot be kept.
  mutating func order() -> [Int]? {
    for step in 0..<table.count {
      frontier = step
      guard compute(step) else { return nil }
    }
    return computed
  }

  /// Computes a step and, before it, whatever of its inputs is missing. Inputs of all that waits are pinned.
  private mutating func compute(_ step: Int) -> Bool {
    var pending = [step]
    pin(step, 1)
    while let next = pending.last {
      if let missing = table.inputs(of: next).first(where: { !isLive[$0] }) {
        pending.append(missing)
        pin(missing, 1)
        continue
      }
      guard perform(next) else { return false }
      pending.removeLast()
      pin(next, -1)
    }
    return true
  }

  private mutating func pin(_ step: Int, _ change: Int) {
    for input in table.inputs(of: step) { pins[input] += change }
  }

  /// Runs one step whose inputs are live.
  private mutating func perform(_ step: Int) -> Bool {
    guard computed.count < mostComputes else { return false }
    let isUpdate = table.phases[step] == .update
    let dying = table.inputs(of: step).filter { lastUse[$0] <= frontier && step == frontier }
    let reuses = table.reusable(of: step).contains { dying.contains($0) }
    let own = isUpdate ? 0 : table.bytes[step]
    let need = (reuses ? 0 : own) + table.scratch[step]
    while liveBytes + need > limit, evictOne() {}
    guard liveBytes + need <= limit else { return false }
    computed.append(step)
    clock &+= max(1, table.cost[step])
    for input in table.inputs(of: step) { lastAccess[input] = clock }
    if !isUpdate {
      isLive[step] = true
      if isEvicted[step] {
        isEvicted[step] = false
        classes.leave(step, cost: table.cost[step])
      }
      lastAccess[step] = clock
      liveBytes += own
      addCandidate(step)
    }
    if step == frontier {
      // What the plain order never reads again goes at once; it can be computed again if a replay needs it.
      for input in dying { evict(input) }
      if lastUse[step] < 0 && !isUpdate { evict(step) }
    }
    return true
  }

  private mutating func addCandidate(_ step: Int) {
    guard table.phases[step] == .forward, !table.isResult[step], table.bytes[step] > 0 else {
      return
    }
    candidatePlace[step] = candidates.count
    candidates.append(step)
  }

  private mutating func evict(_ step: Int) {
    guard isLive[step] else { return }
    isLive[step] = false
    liveBytes -= table.bytes[step]
    guard table.phases[step] == .forward else { return }
    let place = candidatePlace[step]
    if place >= 0 {
      let last = candidates.removeLast()
      if last != step {
        candidates[place] = last
        candidatePlace[last] = place
      }
      candidatePlace[step] = -1
    }
    isEvicted[step] = true
    if heuristic == .hDTREquivalence {
      classes.enter(step, cost: table.cost[step])
      for input in table.inputs(of: step) where isEvicted[input] { classes.join(step, input) }
      for place in users.starts[step]..<users.starts[step + 1] where isEvicted[users.list[place]] {
        classes.join(step, users.list[place])
      }
    }
  }

  /// Evicts the candidate of lowest score, the lower step of equals; false where all are pinned.
  private mutating func evictOne() -> Bool {
    var choice = -1
    var lowest = Double.infinity
    for step in candidates where pins[step] == 0 {
      let score = score(step)
      if choice < 0 || score < lowest || (score == lowest && step < choice) {
        lowest = score
        choice = step
      }
    }
    guard choice >= 0 else { return false }
    evict(choice)
    return true
  }

  private mutating func score(_ step: Int) -> Double {
    let size = Double(table.bytes[step])
    let stale = Double(clock &- lastAccess[step] &+ 1)
    if lastUse[step] < frontier { return -1 }
    switch heuristic {
    case .hDTR:
      let cost = table.cost[step] + evictedAncestors(step) + evictedDescendants(step)
      return Double(cost) / (size * stale)
    case .hDTREquivalence:
      var cost = Double(table.cost[step])
      markNow += 1
      for input in table.inputs(of: step) where isEvicted[input] {
        cost += newClassCost(input)
      }
      for place in users.starts[step]..<users.starts[step + 1] where isEvicted[users.list[place]] {
        cost += newClassCost(users.list[place])
      }
      return cost / (size * stale)
    case .lru: return 1 / stale
    case .size: return 1 / size
    case .msps: return Double(table.cost[step] + evictedAncestors(step)) / size
    case .random:
      randomState = randomState &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(randomState >> 33)
    }
  }

  private mutating func newClassCost(_ step: Int) -> Double {
    let root = classes.root(step)
    guard mark[root] != markNow else { return 0 }
    mark[root] = markNow
    return classes.cost(root)
  }

  /// Cost of the evicted values that bringing this one back would need.
  private mutating func evictedAncestors(_ step: Int) -> Int {
    markNow += 1
    var sum = 0
    var open = [step]
    while let next = open.popLast() {
      table.forEachInput(of: next) { input in
        guard isEvicted[input], mark[input] != markNow else { return }
        mark[input] = markNow
        sum += table.cost[input]
        open.append(input)
      }
    }
    return sum
  }

  /// Cost of the evicted values that would need this one to come back.
  private mutating func evictedDescendants(_ step: Int) -> Int {
    markNow += 1
    var sum = 0
    var open = [step]
    while let next = open.popLast() {
      for place in users.starts[next]..<users.starts[next + 1] {
        let user = users.list[place]
        guard isEvicted[user], mark[user] != markNow else { continue }
        mark[user] = markNow
        sum += table.cost[user]
        open.append(user)
      }
    }
    return sum
  }
}
