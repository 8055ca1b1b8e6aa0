@testable import Schedules

/// `dtr` as the paper has it: before each eviction the score of every candidate is worked out. Slow
/// and short, to hold `EvictionRun` to; all heuristics but random.
struct DirectEviction {
  let table: StepTable
  let limit: Int
  let heuristic: DTR.Heuristic
  private let users: [[Int]]
  private var lastUse: [Int]
  private var live: Set<Int> = []
  private var evicted: Set<Int> = []
  private var pins: [Int]
  private var lastAccess: [Int]
  private var clock = 0
  private var frontier = 0
  private var computed: [Int] = []
  /// For h_dtr_eq: of each value its class, and of each class its cost.
  private var classes: [Int]
  private var costs: [Double]

  init(_ table: StepTable, limit: Int, _ heuristic: DTR.Heuristic) {
    self.table = table
    self.limit = limit
    self.heuristic = heuristic
    var users = Array(repeating: [Int](), count: table.valueCount)
    for step in 0..<table.count { table.forEachInput(of: step) { users[$0].append(step) } }
    self.users = users
    lastUse = users.map { $0.last ?? -1 }
    for value in users.indices where table.isResult[value] { lastUse[value] = table.count }
    pins = users.map { _ in 0 }
    lastAccess = pins
    classes = Array(users.indices)
    costs = users.map { _ in 0 }
  }

  /// The steps as computed; `nil` where the limit cannot be kept.
  mutating func order() -> [Int]? {
    for step in 0..<table.count {
      frontier = step
      guard compute(step) else { return nil }
    }
    return computed
  }

  private mutating func compute(_ step: Int) -> Bool {
    for input in table.inputs(of: step) { pins[input] += 1 }
    for input in table.inputs(of: step) where !live.contains(input) {
      guard compute(table.makers[input]) else { return false }
    }
    guard computed.count < 24 * table.count + 4096 else { return false }
    let values = table.values(of: step)
    let dying = step == frontier ? table.inputs(of: step).filter { lastUse[$0] <= step } : []
    var need = table.scratch[step] + bytes(values.filter { !live.contains($0) })
    if let first = values.first, !live.contains(first),
      table.reusable(of: step).contains(where: dying.contains)
    {
      need -= table.bytes[first]
    }
    while bytes(Array(live)) + need > limit {
      let candidates = live.filter {
        table.isEvictable($0) && pins[$0] == 0 && !values.contains($0)
      }
      guard let choice = candidates.min(by: { (score($0), $0) < (score($1), $1) }) else {
        return false
      }
      evict(choice)
    }
    computed.append(step)
    clock += max(1, table.cost[step])
    for input in table.inputs(of: step) { lastAccess[input] = clock }
    for value in values {
      lastAccess[value] = clock
      live.insert(value)
      if evicted.remove(value) != nil { costs[classes[value]] -= cost(value) }
    }
    for value in dying + (step == frontier ? values.filter { lastUse[$0] < 0 } : []) {
      evict(value)
    }
    for input in table.inputs(of: step) { pins[input] -= 1 }
    return true
  }

  private func bytes(_ values: [Int]) -> Int { values.reduce(0) { $0 + table.bytes[$1] } }

  private func cost(_ value: Int) -> Double { Double(table.cost[table.makers[value]]) }

  private mutating func evict(_ value: Int) {
    guard live.remove(value) != nil, value < table.forwardValueCount else { return }
    evicted.insert(value)
    costs[classes[value]] += cost(value)
    for neighbour in neighbours(value) where classes[neighbour] != classes[value] {
      let (kept, left) = (classes[value], classes[neighbour])
      costs[kept] += costs[left]
      for member in classes.indices where classes[member] == left { classes[member] = kept }
    }
  }

  private func neighbours(_ value: Int) -> [Int] {
    (table.inputs(of: table.makers[value]) + users[value].flatMap { table.values(of: $0) })
      .filter(evicted.contains)
  }

  private func score(_ value: Int) -> Double {
    if lastUse[value] < frontier { return -1 }
    let size = Double(table.bytes[value])
    let age = Double(clock - lastAccess[value] + 1)
    switch heuristic {
    case .hDTR:
      return (cost(value) + total(above(value)) + total(below(value))) / (size * age)
    case .hDTREquivalence:
      let around = Set(neighbours(value).map { classes[$0] })
      return around.reduce(cost(value)) { $0 + max(0, costs[$1]) } / (size * age)
    case .lru: return 1 / age
    case .size: return 1 / size
    case .msps: return (cost(value) + total(above(value))) / size
    case .random: return 0
    }
  }

  private func total(_ steps: Set<Int>) -> Double {
    steps.reduce(0) { $0 + Double(table.cost[$1]) }
  }

  private func above(_ value: Int) -> Set<Int> {
    var found: Set<Int> = []
    var open = [table.makers[value]]
    while let next = open.popLast() {
      for input in table.inputs(of: next) where evicted.contains(input) {
        if found.insert(table.makers[input]).inserted { open.append(table.makers[input]) }
      }
    }
    return found
  }

  private func below(_ value: Int) -> Set<Int> {
    var found: Set<Int> = []
    var open = [value]
    while let next = open.popLast() {
      for user in users[next] where !found.contains(user) {
        let made = table.values(of: user).filter(evicted.contains)
        if !made.isEmpty { found.insert(user) }
        open += made
      }
    }
    return found
  }
}
