import Execution
import Gradients
import Graphs
import Schedules
import Tensors
import Testing

@Suite struct `A lowering` {
  /// Two states that take the same value, one that takes an input, and a loss that is a state's
  /// new value too.
  private func sharing() throws -> Bench {
    var builder = GraphBuilder()
    let x = builder.input(Input(kind: .data, shape: [3], dtype: .f32, name: "x"))
    let w = builder.input(Input(kind: .parameter, shape: [3], dtype: .f32, name: "w"))
    let states = ["a", "b", "c", "d"].map {
      builder.input(
        Input(kind: .state, shape: $0 == "d" ? [] : [3], dtype: .f32, name: $0))
    }
    let h = try builder.binary(.multiply, x, w)
    builder.mark("first")
    let loss = try builder.reduce(.sum, builder.unary(.square, h), axes: [0])
    for (state, value) in zip(states, [h, h, x, loss]) {
      try builder.updateState(try #require(state.input), to: value)
    }
    builder.setResult(loss)
    return try Bench(
      builder.finished(), [[1, 2, 3], [4, 5, 6], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0]])
  }

  @Test func `makes a step for each result that is no value of its own`() throws {
    let lowering = Lowering(try sharing().joint, isTraining: false)
    #expect(
      lowering.workload.steps.prefix(lowering.workload.forwardCount).map(\.label)
        == ["multiply#0", "copy#1", "square#2", "sum#3", "copy#4", "copy#5"])
    try lowering.joint.graph.verify()
    let results = lowering.joint.graph.stateUpdates.map(\.value) + [lowering.joint.loss]
    #expect(Set(results.compactMap { lowering.values.value(of: $0) }).count == 5)
  }

  @Test(arguments: Way.allCases)
  func `rehearses what it copies`(way: Way) throws {
    let bench = try sharing()
    let program = try bench.program(KeepAll())
    let pass = try Runner(bench, program, way).pass()
    #expect(pass.loss == 16 + 100 + 324)
    #expect(pass.timeline.firstDifference(from: program.rehearsal.timeline) == nil)
  }

  @Test func `gives each new state storage of its own`() throws {
    let bench = try sharing()
    let states = try bench.run(bench.program(KeepAll())).states
    #expect(states.map { $0.doubles() } == [[4, 10, 18], [4, 10, 18], [1, 2, 3], [440]])
    #expect(Set(states.map { ObjectIdentifier($0.storage) }).count == 4)
    #expect(states.allSatisfy { $0.storage.account == .state })
  }

  @Test func `has a step for each node, and values for its results`() throws {
    let (graph, values) = try Model.layers.build()
    let plan = UpdatePlan(.sgd(rate: 1))
    let lowering = try Bench(graph, values).program(KeepAll(), updating: plan).lowering
    for (number, step) in lowering.workload.steps.enumerated() {
      let node = lowering.joint.graph.nodes[number]
      #expect(node.operation.writesInPlace == (step.phase == .update))
      #expect(lowering.workload.values(of: number).count == node.results.count)
    }
  }

  @Test func `has a value for each result of a node, with bytes and a name of its own`() throws {
    let (graph, values) = try Model.norms.build()
    let lowering = Lowering(try Bench(graph, values).joint, isTraining: false)
    let workload = lowering.workload
    let norm = try #require(workload.steps.firstIndex { $0.operation == "layer_norm" })
    #expect(workload.steps[norm].results.map(\.bytes) == [6 * 5 * 4, 6 * 4, 6 * 4])
    let label = workload.steps[norm].label
    #expect(
      (0..<3).map { workload.steps[norm].label(ofResult: $0) } == [
        label, "\(label).mean", "\(label).scale",
      ])
    // Who reads a result depends on that value alone.
    let adjoint = try #require(
      workload.steps.first { $0.operation == "layer_norm_adjoint" && $0.differentiates == norm })
    let read = workload.values(of: norm).filter { adjoint.inputs.contains($0) }
    #expect(read == Array(workload.values(of: norm).dropFirst()))
    // The data has another reader too: only the gain and the offset have their gradients here.
    #expect(adjoint.results.map(\.isGradient) == [false, true, true])
  }
}
