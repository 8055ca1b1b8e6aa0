/// The moves of a search over a graph, so few that the cheapest order is still among them.
///
/// - *Late evictions.* A value is evicted only right before a computation that does not fit, and a
///   set of evictions has no member to spare: others can wait, as more in memory never hurts.
/// - *Steps that have to come.* What the next step needs and is not there has to run again before
///   it, and runs, where everything that is missing fits at once, without anything to choose.
/// - *Late replays.* A step that runs again before the next step needs it has a reason to do so: it
///   is read by a computation before that, or an input of it is evicted, or it would not fit later,
///   or may not run later. Otherwise it could trade places with what follows. `SearchState.due` are
///   the steps that have yet to show their reason.
struct SearchMoves: Sendable {
  /// What is searched.
  let graph: SearchGraph
  /// Bytes that may be live at once.
  let budget: Int

  /// The moves within a budget in bytes.
  init(_ graph: SearchGraph, budget: Int) {
    self.graph = graph
    self.budget = budget
  }

  /// Runs on while nothing has to be chosen: passes over steps that nothing needs, forgets what can
  /// serve no more, and runs the next step, after replays of what it needs, where all of that fits
  /// and whatever else could be replayed now would fit beside it.
  ///
  /// Adds the steps that run to `computed`. Gives the cost of the replays; `nil` where no order
  /// leads on.
  @inline(__always)
  func advance(_ state: inout SearchState, _ computed: inout [Int]?) -> Int? {
    var cost = 0
    while true {
      while state.next < graph.table.count, !graph.isNeeded[state.next] { state.next += 1 }
      state.live.formIntersection(graph.useful[state.next])
      guard state.next < graph.table.count else { return cost }
      guard
        let demand = graph.missing(
          of: graph.inputs[state.next], live: state.live, next: state.next),
        let wanted = graph.missing(of: graph.read[state.next], live: state.live, next: state.next)
      else { return nil }
      guard isLoose(state, demand.values, wanted.values) else { return cost }
      if !state.due.isEmpty { return nil }
      state.live.formUnion(demand.values)
      cost += demand.cost
      if computed != nil {
        var last = -1
        demand.values.visitAll { value in
          let step = graph.table.makers[value]
          if step != last { computed?.append(step) }
          last = step
        }
        computed?.append(state.next)
      }
      state.live.formUnion(graph.values[state.next])
      state.next += 1
    }
  }

  /// Whether the next step and all that it needs can run with everything else that is missing in
  /// memory too, and that can be made again after it as well as before.
  @inline(__always)
  private func isLoose(_ state: SearchState, _ demand: ValueSet, _ wanted: ValueSet) -> Bool {
    let table = graph.table
    let step = state.next
    let all = state.live.union(demand).union(wanted)
    let total = graph.bytes(all)
    let reused =
      graph.reusable[step].subtracting(graph.useful[step + 1]).isEmpty
      ? 0 : table.firstBytes(of: step)
    guard total + table.made[step] - reused + table.scratch[step] <= budget else { return false }
    let after = graph.bytes(
      all.union(graph.values[step]).intersection(graph.useful[step + 1]).union(wanted))
    var (isLoose, last) = (true, -1)
    demand.union(wanted).visitAll { value in
      let maker = table.makers[value]
      if maker == last { return }
      last = maker
      if total + table.scratch[maker] > budget { isLoose = false }
      if demand.contains(value) { return }
      if step >= graph.lastRepeat[maker] || after + table.scratch[maker] > budget {
        isLoose = false
      }
    }
    return isLoose
  }

  /// Calls `visit` with each state that one computation leads to, and its step; evictions for it
  /// are followed only while `isWorth` holds of what they leave.
  func expand(
    _ state: SearchState, isWorth: (Int, SearchState) -> Bool, visit: (Int, SearchState) -> Void
  ) {
    guard
      let demand = graph.missing(of: graph.inputs[state.next], live: state.live, next: state.next),
      let wanted = graph.missing(of: graph.read[state.next], live: state.live, next: state.next)
    else { return }
    func run(_ step: Int, isForced: Bool) {
      var run = Run(step, state, self, isForced: isForced)
      run.leave(isWorth, visit)
    }
    if demand.values.isEmpty { run(state.next, isForced: true) }
    var last = -1
    demand.values.union(wanted.values).visitAll { value in
      let step = graph.table.makers[value]
      if step == last { return }
      last = step
      guard state.live.isSuperset(of: graph.inputs[step]) else { return }
      run(step, isForced: demand.values.contains(value))
    }
  }

