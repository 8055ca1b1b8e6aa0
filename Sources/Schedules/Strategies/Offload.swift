import Algorithms

/// Moves idle values to a slower tier and back, and replays nothing.
///
/// The order is the plain run's. While the peak is above the budget, a value that lies idle at the
/// peak is moved away for that time: the one read again last, as in Belady 1966 (then the larger).
/// Such a value is written once, right after its last use before the gap, and fetched right before
/// the next.
package struct Offload: Strategy {
  /// Bytes of the schedule in memory, at most, at once.
  package let budget: Int

  /// Plans within this budget, in bytes.
  package init(budget: Int) { self.budget = budget }

  package var lever: Lever { .tier }

  package var spelling: String { Spelling.call("offload", ["budget: \(Spelling.bytes(budget))"]) }

  package var askedBudget: Int? { budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Offload(budget: surroundings.room(of: budget))
  }

  /// Throws `.impossible` with the lowest peak reached, where nothing idle is left to move away.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    var plan = Gaps(StepTable(workload))
    while plan.peak > budget {
      try Planning.checkCancellation()
      guard plan.moveSome() else {
        throw .impossible(budget: budget, least: plan.lowest, isProven: false)
      }
    }
    return Schedule(actions: try Liveness.schedule(plan.moves, in: workload))
  }

  /// The plain run with a growing set of gaps in which values are away.
  private struct Gaps {
    private let table: StepTable
    /// Steps whose values something needs; the others are not run.
    private let isNeeded: [Bool]
    /// Positions at which each value is made or read, ascending; the end counts for results.
    private let uses: [[Int]]
    /// For each value, the uses (by place in `uses`) after which it is away until the next.
    private var away: [Set<Int>]
    private(set) var moves: ActionList = []
    private(set) var peak = 0
    private(set) var lowest = Int.max
    private var peakPosition = 0

    /// The plain run with nothing away.
    init(_ table: StepTable) {
      self.table = table
      isNeeded = Liveness.neededSteps(table)
      var uses = Array(repeating: [Int](), count: table.valueCount)
      for position in 0..<table.count where isNeeded[position] {
        table.forEachInput(of: position) { uses[$0].append(position) }
        for value in table.values(of: position) { uses[value].append(position) }
      }
      for value in 0..<table.valueCount where table.isResult[value] {
        uses[value].append(table.count)
      }
      self.uses = uses
      away = Array(repeating: [], count: table.valueCount)
      build()
    }

    /// Moves away values that are idle at the peak; false where there is none.
    mutating func moveSome() -> Bool {
      var idle: [(value: Int, place: Int, next: Int)] = []
      for value in 0..<table.valueCount where table.bytes[value] > 0 {
        guard table.makers[value] < peakPosition else { break }
        let places = uses[value]
        let after = places.partitioningIndex { $0 >= peakPosition }
        guard after > 0, after < places.count, places[after] > peakPosition,
          !away[value].contains(after - 1)
        else { continue }
        idle.append((value, after - 1, places[after]))
      }
      guard !idle.isEmpty else { return false }
      idle.sort {
        ($0.next, table.bytes[$0.value], -$0.value) > ($1.next, table.bytes[$1.value], -$1.value)
      }
      for choice in idle.prefix(max(1, table.count / 512)) {
        away[choice.value].insert(choice.place)
      }
      build()
      return true
    }

    /// Lays out the moves, and finds the peak and where it is.
    private mutating func build() {
      moves.removeAll(keepingCapacity: true)
      var state = State(table)
      peak = 0
      for position in 0..<table.count where isNeeded[position] {
        fetch(table.inputs(of: position), before: position, &state)
        moves.append(.compute(position, reusing: nil))
        run(position, &state)
      }
      fetch((0..<table.valueCount).filter { table.isResult[$0] }, before: table.count, &state)
      lowest = min(lowest, peak)
    }

    /// Where each value is while the moves are laid out.
    private struct State {
      var isOnTier: [Bool]
      var isAway: [Bool]
      /// The last use of each value so far, by place in `uses`.
      var place: [Int]
      var live = 0

      init(_ table: StepTable) {
        isOnTier = Array(repeating: false, count: table.valueCount)
        isAway = isOnTier
        place = Array(repeating: 0, count: table.valueCount)
      }
    }

    /// Brings back what is away.
    private mutating func fetch(
      _ values: some Sequence<Int>, before position: Int, _ state: inout State
    ) {
      for value in values where state.isAway[value] {
        moves.append(.fetch(value))
        state.isAway[value] = false
        state.live += table.bytes[value]
        note(state.live, position)
      }
    }

    /// Counts one computation, and moves away what is to be away from here on.
    private mutating func run(_ step: Int, _ state: inout State) {
      let (inputs, values) = (table.inputs(of: step), table.values(of: step))
      let dying = inputs.filter { state.place[$0] + 1 == uses[$0].count - 1 }
      let reuses = table.reusable(of: step).contains { dying.contains($0) }
      let new = table.made[step] - (reuses ? table.firstBytes(of: step) : 0)
      note(state.live + new + table.scratch[step], step)
      state.live += table.made[step]
      for value in dying { state.live -= table.bytes[value] }
      for value in inputs { state.place[value] += 1 }
      for value in values where uses[value].count == 1 { state.live -= table.bytes[value] }
      for value in inputs + values where away[value].contains(state.place[value]) {
        if !state.isOnTier[value] { moves.append(.offload(value)) }
        state.isOnTier[value] = true
        state.isAway[value] = true
        state.live -= table.bytes[value]
      }
    }

    private mutating func note(_ total: Int, _ position: Int) {
      guard total > peak else { return }
      peak = total
      peakPosition = position
    }
  }
}

extension Offload {
  /// What the catalogue says of `offload`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "offload",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true)
    ],
    summary: "Moves idle values to a slower tier and back; replays nothing.",
    details: """
      Runs in the order of keep_all. Values that lie idle at the peak are written to the slower \
      tier after their last use and fetched right before the next, those read again last first, \
      until the peak fits. Costs traffic instead of FLOPs. The lowest peak is what a single step \
      needs at once with everything idle moved away.
      """,
    source: "vDNN, Rhu et al. 2016; DeepSpeed ZeRO-Offload, Ren et al. 2021; Belady 1966",
    facts: .init(
      subject: .graph, guarantee: "no replays", planning: "n log n a round",
      paper: "Rhu et al. 2016"),
    example: "gradient wrt net with offload(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in Offload(budget: try OptionReader(options).bytes("budget"))
  }
}
