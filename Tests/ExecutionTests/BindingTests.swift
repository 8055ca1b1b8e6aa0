import Gradients
import Graphs
import Schedules
import Tensors
import Testing

@testable import Execution

/// What a step reads from its inputs is what they were when it began, whatever the step itself
/// writes.
@Suite struct `Inputs that are results of a training step` {
  /// One step of sgd over `sum(w²)` or, where `lossIsParameter`, over w itself; the states are
  /// updated as `states` says (`nil` for w). Gives w, the states and the loss.
  private func step(
    states: [Int?], lossIsParameter: Bool = false
  ) throws -> (parameter: Double, states: [Double], loss: Double) {
    var builder = GraphBuilder()
    let w = builder.input(Input(kind: .parameter, shape: [1], dtype: .f32, name: "w"))
    let held = states.indices.map {
      builder.input(Input(kind: .state, shape: [1], dtype: .f32, name: "s\($0)"))
    }
    for (place, source) in states.enumerated() {
      try builder.updateState(place + 1, to: source.map { held[$0] } ?? w)
    }
    builder.setResult(
      lossIsParameter
        ? w : try builder.reduce(.sum, builder.unary(.square, w), axes: [0], keepDims: false))
    let graph = builder.finished()
    let bench = try Bench(graph, [[3]] + states.indices.map { [10 + Double($0)] })
    var joint = try JointGraph.differentiate(graph, wrt: [0])
    joint.addUpdates(UpdatePlan(.sgd(rate: 0.5)), parameters: [0])
    let lowering = Lowering(joint, isTraining: true)
    let schedule = try KeepAll().schedule(lowering.workload)
    let binding = try Program(
      lowering, try Rehearsal.of(schedule, lowering.workload)
    ).bind(
      inputs: bench.inputs, context: RunContext(), ledger: bench.ledger,
      states: graph.stateUpdates.map { bench.inputs[$0.input] })
    let live = bench.ledger.live
    try binding.run()
    #expect(bench.ledger.live == live)
    let values = bench.inputs.compactMap { $0.element(at: 0) }
    return (values[0], Array(values.dropFirst()), binding.loss)
  }

  @Test func `states that change places do`() throws {
    #expect(try step(states: [1, 0]).states == [11, 10])
  }

  @Test func `states that move round do`() throws {
    #expect(try step(states: [1, 2, 0]).states == [11, 12, 10])
  }

  @Test func `a state that takes a parameter takes what it was before the update`() throws {
    let after = try step(states: [nil])
    #expect(after.parameter == 0)
    #expect(after.states == [3])
  }

  @Test func `a loss that is a parameter is what it was before the update`() throws {
    let after = try step(states: [], lossIsParameter: true)
    #expect(after.parameter == 2.5)
    #expect(after.loss == 3)
  }
}

@Test(arguments: [0, 1, Int(UInt32.max), 1 << 32, (1 << 40) + 5, (1 << 48) - 1])
func `a change of the ledger has all of its bytes`(bytes: Int) {
  #expect(Move.Change(bytes: bytes, old: nil, new: .values).bytes == bytes)
}
