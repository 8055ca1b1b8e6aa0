/// Turns an order of computing into a schedule: what nobody reads is not computed, and each value is
/// freed right after its last use.
///
/// A value computed more than once has an instance for each time; every read means the latest one. All work is
/// linear in the moves: one scan from the end, where the first read met of an instance is its last use.
package enum Liveness {
  /// One entry of the order: a computation, or a transfer to or from the slower tier.
  package enum Move: Hashable, Sendable {
    case compute(Int)
    case offload(Int)
    case fetch(Int)
  }

  /// The schedule that computes the steps in this order, repeats allowed.
  ///
  /// - Computations whose value nothing reads, and which are no result, are dropped; updates never are.
  /// - Each instance is freed right after its last use; the last instance of a result is not.
  /// - A step takes over the storage of the first permitted input that it reads for the last time.
  package static func schedule(_ computes: [Int], in workload: Workload) -> [Schedule.Action] {
    actions(computes.map(Move.compute), StepTable(workload))
  }

  /// The same with transfers: an offload that no fetch follows, and a fetch that nothing reads, are dropped.
  package static func schedule(_ moves: [Move], in workload: Workload) -> [Schedule.Action] {
    actions(moves, StepTable(workload))
  }

  static func actions(_ moves: [Move], _ table: StepTable) -> [Schedule.Action] {
    var reversed: [Schedule.Action] = []
    reversed.reserveCapacity(moves.count * 2)
    var needed = table.isResult
    var fetched = Array(repeating: false, count: table.count)
    var dying: [Int] = []
    for move in moves.reversed() {
      switch move {
      case .compute(let step):
        let isUpdate = table.phases[step] == .update
        guard isUpdate || needed[step] else { continue }
        needed[step] = false
        dying.removeAll(keepingCapacity: true)
        table.forEachInput(of: step) { input in
          if !needed[input] {
            needed[input] = true
            dying.append(input)
          }
        }
        let reused = table.reusable(of: step).first { dying.contains($0) }
        for input in dying.reversed() where input != reused { reversed.append(.free(input)) }
        reversed.append(.compute(step, reusing: reused))
      case .offload(let step):
        guard fetched[step] else { continue }
        fetched[step] = false
        if !needed[step] {
          needed[step] = true
          reversed.append(.free(step))
        }
        reversed.append(.offload(step))
      case .fetch(let step):
        guard needed[step] else { continue }
        needed[step] = false
        fetched[step] = true
        reversed.append(.fetch(step))
      }
    }
    reversed.reverse()
    return reversed
  }

  /// For each step, whether a plain run needs it: it is a result, an update, or read by such a step.
  static func needed(_ table: StepTable) -> [Bool] {
    var needed = table.isResult
    for step in (0..<table.count).reversed() {
      if table.phases[step] == .update { needed[step] = true }
      if needed[step] { table.forEachInput(of: step) { needed[$0] = true } }
    }
    return needed
  }

  /// The highest total of the schedule that `schedule(_:in:)` gives, without building it, in bytes.
  static func peak(_ computes: [Int], _ table: StepTable) -> Int {
    measure(computes, table).peak
  }

  /// Peak in bytes and FLOPs of the schedule that `schedule(_:in:)` gives, without building it.
  static func measure(_ computes: [Int], _ table: StepTable) -> (peak: Int, cost: Int) {
    var needed = table.isResult
    var live = 0
    for step in 0..<table.count where needed[step] { live += table.bytes[step] }
    var peak = live
    var cost = 0
    var dying: [Int] = []
    for step in computes.reversed() {
      let isUpdate = table.phases[step] == .update
      guard isUpdate || needed[step] else { continue }
      needed[step] = false
      cost &+= table.cost[step]
      dying.removeAll(keepingCapacity: true)
      var freed = 0
      table.forEachInput(of: step) { input in
        if !needed[input] {
          needed[input] = true
          dying.append(input)
          freed += table.bytes[input]
        }
      }
      let own = isUpdate ? 0 : table.bytes[step]
      let reuses = table.reusable(of: step).contains { dying.contains($0) }
      peak = max(peak, live + freed - (reuses ? own : 0) + table.scratch[step])
      live += freed - own
    }
    return (max(peak, live), cost)
  }
}
