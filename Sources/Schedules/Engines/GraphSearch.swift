import HeapModule

/// A search for the cheapest replays of a graph under a budget: A* over what is in memory.
///
/// A state is the next step of the plain order and the set of live values. Moves: run that step;
/// run a forward step again; evict a forward value, where something that could run does not fit.
/// The lower bound of what is left is the cost of all steps that made values which are not live and
/// that a later step reads, and of what bringing them back needs that is not live either: each has
/// to run at least once more. The bound is consistent, so the first end reached is optimal.
struct GraphSearch {
  /// How a search ends.
  enum Result {
    case found(order: [Int], cost: Int)
    /// No order keeps the budget and the cost.
    case exhausted
    /// More states would be held than allowed; no order costs less than the bound.
    case stopped(bound: Int)
  }

  /// Most steps, and most values, of a graph that is searched.
  static let mostSteps = 256

  private let table: StepTable
  /// Of each step.
  private let isNeeded: [Bool]
  /// The last step of the plain order that reads each value; `count` for results.
  private let lastUse: [Int]
  /// The last step of the plain order for which each value may serve, through replays too.
  private let lastUseful: [Int]
  /// A forward step may run again while the next step is at most this one: later an update has
  /// changed what it reads.
  private let lastRepeat: [Int]
  /// For each next step: the values that may serve still.
  private let useful: [ValueSet]
  /// For each next step: the values made before it that a later step reads.
  private let read: [ValueSet]
  /// For each next step: the values that a forward step before it made and that may serve still.
  private let repeatable: [ValueSet]

  /// Prepares the search of a workload, whose steps and values number at most `mostSteps`; the
  /// table is the workload's.
  init(_ workload: Workload, _ table: StepTable) {
    self.table = table
    isNeeded = Liveness.neededSteps(table)
    var lastUse = Array(repeating: -1, count: table.valueCount)
    for step in 0..<table.count where isNeeded[step] {
      table.forEachInput(of: step) { lastUse[$0] = step }
    }
    for value in 0..<table.valueCount where table.isResult[value] { lastUse[value] = table.count }
    var lastUseful = lastUse
    for step in (0..<table.forwardCount).reversed() where isNeeded[step] {
      let last = table.values(of: step).map { lastUseful[$0] }.max() ?? -1
      table.forEachInput(of: step) { lastUseful[$0] = max(lastUseful[$0], last) }
    }
    var lastRepeat = Array(repeating: table.count, count: table.count)
    var firstWriter: [Int: Int] = [:]
    for (number, step) in workload.steps.enumerated() {
      if let target = step.writes, firstWriter[target] == nil { firstWriter[target] = number }
    }
    for step in 0..<table.forwardCount {
      for target in workload.steps[step].reads {
        lastRepeat[step] = min(lastRepeat[step], firstWriter[target] ?? table.count)
      }
    }
    self.lastUse = lastUse
    self.lastUseful = lastUseful
    self.lastRepeat = lastRepeat
    var (useful, read, repeatable) = ([ValueSet](), [ValueSet](), [ValueSet]())
    for next in 0...table.count {
      var sets = (ValueSet(), ValueSet(), ValueSet())
      for value in 0..<table.valueCount {
        let maker = table.makers[value]
        let isMade = maker < next && isNeeded[maker]
        if lastUseful[value] >= next {
          sets.0.insert(value)
          if isMade, maker < table.forwardCount { sets.2.insert(value) }
        }
        if isMade, lastUse[value] >= next { sets.1.insert(value) }
      }
      useful.append(sets.0)
      read.append(sets.1)
      repeatable.append(sets.2)
    }
    (self.useful, self.read, self.repeatable) = (useful, read, repeatable)
  }

  /// What one step needs at the least, in bytes: its inputs, what it makes and its scratch.
  var leastBudget: Int {
    (0..<table.count).reduce(0) { most, step in
      guard isNeeded[step] else { return most }
      let inputs = table.inputs(of: step).reduce(0) { $0 + table.bytes[$1] }
      let reused = table.reusable(of: step).isEmpty ? 0 : table.firstBytes(of: step)
      return max(most, inputs + table.made[step] - reused + table.scratch[step])
    }
  }

  private struct State: Hashable {
    var next: Int
    var live: ValueSet
  }

  private struct Node {
    var state: State
    var spent: Int
    var parent: Int
    /// The step that was computed to get here; −1 for an eviction.
    var computed: Int
  }

  private struct Entry: Comparable {
    var total: Int
    var next: Int
    var node: Int

    static func < (first: Entry, second: Entry) -> Bool {
      (first.total, -first.next, -first.node) < (second.total, -second.next, -second.node)
    }
  }

