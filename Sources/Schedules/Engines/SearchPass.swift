import HeapModule

extension GraphSearch {
  /// One search from the start to the end of a graph.
  struct Pass {
    /// How it ended: the first end reached, if any; `bound` is set where the limit of states ended
    /// it, and then no order costs less.
    struct Outcome {
      var found: (order: [Int], cost: Int)?
      var bound: Int?
      var states: Int
    }

    private struct Entry: Comparable {
      var rank: Int
      var tie: Int
      var node: Int

      static func < (first: Entry, second: Entry) -> Bool {
        (first.rank, first.tie, -first.node) < (second.rank, second.tie, -second.node)
      }
    }

    /// Most that the replays may cost.
    var mostCost = Int.max
    /// Follows so many states of each step only, step by step.
    var width: Int?
    /// Follows the furthest state first, whatever it cost.
    var isDeep = false
    /// The bound at the start; `nil` where nothing fits.
    let root: Int?
    private let graph: SearchGraph
    private let moves: SearchMoves
    private let bound: CoverBound

    /// A pass within a budget in bytes; with `isCostly` the bounds price the replays, else they
    /// only tell what has no order.
    init(_ graph: SearchGraph, budget: Int, isCostly: Bool) throws(ScheduleError) {
      self.graph = graph
      moves = SearchMoves(graph, budget: budget)
      bound = CoverBound(graph, budget: budget, isCostly: isCostly)
      root = bound.bound(next: 0, live: ValueSet())
    }

    /// Runs until an end is reached, nothing is left, or more than `mostStates` states are held.
    ///
    /// Also stops after so many moves a state that may be held.
    func run(mostStates: Int) throws(ScheduleError) -> Outcome {
      var memory = SearchMemory(steps: graph.table.count)
      var heap = Heap<Entry>()
      var followed = Array(repeating: 0, count: graph.table.count + 1)
      func push(_ state: SearchState, spent: Int, parent: Int) {
        var (state, spent) = (state, spent)
        var none: [Int]?
        guard let cost = moves.advance(&state, &none) else { return }
        spent += cost
        guard let rest = bound.bound(next: state.next, live: state.live), spent + rest <= mostCost,
          let node = memory.add(state, spent: isDeep ? 0 : spent, parent: parent)
        else { return }
        heap.insert(
          width != nil
            ? Entry(rank: state.next, tie: spent + rest, node: node)
            : Entry(rank: isDeep ? 0 : spent + rest, tie: -state.next, node: node))
      }
      push(SearchState(next: 0, live: ValueSet()), spent: 0, parent: -1)
      var turns = 0
      var moved = 0
      let mostMoves = Self.movesOfState * mostStates
      while let entry = heap.popMin() {
        let node = memory.nodes[entry.node]
        guard node.isHeld else { continue }
        let next = node.state.next
        if next == graph.table.count {
          return Outcome(
            found: (order(to: entry.node, memory.nodes), node.spent), states: memory.nodes.count)
        }
        followed[next] += 1
        if let width, followed[next] > width { continue }
        turns += 1
        if turns % 64 == 0 { try Planning.checkCancellation() }
        if memory.nodes.count > mostStates, width == nil {
          return Outcome(bound: isDeep ? 0 : entry.rank, states: memory.nodes.count)
        }
        // One state may have very many sets of evictions: they are counted too.
        func mayGoOn() -> Bool {
          moved += 1
          if moved % 256 == 0, Planning.isCancelled { moved = mostMoves }
          return moved < mostMoves
        }
        moves.expand(node.state) { step, after in
          guard mayGoOn() else { return false }
          let spent = node.spent + replay(step, in: node.state)
          guard let rest = bound.bound(next: after.next, live: after.live) else { return false }
          return isDeep || spent + rest <= mostCost
        } visit: { step, state in
          guard mayGoOn() else { return }
          push(state, spent: node.spent + replay(step, in: node.state), parent: entry.node)
        }
        if moved >= mostMoves {
          try Planning.checkCancellation()
          return Outcome(
            bound: isDeep || width != nil ? 0 : entry.rank, states: memory.nodes.count)
        }
      }
      return Outcome(states: memory.nodes.count)
    }

    /// Moves looked at for each state that may be held, on the average.
    private static let movesOfState = 20

    /// What a step costs as a replay; nothing where it runs for the first time.
    private func replay(_ step: Int, in state: SearchState) -> Int {
      step == state.next ? 0 : graph.table.cost[step]
    }

    /// The computations on the way to a node.
    private func order(to end: Int, _ nodes: [SearchMemory.Node]) -> [Int] {
      var path: [Int] = []
      var current = end
      while current >= 0 {
        path.append(current)
        current = Int(nodes[current].parent)
      }
      path.reverse()
      var start = SearchState(next: 0, live: ValueSet())
      var order: [Int]? = []
      _ = moves.advance(&start, &order)
      for (parent, child) in zip(path, path.dropFirst()) {
        var part: [Int]?
        moves.expand(nodes[parent].state) { _, _ in
          part == nil
        } visit: { step, state in
          guard part == nil else { return }
          var state = state
          var computed: [Int]? = [step]
          guard let cost = moves.advance(&state, &computed), state == nodes[child].state else {
            return
          }
          // Several ways may lead there, some of them dearer.
          let spent = nodes[parent].spent + replay(step, in: nodes[parent].state) + cost
          if isDeep || spent == nodes[child].spent { part = computed }
        }
        order?.append(contentsOf: part ?? [])
      }
      return order ?? []
    }
  }
}
