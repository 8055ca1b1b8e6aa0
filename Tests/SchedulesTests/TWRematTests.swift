import Foundation
import Testing

@testable import Schedules

private let workloads: [Workload] =
  [1, 2, 9, 64, 300].map { Workloads.uniform($0) } + [Workloads.dense(24), Workloads.recorded(40)]
  + (0..<16).map { Workloads.random(6 + 4 * $0, seed: UInt64($0)) }
  + (0..<8).map { RandomNets.net(least: 24 + 6 * $0, seed: UInt64($0)) }

/// The same steps, each making one value of one byte, with nothing besides.
private func counted(_ workload: Workload) -> Workload {
  workload.withSteps { _, step in
    step.scratch = 0
    step.reusable = []
    for place in step.results.indices { step.results[place].bytes = place == 0 ? 1 : 0 }
  }
}

@Test(arguments: workloads.indices)
func `as many steps are held as the width of the graph says`(number: Int) throws {
  let workload = counted(workloads[number])
  let table = StepTable(workload)
  let tree = try TreeDecomposition(SeparatorOrder.graph(table))
  let order = try #require(
    try SeparatorOrder.steps(table, tree, leaf: 1, mostComputes: 50_000_000))
  let wanted = (0..<table.count).filter { table.phases[$0] != .update }
  let steps = Double(wanted.count)
  let read = Set(
    (0..<table.count).filter { table.phases[$0] == .update }.flatMap { table.inputs(of: $0) })
  let results = (0..<table.valueCount).filter { table.isResult[$0] || read.contains($0) }.count
  let most = Double(2 * tree.width + 1) * (1 + log2(steps)) + 1
  let whole = order + (0..<table.count).filter { table.phases[$0] == .update }
  #expect(Double(try Liveness.peak(whole, table) - results) <= most)
}

@Test(arguments: workloads.indices)
func `a decomposition has every step with what it reads in a bag, and halves`(number: Int) throws {
  let table = StepTable(workloads[number])
  let graph = SeparatorOrder.graph(table)
  let tree = try TreeDecomposition(graph)
  var sets = [(0..<table.count).filter { !graph[$0].isEmpty }]
  while let set = sets.popLast() {
    guard set.count > 1 else { continue }
    let division = tree.divide(set, also: [])
    #expect(division.bag.count <= tree.width + 1 && !division.bag.isEmpty)
    #expect((division.bag + division.parts.joined()).sorted() == set)
    for part in division.parts {
      #expect(part.count <= set.count / 2)
      let others = Set(set).subtracting(part).subtracting(division.bag)
      for step in part { #expect(graph[step].isDisjoint(with: others)) }
    }
    sets += division.parts
  }
}

@Test func `a chain has width 3 and is run in a number of stages that grows as log n`() throws {
  var peaks: [Int] = []
  for length in [32, 64, 128, 256] {
    let workload = counted(Workloads.uniform(length))
    let table = StepTable(workload)
    let tree = try TreeDecomposition(SeparatorOrder.graph(table))
    #expect(tree.width <= 3)
    let order = try #require(
      try SeparatorOrder.steps(table, tree, leaf: 1, mostComputes: 10_000_000))
    peaks.append(try Liveness.peak(order, table))
  }
  // Each doubling adds at most a bag, and the steps that it is computed for.
  for (smaller, larger) in zip(peaks, peaks.dropFirst()) { #expect(larger - smaller <= 7) }
  #expect(peaks[3] < 40)
}

@Test(arguments: workloads.indices)
func `twremat keeps its budget, and costs no less with less room`(number: Int) throws {
  let workload = workloads[number]
  let plain = try Rehearsal.of(KeepAll().schedule(workload), workload)
  var last = Int.max
  for part in 3...10 {
    let budget = plain.peak * part / 10
    guard let schedule = try? TWRemat(budget: budget).schedule(workload) else {
      #expect(last == Int.max)
      continue
    }
    let rehearsal = try Rehearsal.of(schedule, workload)
    #expect(rehearsal.peak <= budget)
    #expect(rehearsal.replayedCost <= last)
    last = rehearsal.replayedCost
  }
  #expect(last == 0)
}
