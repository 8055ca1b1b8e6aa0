import HeapModule

/// What `dtr` evicts next: the live value of lowest score, the lower one of equals.
///
/// Scores are kept as lower bounds in a kinetic tournament. The one that leads is worked out
/// again; where it still leads, no other can be lower. A read or an eviction only raises scores,
/// so that it needs no work here; what a return lowers is worked out at once.
struct EvictionQueue {
  private let table: StepTable
  private let heuristic: DTR.Heuristic
  private var reach: EvictedReach?
  private var classes: EvictedClasses?
  private var tournament: KineticTournament
  /// What is live, and read by no later step of the plain order: goes first, lower numbers first.
  private var dead = Heap<Int>()
  /// For the heuristics without a tournament: who can be chosen.
  private var candidates: [Int] = []

  /// Of each value: whether it can be evicted; whether it is dead; whether it is kept out for now,
  /// because a step that waits reads it; its place among the candidates; when it was last used.
  private var isMember: [Bool]
  private var isDead: [Bool]
  private var isAside: [Bool]
  private var places: [Int]
  private var lastAccess: [Int]
  /// Values that the last step brought back.
  private var returned: [Int] = []
  private var randomState: UInt64 = 0x5EED
  private var scanned = 0

  /// Nothing made yet.
  init(_ table: StepTable, _ heuristic: DTR.Heuristic) {
    self.table = table
    self.heuristic = heuristic
    switch heuristic {
    case .hDTR, .msps: reach = EvictedReach(table, users: table.users())
    case .hDTREquivalence: classes = EvictedClasses(table, users: table.users())
    case .lru, .size, .random: break
    }
    let count = table.forwardValueCount
    tournament = KineticTournament(count, ages: heuristic != .size && heuristic != .msps)
    isMember = Array(repeating: false, count: count)
    isDead = isMember
    isAside = isMember
    places = Array(repeating: -1, count: count)
    lastAccess = Array(repeating: 0, count: count)
  }

  /// Units of work so far.
  var work: Int { tournament.matches + (reach?.visited ?? 0) + scanned }

  /// A value, of any step, is read or made at this time.
  mutating func touch(_ value: Int, _ clock: Int) {
    if value < lastAccess.count { lastAccess[value] = clock }
  }

  /// A forward step's value is in memory from now on.
  mutating func enter(_ value: Int, isDead dead: Bool, _ clock: Int) {
    if let reach, reach.isEvicted[value] { returned.append(value) }
    reach?.enter(value)
    classes?.enter(value)
    guard table.isEvictable(value) else { return }
    isMember[value] = true
    isDead[value] = dead
    add(value, clock)
  }

  /// A forward step's value is in memory no longer.
  mutating func evict(_ value: Int, _ clock: Int) {
    reach?.evict(value)
    classes?.evict(value)
    guard isMember[value] else { return }
    isMember[value] = false
    if isAside[value] {
      isAside[value] = false
    } else {
      drop(value, clock)
    }
  }

  /// Lets a value that was kept out be chosen again.
  mutating func release(_ value: Int, _ clock: Int) {
    guard value < isAside.count, isAside[value] else { return }
    isAside[value] = false
    add(value, clock)
  }

  /// Works out again what a step that was just computed made lower.
  mutating func settle(after step: Int, _ clock: Int) {
    guard !returned.isEmpty else { return }
    for value in reach?.edge(below: returned) ?? [] where hasEntry(value) { update(value, clock) }
    if heuristic == .hDTR {
      for value in table.inputs(of: step) where hasEntry(value) { update(value, clock) }
    }
    returned.removeAll(keepingCapacity: true)
  }

  /// The value to evict; `nil` where there is none but those that are barred.
  mutating func choice(_ clock: Int, isBarred: (Int) -> Bool) -> Int? {
    while let value = dead.popMin() {
      guard isMember[value], isDead[value], !isAside[value] else { continue }
      guard isBarred(value) else { return value }
      isAside[value] = true
    }
    switch heuristic {
    case .hDTR, .lru, .size, .msps:
      while let value = tournament.lowest(clock: clock) {
        if isBarred(value) {
          isAside[value] = true
          tournament.remove(value, clock: clock)
        } else if tournament.has(value, cost: cost(value), since: lastAccess[value]) {
          return value
        } else {
          update(value, clock)
        }
      }
      return nil
    case .hDTREquivalence:
      return scan(clock, isBarred)
    case .random:
      while !candidates.isEmpty {
        randomState = randomState &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let value = candidates[Int(randomState >> 33) % candidates.count]
        guard isBarred(value) else { return value }
        isAside[value] = true
        drop(value, clock)
      }
      return nil
    }
  }

  private mutating func scan(_ clock: Int, _ isBarred: (Int) -> Bool) -> Int? {
    var choice: Int?
    var lowest = Double.infinity
    for value in candidates where !isBarred(value) {
      scanned += 1
      let age = Double(clock &- lastAccess[value] &+ 1)
      let score = cost(value) / (Double(table.bytes[value]) * age)
      guard let before = choice, score > lowest || (score == lowest && value > before) else {
        (choice, lowest) = (value, score)
        continue
      }
    }
    return choice
  }

  private func hasEntry(_ value: Int) -> Bool { isMember[value] && tournament.has(value) }

  /// Gives a value its true score.
  private mutating func update(_ value: Int, _ clock: Int) {
    tournament.set(
      value, cost: cost(value), bytes: size(value), since: lastAccess[value], clock: clock)
  }

  private mutating func add(_ value: Int, _ clock: Int) {
    if isDead[value] {
      dead.insert(value)
    } else if heuristic == .hDTREquivalence || heuristic == .random {
      places[value] = candidates.count
      candidates.append(value)
    } else {
      // Not less than its own step alone: enough until it leads.
      let least = heuristic == .lru || heuristic == .size ? 1 : table.cost[table.makers[value]]
      tournament.set(
        value, cost: Double(least), bytes: size(value), since: lastAccess[value], clock: clock)
    }
  }

  private mutating func drop(_ value: Int, _ clock: Int) {
    guard !isDead[value] else { return }
    if heuristic == .hDTREquivalence || heuristic == .random {
      let last = candidates.removeLast()
      if last != value {
        candidates[places[value]] = last
        places[last] = places[value]
      }
    } else {
      tournament.remove(value, clock: clock)
    }
  }

  private func size(_ value: Int) -> Double {
    heuristic == .lru ? 1 : Double(table.bytes[value])
  }

  /// What stands above the line of a value's score.
  private mutating func cost(_ value: Int) -> Double {
    let own = table.cost[table.makers[value]]
    switch heuristic {
    case .hDTR:
      let ancestors = reach?.ancestors(of: value) ?? 0
      return Double(own + ancestors + (reach?.descendants(of: value) ?? 0))
    case .hDTREquivalence: return classes?.cost(around: value) ?? 0
    case .lru, .size, .random: return 1
    case .msps: return Double(own + (reach?.ancestors(of: value) ?? 0))
    }
  }
}
