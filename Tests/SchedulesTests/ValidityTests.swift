import Testing

@testable import Schedules

/// One call of every strategy, or several, with budgets that fit the workload.
func calls(for workload: Workload) throws -> [any Strategy] {
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  var strategies: [any Strategy] = []
  for entry in Catalogue.entries {
    var options: [String: Catalogue.OptionValue] = [:]
    for option in entry.options where option.isRequired || option.name == "budget" {
      switch option.kind {
      case .integer: options[option.name] = .integer(3)
      case .bytes: options[option.name] = .bytes(plain.peak)
      case .number: options[option.name] = .number(2)
      case .word(let words): options[option.name] = .word(words[0])
      case .words: options[option.name] = .words(["matmul"])
      }
    }
    if entry.options.contains(where: { $0.name == "ops" }) { options["ops"] = .words(["matmul"]) }
    strategies.append(try Catalogue.make(entry.name, options))
    if entry.options.contains(where: { $0.name == "stages" }) {
      options["stages"] = .word("operations")
      strategies.append(try Catalogue.make(entry.name, options))
    }
  }
  return strategies
}

private let workloads: [Workload] =
  [Workloads.uniform(1), Workloads.uniform(9), Workloads.recorded(6), Workloads.dense(7)]
  + (0..<6).map { Workloads.randomChain(5 + 3 * $0, seed: UInt64($0)) }
  + (0..<24).map { Workloads.random(3 + $0, seed: UInt64($0)) }
  + (0..<24).map { Workloads.random(3 + $0, seed: UInt64($0) + 100, mostResults: 3) }

@Test(arguments: workloads.indices)
func `every strategy gives a legal schedule that computes every backward step once`(
  number: Int
) throws {
  let workload = workloads[number]
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  for strategy in try calls(for: workload) {
    let schedule = try strategy.schedule(workload)
    let rehearsal = try Rehearsal.of(schedule, workload)
    #expect(rehearsal.backwardSteps == plain.backwardSteps, "\(strategy.spelling)")
    #expect(rehearsal.forwardSteps >= 1)
    #expect(SimpleRehearsal(schedule, workload) == SimpleRehearsal(rehearsal))
    #expect(rehearsal.timeline.count == schedule.actions.count)
    #expect(rehearsal.timeline.allSatisfy { $0.during.total >= $0.after.total })
    if let plan = schedule.chain { try plan.check() }
  }
}

@Test(arguments: workloads.indices)
func `the peak without a schedule equals the rehearsed one`(number: Int) throws {
  let workload = workloads[number]
  let order = Array(workload.steps.indices)
  let rehearsal = try Rehearsal.of(
    Schedule(actions: try Liveness.schedule(order, in: workload)), workload)
  #expect(try Liveness.peak(order, StepTable(workload)) == rehearsal.peak)
}

@Test(arguments: workloads.indices)
func `any list of boundaries is a legal plan that replays each stage at most once`(
  number: Int
) throws {
  let workload = workloads[number]
  var random = SeededRandom(UInt64(number))
  for cut in Chain.Cut.allCases {
    let chain = try #require(try Chain.find(in: workload, cut: cut))
    for _ in 0..<4 {
      let boundaries = (0..<chain.length).filter { _ in random.below(3) == 0 }
      let plan = try ChainPlan.keeping(boundaries.reversed(), in: chain)
      #expect(plan.replayedStages == (boundaries.last ?? 0))
      #expect(plan.slots == Set(boundaries + [0]).count - 1)
      _ = try Rehearsal.of(plan.schedule(for: workload), workload)
    }
  }
}
