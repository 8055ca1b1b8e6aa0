import HeapModule

@testable import Schedules

/// The least price of a small workload under a budget, over all schedules that first run the
/// steps in the workload's order, and replay forward steps, free, move and fetch as they like: by
/// trying all of them, the cheapest first. Written for the tests, without anything of the planners.
struct LeastPrice {
  /// Replayed FLOPs and the worth of transfers; `nil` where no schedule fits.
  let price: Double?

  private struct Entry: Comparable {
    let cost: Double
    let state: State
    static func < (one: Entry, other: Entry) -> Bool { one.cost < other.cost }
  }

  /// Where a run stands.
  private struct State: Hashable {
    /// The step that runs next for the first time.
    var next = 0
    /// Values in memory, and on the slower tier.
    var live: UInt32 = 0
    var tier: UInt32 = 0
  }

  init(_ workload: Workload, budget: Int, transfer: Double) {
    let values = 0..<workload.valueCount
    let bytes = values.map { workload.value($0).bytes }
    let results = values.reduce(UInt32(0)) { $0 | (workload.value($1).isResult ? 1 << $1 : 0) }
    func mask(_ values: some Sequence<Int>) -> UInt32 { values.reduce(0) { $0 | 1 << UInt32($1) } }
    func total(_ mask: UInt32) -> Int {
      values.reduce(0) { $0 + (mask >> UInt32($1) & 1 == 1 ? bytes[$1] : 0) }
    }
    let needed = workload.neededSteps
    let steps = workload.steps.indices.filter { needed[$0] }
    let plain = steps.reduce(0) { $0 + workload.steps[$1].cost }
    var queue = Heap([Entry(cost: 0, state: State())])
    var best = [State(): 0.0]
    func push(_ cost: Double, _ state: State) {
      guard cost < best[state] ?? .infinity else { return }
      best[state] = cost
      queue.insert(Entry(cost: cost, state: state))
    }
    while let entry = queue.popMin() {
      let state = entry.state
      guard best[state] == entry.cost else { continue }
      if state.next == steps.count, state.live & results == results {
        price = entry.cost - Double(plain)
        return
      }
      let held = total(state.live)
      for (place, number) in steps.prefix(state.next + 1).enumerated() {
        let step = workload.steps[number]
        let made = mask(workload.values(of: number))
        let inputs = mask(step.inputs)
        guard state.live & inputs == inputs, state.live & made != made,
          place == state.next || step.phase == .forward && made & results == 0
        else { continue }
        var after = state
        after.live |= made
        after.next = max(state.next, place + 1)
        let cost = entry.cost + Double(step.cost)
        if total(after.live) + step.scratch <= budget { push(cost, after) }
        for input in step.reusable where bytes[input] == step.results[0].bytes {
          let peak = total(after.live) - bytes[input] + step.scratch
          guard peak <= budget else { continue }
          var reused = after
          reused.live &= ~(1 << UInt32(input))
          push(cost, reused)
        }
      }
      for value in values {
        let bit = UInt32(1) << UInt32(value)
        let moved = entry.cost + transfer * Double(bytes[value])
        var after = state
        if state.live & bit != 0 {
          after.live &= ~bit
          push(entry.cost, after)
          after.live |= bit
          after.tier |= bit
          if state.tier & bit == 0 { push(moved, after) }
        } else if state.tier & bit != 0, held + bytes[value] <= budget {
          after.live |= bit
          push(moved, after)
        }
      }
    }
    price = nil
  }
}
