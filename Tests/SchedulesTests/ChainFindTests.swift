import Testing

@testable import Schedules

@Test func `stages are the marked elements, and the loss is the last`() throws {
  let workload = Workloads.dense(3)
  let chain = try #require(try Chain.find(in: workload))
  #expect(chain.stages.map(\.label) == ["dense 0", "dense 1", "dense 2", "mse#9"])
  #expect(chain.stages.map(\.forward) == [0..<3, 3..<6, 6..<9, 9..<10])
  #expect(chain.stages.map(\.boundary) == [nil, 2, 5, 8])
  #expect(chain.stages.map(\.boundaryBytes) == [64, 64, 64, 64])
  #expect(chain.stages.map(\.forwardCost) == [102, 102, 102, 3])
  #expect(chain.stages.flatMap(\.backward).sorted() == Array(10..<workload.steps.count))
}

@Test func `operations cut at every narrow point`() throws {
  let chain = try #require(try Chain.find(in: Workloads.dense(3), cut: .operations))
  #expect(chain.length == 10)
}

@Test func `without marks layers falls back to operations`() throws {
  var workload = Workloads.dense(2)
  workload.marks = []
  let found = try Chain.find(in: workload)
  let operations = try Chain.find(in: workload, cut: .operations)
  #expect(found == operations)
}

@Test func `an element that the graph does not narrow around merges with its neighbour`() throws {
  // A residual connection from the first element over the second.
  let workload = Workload(
    steps: [
      Step(bytes: 4, label: "a"), Step(inputs: [0], bytes: 4, label: "b"),
      Step(inputs: [0, 1], bytes: 4, label: "c"), Step(inputs: [2], bytes: 4, label: "d"),
      Step(inputs: [3], bytes: 4, label: "loss", isResult: true),
    ],
    marks: [
      .init(step: 0, label: "first"), .init(step: 1, label: "second"),
      .init(step: 2, label: "third"), .init(step: 3, label: "fourth"),
    ])
  let chain = try #require(try Chain.find(in: workload))
  #expect(chain.stages.map(\.label) == ["first", "second + third", "fourth", "loss"])
}

/// `z = z + inner(z)`, so often: a step inside, marked as an element, and the sum, marked as a turn
/// where asked; then a loss of two steps.
private func residuals(_ count: Int, turns: Bool) -> Workload {
  var steps = [Step(bytes: 4, label: "in#0")]
  var marks = [Workload.Mark(step: 0, label: "first")]
  for _ in 0..<count {
    let z = steps.count - 1
    steps.append(Step(inputs: [z], bytes: 4, label: "inner#\(z + 1)"))
    steps.append(Step(inputs: [z, z + 1], bytes: 4, label: "add#\(z + 2)"))
    marks.append(.init(step: z + 1, label: "inner"))
    if turns { marks.append(.init(step: z + 2, label: "turn", isElement: false)) }
  }
  let last = steps.count
  steps.append(Step(inputs: [last - 1], bytes: 4, label: "square#\(last)"))
  steps.append(Step(inputs: [last], bytes: 4, label: "loss#\(last + 1)", isResult: true))
  return Workload(steps: steps, marks: marks)
}

@Test(arguments: [false, true])
func `elements that do not narrow are cut at the narrow points, the loss apart`(
  turns: Bool
) throws {
  let chain = try #require(try Chain.find(in: residuals(3, turns: turns)))
  #expect(chain.stages.map(\.forward) == [0..<1, 1..<3, 3..<5, 5..<7, 7..<9])
  #expect(chain.stages.map(\.label) == ["first", "inner", "inner", "inner", "loss#8"])
}

@Test func `a loop without elements after a chain is cut at its narrow points`() throws {
  var workload = residuals(2, turns: true)
  workload.marks.removeAll { $0.label == "inner" }
  let chain = try #require(try Chain.find(in: workload))
  #expect(chain.stages.map(\.label) == ["first", "add#2", "add#4", "loss#6"])
}

@Test func `what does not narrow is one stage, and a graph without steps has no chain`() throws {
  let workload = Workload(steps: [
    Step(bytes: 4, label: "a"), Step(inputs: [0], bytes: 4, label: "b"),
    Step(inputs: [0], bytes: 4, label: "c"),
    Step(inputs: [0, 1, 2], bytes: 4, label: "d", isResult: true),
  ])
  #expect(try Chain.find(in: workload)?.stages.map(\.forward) == [0..<1, 1..<4])
  #expect(try Chain.find(in: Workload(steps: [])) == nil)
}

@Test func `values without inputs do not count beside another`() throws {
  // Two slices of the data, made first, feed two layers.
  let workload = Workload(
    steps: [
      Step(bytes: 4, label: "slice#0"), Step(bytes: 4, label: "slice#1"),
      Step(inputs: [0], bytes: 4, label: "h#2"), Step(inputs: [1, 2], bytes: 4, label: "h#3"),
      Step(inputs: [3], bytes: 4, label: "loss#4", isResult: true),
    ], marks: [.init(step: 2, label: "first"), .init(step: 3, label: "second")])
  #expect(try Chain.find(in: workload)?.stages.map(\.boundary) == [nil, 2, 3])
}

@Test(arguments: 0..<20)
func `the backward steps of a chain never wait for an earlier stage`(seed: Int) throws {
  let workload = Workloads.random(20, seed: UInt64(seed), mostResults: 1 + seed % 3)
  let chain = try #require(try Chain.find(in: workload, cut: .operations))
  var stageOf = Array(repeating: 0, count: workload.steps.count)
  for (number, stage) in chain.stages.enumerated() {
    for step in Array(stage.forward) + stage.backward { stageOf[step] = number }
  }
  #expect(chain.stages.flatMap(\.forward) == Array(0..<workload.forwardCount))
  for step in workload.forwardCount..<workload.steps.count {
    for input in workload.steps[step].inputs where input >= workload.forwardValueCount {
      #expect(stageOf[workload.maker(of: input)] >= stageOf[step])
    }
  }
}

@Test(arguments: 0..<20)
func `cuts are where a chain has its stages`(seed: Int) throws {
  var workload = Workloads.random(20, seed: UInt64(seed), mostResults: 1 + seed % 3)
  if seed % 2 == 1 {
    workload.marks = stride(from: seed % 5, to: workload.forwardCount, by: 3)
      .map { .init(step: $0, label: "", isElement: $0 % 4 != 0) }
  }
  for cut in Chain.Cut.allCases {
    let chain = try #require(try Chain.find(in: workload, cut: cut))
    let cuts = try Chain.cuts(of: workload, workload.marks, cut: cut)
    #expect(cuts.map(\.end) == chain.stages.map { $0.forward.upperBound - 1 })
    #expect(cuts.dropLast().map(\.value) == chain.stages.dropFirst().map(\.boundary))
    #expect(cuts.last?.value == nil)
  }
}