  /// The cheapest order whose replays cost at most `mostCost` and whose peak fits; with `anyCost`,
  /// some order that fits.
  ///
  /// Stops once it holds more than `mostStates` states: a count, so that the answer is the same on
  /// every machine.
  func search(
    budget: Int, mostCost: Int = .max, anyCost: Bool = false, mostStates: Int
  ) throws(ScheduleError) -> Result {
    var nodes: [Node] = []
    var best: [State: Int] = [:]
    var heap = Heap<Entry>()
    func push(_ state: State, spent: Int, parent: Int, computed: Int) {
      var state = state
      skip(&state)
      if let known = best[state], known <= spent { return }
      guard let rest = bound(state), spent + rest <= mostCost else { return }
      best[state] = spent
      nodes.append(Node(state: state, spent: spent, parent: parent, computed: computed))
      heap.insert(
        Entry(total: anyCost ? 0 : spent + rest, next: state.next, node: nodes.count - 1))
    }
    push(State(next: 0, live: ValueSet()), spent: 0, parent: -1, computed: -1)
    var turns = 0
    while let entry = heap.popMin() {
      let node = nodes[entry.node]
      if let known = best[node.state], known < node.spent { continue }
      if node.state.next == table.count {
        return .found(order: order(entry.node, nodes), cost: node.spent)
      }
      turns += 1
      if turns % 256 == 0 { try Planning.checkCancellation() }
      if nodes.count > mostStates {
        return .stopped(bound: anyCost ? 0 : entry.total)
      }
      expand(node, budget) { state, cost, computed in
        push(state, spent: node.spent + cost, parent: entry.node, computed: computed)
      }
    }
    return .exhausted
  }

  private func order(_ end: Int, _ nodes: [Node]) -> [Int] {
    var order: [Int] = []
    var current = end
    while current >= 0 {
      if nodes[current].computed >= 0 { order.append(nodes[current].computed) }
      current = nodes[current].parent
    }
    return order.reversed()
  }

  /// Passes over steps that nothing needs, and forgets values that can serve no more.
  private func skip(_ state: inout State) {
    while state.next < table.count, !isNeeded[state.next] { state.next += 1 }
    state.live.formIntersection(useful[state.next])
  }

  private func expand(_ node: Node, _ budget: Int, _ visit: (State, Int, Int) -> Void) {
    let state = node.state
    let members = state.live.members
    let live = members.reduce(0) { $0 + table.bytes[$1] }
    var isTight = false
    func run(_ step: Int, next: Int, cost: Int) {
      guard table.inputs(of: step).allSatisfy({ state.live.contains($0) }) else { return }
      var after = State(next: next, live: state.live)
      var own = 0
      for value in table.values(of: step) where !state.live.contains(value) {
        own += table.bytes[value]
        after.live.insert(value)
      }
      let total = live + own + table.scratch[step]
      let reused = table.firstBytes(of: step)
      var isReusing = false
      for input in reusable(by: step, in: state) {
        let isDead = lastUseful[input] < next
        guard isDead || input < table.forwardValueCount || lastUse[input] < next else { continue }
        isReusing = isReusing || isDead
        guard total - reused <= budget else { continue }
        var without = after
        without.live.remove(input)
        visit(without, cost, step)
      }
      if total <= budget {
        visit(after, cost, step)
      } else if !isReusing || total - reused > budget {
        isTight = true
      }
    }
    run(state.next, next: state.next + 1, cost: 0)
    var last = -1
    for value in repeatable[state.next].subtracting(state.live).members {
      let step = table.makers[value]
      if step == last || state.next > lastRepeat[step] { continue }
      last = step
      run(step, next: state.next, cost: table.cost[step])
    }
    guard isTight else { return }
    for value in members where value < table.forwardValueCount && !table.isResult[value] {
      var after = state
      after.live.remove(value)
      visit(after, 0, -1)
    }
  }

  /// Inputs whose storage the first result of a step may take over: none where it is live.
  private func reusable(by step: Int, in state: State) -> [Int] {
    let values = table.values(of: step)
    guard let first = values.first, !state.live.contains(first) else { return [] }
    return table.reusable(of: step).filter { !table.isResult[$0] }
  }

  /// Cost of what has to run again at the least; `nil` where that is not possible.
  private func bound(_ state: State) -> Int? {
    var sum = 0
    var wanted = read[state.next].subtracting(state.live)
    var last = -1
    while let value = wanted.popHighest() {
      let step = table.makers[value]
      // What a step makes is numbered in a row, and what it reads is numbered lower.
      if step == last { continue }
      last = step
      guard step < table.forwardCount, state.next <= lastRepeat[step] else { return nil }
      sum += table.cost[step]
      table.forEachInput(of: step) { if !state.live.contains($0) { wanted.insert($0) } }
    }
    return sum
  }
}
