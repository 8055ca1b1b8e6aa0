import Testing

@testable import Schedules

/// A chain of tanh steps with the given regions; each backward step reads its step's own value.
private func chain(
  _ regions: [Int?], _ parents: [Int?], saved: [[String]] = []
) -> Workload {
  var steps: [Step] = []
  for (number, region) in regions.enumerated() {
    steps.append(
      Step(
        inputs: number == 0 ? [] : [number - 1], bytes: 8, label: "t#\(number)",
        operation: number % 2 == 0 ? "matmul" : "tanh", name: number == 2 ? "hidden" : nil,
        region: region))
  }
  let last = steps.count - 1
  for number in (0...last).reversed() {
    steps.append(
      Step(
        inputs: (number == last ? [] : [steps.count - 1]) + [number], bytes: 8, phase: .backward,
        label: "d#\(number)", isResult: number == 0, isGradient: number == 0,
        differentiates: number))
  }
  return Workload(
    steps: steps,
    regions: parents.enumerated().map { number, parent in
      .init(parent: parent, saved: saved.isEmpty ? [] : saved[number])
    })
}

private func replays(_ workload: Workload, _ strategy: any Strategy) throws -> [String] {
  var seen: Set<Int> = []
  var again: [String] = []
  for action in try strategy.schedule(workload).actions {
    guard case .compute(let step, reusing: _) = action else { continue }
    if !seen.insert(step).inserted { again.append(workload.steps[step].label) }
  }
  return again
}

@Test func `without regions marked is keep_all`() throws {
  let workload = Workloads.dense(4)
  #expect(try Marked().schedule(workload) == (try KeepAll().schedule(workload)))
}

@Test func `the inside of a region is replayed once`() throws {
  #expect(
    try replays(chain([nil, 0, 0, 0, nil], [nil]), Marked()) == ["t#1", "t#2", "t#3"])
}

@Test func `nested regions replay the outer one first, and the inner one again`() throws {
  let workload = chain([nil, 0, 1, 1, 0, nil], [nil, 0])
  #expect(
    try replays(workload, Marked()) == ["t#1", "t#2", "t#3", "t#4", "t#2", "t#3"])
}

@Test func `a replay stops as soon as the last needed value is back`() throws {
  let whole = chain([nil, 0, 0, 0, nil], [nil])
  var steps = whole.steps
  // The backward of t#3 reads nothing, so nothing needs it back.
  steps[6].inputs = [5]
  let workload = Workload(steps: steps, regions: whole.regions)
  #expect(try replays(workload, Marked()) == ["t#1", "t#2"])
}

@Test func `what a region saves by operation or by name is not replayed`() throws {
  let regions: [Int?] = [nil, 0, 0, 0, 0, nil]
  #expect(
    try replays(chain(regions, [nil], saved: [["matmul"]]), Marked()) == ["t#1", "t#3"])
  #expect(
    try replays(chain(regions, [nil], saved: [["hidden"]]), Marked()) == ["t#1", "t#3", "t#4"])
  #expect(
    try replays(chain(regions, [nil], saved: [["matmul", "tanh"]]), Marked()) == [])
}

/// As the policies of JAX: what only the inner region saves, the outer one drops.
@Test func `a list speaks of nested regions, and not of regions around`() throws {
  let regions: [Int?] = [nil, 0, 1, 1, 0, nil]
  let parents: [Int?] = [nil, 0]
  #expect(
    try replays(chain(regions, parents), Marked()) == ["t#1", "t#2", "t#3", "t#4", "t#2", "t#3"])
  #expect(
    try replays(chain(regions, parents, saved: [["matmul"], []]), Marked()) == ["t#1", "t#3"])
  #expect(
    try replays(chain(regions, parents, saved: [[], ["matmul"]]), Marked())
      == ["t#1", "t#2", "t#3", "t#4", "t#3"])
}

@Test func `policies name what is kept and what is dropped`() throws {
  let workload = chain([nil, nil, nil, nil, nil], [])
  #expect(
    try replays(workload, Policy(.saveOnly, ops: ["matmul"])) == ["t#3", "t#1"])
  #expect(try replays(workload, Policy(.recomputeOnly, ops: ["matmul"])) == ["t#2", "t#0"])
  #expect(try replays(workload, Policy(.recomputeOnly, names: ["hidden"])) == ["t#2"])
  #expect(
    try replays(workload, Policy(.saveOnly, names: ["hidden"])) == ["t#0", "t#1"])
}
