import Testing

@testable import Schedules

private let workloads: [Workload] = [
  Workloads.dense(5), Workloads.recorded(5), Workloads.randomChain(8, seed: 3),
  Workloads.random(9, seed: 1), Workloads.random(12, seed: 7),
]

/// Every strategy that takes a budget, by name.
private let budgeted = Catalogue.entries.filter { entry in
  entry.name != "exact" && entry.options.contains { $0.name == "budget" }
}.map(\.name)

private enum Outcome {
  case plan(Schedule)
  case refusal(ScheduleError)
}

private func plan(_ name: String, _ budget: Int, _ workload: Workload) -> Outcome {
  do {
    let strategy = try Catalogue.make(name, ["budget": .bytes(budget)])
    return .plan(try strategy.schedule(workload))
  } catch {
    return .refusal(error)
  }
}

@Test(arguments: budgeted, workloads.indices)
func `a tighter budget never peaks higher, and the least is feasible`(
  name: String, number: Int
) throws {
  let workload = workloads[number]
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload).peak
  var last = Int.max
  var lastPrice = 0.0
  var least: Int?
  for budget in stride(from: plain + 8, through: 0, by: -max(1, plain / 40)) {
    let outcome = plan(name, budget, workload)
    guard case .plan(let schedule) = outcome else {
      guard case .refusal(.impossible(let asked, let reached, let isProven)) = outcome else {
        break
      }
      #expect(asked == budget)
      #expect(!isProven)
      #expect(reached > budget)
      least = reached
      break
    }
    let rehearsal = try Rehearsal.of(schedule, workload)
    #expect(rehearsal.peak <= budget)
    #expect(rehearsal.peak <= last)
    let price = rehearsal.price(transfer: Auto.defaultTransfer)
    #expect(price >= lastPrice)
    last = rehearsal.peak
    lastPrice = price
  }
  let reached = try #require(least)
  guard case .plan(let schedule) = plan(name, reached, workload) else {
    Issue.record("the least budget is refused")
    return
  }
  #expect(try Rehearsal.of(schedule, workload).peak == reached)
  guard case .refusal(let error) = plan(name, reached - 1, workload) else {
    Issue.record("one byte less than the least is accepted")
    return
  }
  #expect(error == .impossible(budget: reached - 1, least: reached, isProven: false))
}
