/// Moves idle values to a slower tier and back, and replays nothing.
///
/// The order is the plain run's. While the peak is above the budget, a value that lies idle at the peak is
/// moved away for that time: the one read again last, as in Belady 1966 (then the larger). Such a value is written once,
/// right after its last use before the gap, and fetched right before the next.
package struct Offload: Strategy {
  package let budget: Int

  package init(budget: Int) { self.budget = budget }

  package var spelling: String { Spelling.call("offload", ["budget: \(Spelling.bytes(budget))"]) }

  package var askedBudget: Int? { budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Offload(budget: surroundings.room(of: budget))
  }

  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    var plan = Gaps(StepTable(workload))
    while plan.peak > budget {
      try Planning.checkCancellation()
      guard plan.moveSome() else { throw .impossible(budget: budget, least: plan.lowest) }
    }
    return Schedule(actions: Liveness.schedule(plan.moves, in: workload))
  }

  /// The plain run with a growing set of gaps in which values are away.
  private struct Gaps {
    private let table: StepTable
    /// Steps whose value something needs; the others are not run.
    private let isNeeded: [Bool]
    /// Positions at which each value is made or read, ascending; the end counts for results.
    private let uses: [[Int]]
    /// For each step, the uses (by place in `uses`) after which it is away until the next.
    private var away: [Set<Int>]
    private(set) var moves: [Liveness.Move] = []
    private(set) var peak = 0
    private(set) var lowest = Int.max
    private var peakPosition = 0

    init(_ table: StepTable) {
      self.table = table
      isNeeded = Liveness.needed(table)
      var uses = Array(repeating: [Int](), count: table.count)
      for position in 0..<table.count where isNeeded[position] {
        table.forEachInput(of: position) { uses[$0].append(position) }
        uses[position].append(position)
      }
      for step in 0..<table.count where table.isResult[step] { uses[step].append(table.count) }
      self.uses = uses
      away = Array(repeating: [], count: table.count)
      build()
    }

    /// Moves away values that are idle at the peak; false where there is none.
    mutating func moveSome() -> Bool {
      var idle: [(step: Int, place: Int, next: Int)] = []
      for step in 0..<min(peakPosition, table.count)
      where table.bytes[step] > 0 && table.phases[step] != .update {
        let places = uses[step]
        guard let place = Self.lastIndex(in: places, below: peakPosition),
          place + 1 < places.count, places[place + 1] > peakPosition, !away[step].contains(place)
        else { continue }
        idle.append((step, place, places[place + 1]))
      }
      guard !idle.isEmpty else { return false }
      idle.sort {
        ($0.next, table.bytes[$0.step], -$0.step) > ($1.next, table.bytes[$1.step], -$1.step)
      }
      for choice in idle.prefix(max(1, table.count / 512)) {
        away[choice.step].insert(choice.place)
      }
      build()
      return true
    }

    /// The last place whose position is below `bound`.
    private static func lastIndex(in places: [Int], below bound: Int) -> Int? {
      var low = 0
      var high = places.count
      while low < high {
        let middle = (low + high) / 2
        if places[middle] < bound { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? nil : low - 1
    }

    /// Lays out the moves, and finds the peak and where it is.
    private mutating func build() {
      moves.removeAll(keepingCapacity: true)
      var isOnTier = Array(repeating: false, count: table.count)
      var isAway = Array(repeating: false, count: table.count)
      var place = Array(repeating: 0, count: table.count)
      var live = 0
      peak = 0
      for position in 0...table.count {
        let returning =
          position < table.count && isNeeded[position]
          ? Array(table.inputs(of: position))
          : (0..<table.count).filter { position == table.count && table.isResult[$0] }
        for step in returning where isAway[step] {
          moves.append(.fetch(step))
          isAway[step] = false
          live += table.bytes[step]
          note(live, position)
        }
        guard position < table.count else { break }
        guard isNeeded[position] else { continue }
        moves.append(.compute(position))
        let dying = table.inputs(of: position).filter { place[$0] + 1 == uses[$0].count - 1 }
        let own = table.phases[position] == .update ? 0 : table.bytes[position]
        let reuses = table.reusable(of: position).contains { dying.contains($0) }
        note(live + (reuses ? 0 : own) + table.scratch[position], position)
        live += own
        for step in dying { live -= table.bytes[step] }
        for step in table.inputs(of: position) { place[step] += 1 }
        if uses[position].count == 1 {
          live -= own
          continue
        }
        for step in table.inputs(of: position) + [position] where away[step].contains(place[step]) {
          if !isOnTier[step] { moves.append(.offload(step)) }
          isOnTier[step] = true
          isAway[step] = true
          live -= table.bytes[step]
        }
      }
      lowest = min(lowest, peak)
    }

    private mutating func note(_ total: Int, _ position: Int) {
      guard total > peak else { return }
      peak = total
      peakPosition = position
    }
  }
}

extension Offload {
  static let entry = Catalogue.Entry(
    name: "offload",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true)
    ],
    summary: "Moves idle values to a slower tier and back; replays nothing.",
    details: """
      Runs in the order of keep_all. Values that lie idle at the peak are written to the slower tier after their last use and \
      fetched right before the next, those read again last first, until the peak fits. Costs traffic instead of FLOPs. The \
      lowest peak is what a single step needs at once with everything idle moved away.
      """,
    source: "vDNN, Rhu et al. 2016; DeepSpeed ZeRO-Offload, Ren et al. 2021; Belady 1966",
    example: "gradient wrt net with offload(budget: 256 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in Offload(budget: try OptionReader(options).bytes("budget"))
  }
}
