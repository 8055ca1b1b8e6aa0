import Testing

@testable import Schedules

private let workloads: [Workload] =
  (0..<6).map { Workloads.random(8 + $0, seed: UInt64($0)) }
  + (0..<6).map { Workloads.random(8 + $0, seed: UInt64($0) + 100, mostResults: 3) }
  + (0..<6).map { RandomNets.net(least: 30, seed: UInt64($0)) }

@Test func `what a removal is said to exceed is never more than it comes to`() throws {
  var said = 0
  var silent = 0
  for workload in workloads {
    for transfer in [nil, 0.25] {
      let table = StepTable(workload, transfer: transfer)
      for point in try RetentionLevels.plans(of: workload, table).points {
        var scan = OrderScan(table)
        let order = try scan.compacted(point.plan)
        let bound = try RemovalBound(order, from: order.map { _ in false }, table, &scan)
        var isDone: Set<Int> = []
        for (place, step) in order.enumerated() {
          guard step >= table.count || !isDone.insert(step).inserted else { continue }
          var rest = order
          rest.remove(at: place)
          let peak = try scan.measure(rest).peak
          // Whatever the budget, the bound is never above the peak; it is found by bisection.
          var (low, high) = (0, peak)
          var work = 0
          #expect(!bound.exceeds(peak, without: place, &work))
          while low < high {
            let middle = (low + high) / 2
            let isAbove = bound.exceeds(middle, without: place, &work)
            (low, high) = isAbove ? (middle + 1, high) : (low, middle)
          }
          if low > point.peak { said += 1 } else { silent += 1 }
        }
      }
    }
  }
  // It is worth having: often it tells that the order's own peak cannot be kept.
  #expect(said > silent / 4)
}

@Test func `what strategies remember of a workload changes no plan`() throws {
  for workload in workloads.suffix(4) {
    let peak = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
    let memo = Planning.Memo()
    for budget in [peak / 2, peak * 3 / 4, peak * 3 / 4] {
      let strategies: [any Strategy] = [
        Moccasin(budget: budget), POET(budget: budget), Optimal(budget: budget),
        Auto(budget: budget),
      ]
      for strategy in strategies {
        func actions() -> ActionList? { try? strategy.schedule(workload).actions }
        #expect(Planning.$memo.withValue(memo) { actions() } == actions())
      }
    }
    // Another workload is planned by itself.
    let other = workload.withSteps { _, step in step.scratch += 1 }
    let moccasin = Moccasin(budget: peak / 2)
    #expect(
      Planning.$memo.withValue(memo) { try? moccasin.schedule(other).actions }
        == (try? moccasin.schedule(other).actions))
  }
}