  /// One step run in a state: in what fits, or with the least evictions.
  private struct Run {
    private let moves: SearchMoves
    private let step: Int
    private let state: SearchState
    private let isForced: Bool
    /// What is there afterwards, before evictions.
    private var after: SearchState
    /// Bytes too many.
    private var excess: Int
    /// Inputs that are of use still, and that the result may take the place of.
    private var reusable: ValueSet
    /// What may be evicted, larger ones first, and the bytes from each on.
    private var choices: [(bytes: Int, value: Int)] = []
    private var sums: [Int] = []

    init(_ step: Int, _ state: SearchState, _ moves: SearchMoves, isForced: Bool) {
      let graph = moves.graph
      let table = graph.table
      self.moves = moves
      self.step = step
      self.state = state
      self.isForced = isForced
      let new = graph.values[step].subtracting(state.live)
      after = state
      after.live.formUnion(new)
      if step == state.next { after.next += 1 }
      // A first result that is there may be evicted first, and then takes over an input's storage.
      let isReusing = table.values(of: step).first.map {
        !state.live.contains($0) || graph.evictable.contains($0)
      }
      reusable = isReusing == true ? graph.reusable[step] : ValueSet()
      excess =
        graph.bytes(state.live) + graph.bytes(new) + table.scratch[step] - moves.budget
      if !reusable.subtracting(graph.useful[after.next]).isEmpty {
        excess -= table.firstBytes(of: step)
        reusable = ValueSet()
      }
      reusable.formIntersection(graph.evictable)
    }

    mutating func leave(
      _ isWorth: (Int, SearchState) -> Bool, _ visit: (Int, SearchState) -> Void
    ) {
      if excess <= 0 { return end(ValueSet(), visit) }
      let graph = moves.graph
      var candidates = state.live.intersection(graph.evictable)
      candidates.subtract(graph.inputs[step])
      candidates.subtract(graph.values[step])
      state.due.visitAll {
        if graph.table.values(of: $0).count == 1 { candidates.subtract(graph.values[$0]) }
      }
      var choices: [(bytes: Int, value: Int)] = []
      candidates.visitAll { value in
        if graph.table.bytes[value] > 0 { choices.append((graph.table.bytes[value], value)) }
      }
      choices.sort { $0 > $1 }
      sums = Array(repeating: 0, count: choices.count + 1)
      for place in choices.indices.reversed() {
        sums[place] = sums[place + 1] + choices[place].bytes
      }
      self.choices = choices
      choose(from: 0, ValueSet(), excess, nil, isWorth, visit)
      reusable.visitAll {
        choose(from: 0, ValueSet([$0]), excess - graph.table.bytes[$0], $0, isWorth, visit)
      }
    }

    /// Evicts until `left` bytes are freed: no set with a member to spare, each set once.
    private func choose(
      from first: Int, _ evicted: ValueSet, _ left: Int, _ reused: Int?,
      _ isWorth: (Int, SearchState) -> Bool, _ visit: (Int, SearchState) -> Void
    ) {
      if left <= 0 {
        // Where it fits without the reuse too, nothing is taken over.
        if let reused, left + moves.graph.table.bytes[reused] <= 0 { return }
        return end(evicted, visit)
      }
      var place = first
      while place < choices.count, sums[place] >= left {
        var more = evicted
        more.insert(choices[place].value)
        let bytes = choices[place].bytes
        place += 1
        if bytes < left {
          var rest = after
          rest.live.subtract(more)
          guard isWorth(step, rest) else { continue }
        }
        choose(from: place, more, left - bytes, reused, isWorth, visit)
      }
    }

    /// Hands on the state after evictions, unless a replay that nothing needs yet has shown no
    /// reason to have come before this step.
    private func end(_ evicted: ValueSet, _ visit: (Int, SearchState) -> Void) {
      let graph = moves.graph
      var child = after
      child.live.subtract(evicted)
      if !state.due.isEmpty {
        let left = child.live.intersection(graph.useful[child.next])
        child.due.filter { due in
          graph.inputs[due].isDisjoint(with: evicted)
            && graph.values[due].isDisjoint(with: graph.inputs[step])
            && graph.bytes(left.union(graph.values[due])) + graph.table.scratch[due]
              <= moves.budget
            && child.next <= graph.lastRepeat[due]
        }
        if isForced, !child.due.isEmpty { return }
      }
      if !isForced { child.due.add(step) }
      visit(step, child)
    }
  }
}
