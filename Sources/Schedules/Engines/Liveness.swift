/// Turns an order of computing into a schedule: what nobody reads is not computed, and each value
/// is freed right after its last use.
///
/// A step computed more than once makes an instance of each of its values each time; every read
/// means the latest one. All work is linear in the moves: one scan from the end, where the first
/// read met of an instance is its last use.
package enum Liveness {
  /// The schedule that computes the steps in this order, repeats allowed.
  ///
  /// - Computations none of whose values is read, or a result, are dropped; updates never are.
  /// - Each instance is freed right after its last use, one that nothing reads right after it is
  ///   made; the last instance of a result is not.
  /// - The first result of a step takes over the storage of the first permitted input that the
  ///   step reads for the last time.
  ///
  /// Throws `.cancelled` where the planning is to stop.
  package static func schedule(
    _ computes: [Int], in workload: Workload
  ) throws(ScheduleError) -> ActionList {
    try schedule(
      ActionList(computes.lazy.map { Schedule.Action.compute($0, reusing: nil) }), in: workload)
  }

  /// The same with transfers: an offload that no fetch follows, and a fetch that nothing reads, are
  /// dropped. What is freed, and what is written over, is found here, whatever the moves say.
  package static func schedule(
    _ moves: ActionList, in workload: Workload
  ) throws(ScheduleError) -> ActionList {
    var pace = Planning.Pace()
    var scan = BackwardScan(workload)
    var reversed = ActionList()
    reversed.reserveCapacity(moves.count * 2)
    var fetched = Array(repeating: false, count: workload.valueCount)
    for move in moves.reversed() {
      try pace.count(1)
      switch move {
      case .free: continue
      case .compute(let step, reusing: _):
        guard scan.takes(step) else { continue }
        for value in scan.unread.reversed() { reversed.append(.free(value)) }
        let reused = scan.reused
        for input in scan.dying.reversed() where input != reused { reversed.append(.free(input)) }
        reversed.append(.compute(step, reusing: reused))
      case .offload(let value):
        guard fetched[value] else { continue }
        fetched[value] = false
        if !scan.needed[value] {
          scan.needed[value] = true
          reversed.append(.free(value))
        }
        reversed.append(.offload(value))
      case .fetch(let value):
        guard scan.needed[value] else { continue }
        scan.needed[value] = false
        fetched[value] = true
        reversed.append(.fetch(value))
      }
    }
    reversed.reverse()
    return reversed
  }

  /// For each step, whether a plain run needs it: it is an update, makes a result, or makes what
  /// such a step reads.
  static func neededSteps(_ table: StepTable) -> [Bool] {
    var isRead = table.isResult
    var needed = Array(repeating: false, count: table.count)
    for step in (0..<table.count).reversed()
    where table.phases[step] == .update || table.values(of: step).contains(where: { isRead[$0] }) {
      needed[step] = true
      table.forEachInput(of: step) { isRead[$0] = true }
    }
    return needed
  }

  /// The highest total of the schedule that `schedule(_:in:)` gives, without building it, in bytes.
  static func peak(_ computes: [Int], _ table: StepTable) throws(ScheduleError) -> Int {
    try measure(computes, table).peak
  }

  /// Peak in bytes and FLOPs of the schedule that `schedule(_:in:)` gives, without building it.
  static func measure(
    _ computes: [Int], _ table: StepTable
  ) throws(ScheduleError) -> (peak: Int, cost: Int) {
    var scan = OrderScan(table)
    let figures = try scan.measure(computes)
    return (figures.peak, figures.cost)
  }
}

extension Workload {
  /// For each step, whether an update or a result depends on it: a schedule may leave out the
  /// others.
  package var neededSteps: [Bool] { Liveness.neededSteps(StepTable(self)) }
}

/// The scan from the end of an order that liveness rests on: which values are needed from here on.
private struct BackwardScan {
  private let workload: Workload
  /// True for a value that something after this point reads, or that outlives the run.
  var needed: [Bool]
  /// The inputs that the step just taken reads for the last time, in its order.
  private(set) var dying: [Int] = []
  /// What the step just taken makes and nothing reads.
  private(set) var unread: [Int] = []
  /// The dying input whose storage the step's first result takes over.
  private(set) var reused: Int?

  /// A scan from the end, where the results alone are needed.
  init(_ workload: Workload) {
    self.workload = workload
    needed = workload.steps.lazy.flatMap(\.results).map(\.isResult)
  }

  /// Passes over a computation; false where nothing needs it.
  mutating func takes(_ step: Int) -> Bool {
    let values = workload.values(of: step)
    unread.removeAll(keepingCapacity: true)
    for value in values {
      if !needed[value] { unread.append(value) }
      needed[value] = false
    }
    guard unread.count < values.count || workload.steps[step].phase == .update else {
      return false
    }
    dying.removeAll(keepingCapacity: true)
    for input in workload.steps[step].inputs where !needed[input] {
      needed[input] = true
      dying.append(input)
    }
    reused = nil
    if !dying.isEmpty, let first = workload.steps[step].results.first?.bytes {
      reused = dying.first {
        workload.steps[step].reusable.contains($0) && workload.bytes(of: $0) == first
      }
    }
    return true
  }
}
