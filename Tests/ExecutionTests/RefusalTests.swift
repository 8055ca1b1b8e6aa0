import Execution
import Gradients
import Graphs
import Schedules
import Tensors
import Testing

@Suite struct `Runs that are refused or stopped` {
  private func bench(_ model: Model) throws -> Bench {
    let (graph, values) = try model.build()
    return try Bench(graph, values)
  }

  @Test func `the rehearsed peak is the least budget`() throws {
    let bench = try bench(.residuals)
    let program = try bench.program(SqrtN())
    let before = bench.ledger.live
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak - 1
    #expect(throws: ExecutionError.self) { try bench.run(SqrtN()) }
    #expect(bench.ledger.live == before)
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak
    _ = try bench.run(SqrtN())
  }

  @Test(arguments: [Model.layers, .states])
  func `a step that is refused changes no parameter and no state`(model: Model) throws {
    let bench = try bench(model)
    let program = try bench.program(SqrtN(), rule: .momentum(rate: 0.1, momentum: 0.9))
    let inputs = try bench.inputs(of: program)
    let states = bench.graph.stateUpdates.map { inputs[$0.input] as Tensor? }
    let copies = try inputs.map { try $0.copy(as: .values) }
    let binding = try program.bind(
      inputs: inputs, context: RunContext(), ledger: bench.ledger, states: states)
    let before = bench.ledger.live
    func expectUnchanged() {
      #expect(zip(inputs, copies).allSatisfy { $0.hasSameBits(as: $1) })
      #expect(bench.ledger.live == before)
    }
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak - 1
    #expect(throws: ExecutionError.self) { try binding.run() }
    expectUnchanged()
    bench.ledger.budget = nil
    for count in 0..<20 {
      bench.ledger.allocationsBeforeFault = count
      #expect(throws: ExecutionError.self) { try binding.run() }
      bench.ledger.allocationsBeforeFault = nil
      expectUnchanged()
    }
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak
    #expect(try binding.run(measuring: true) == program.rehearsal.peak)
    #expect(!zip(inputs, copies).allSatisfy { $0.hasSameBits(as: $1) })
  }

  @Test func `a run that is cancelled, at whichever action, leaves the ledger as it was`() throws {
    let bench = try bench(.layers)
    let program = try bench.program(KeepAll())
    let before = bench.ledger.live
    for stop in 0..<program.schedule.actions.count {
      var asked = 0
      #expect(throws: ExecutionError.interrupted) {
        try program.run(inputs: bench.inputs, context: RunContext(), ledger: bench.ledger) {
          asked += 1
          return asked > stop
        }
      }
      #expect(bench.ledger.live == before)
    }
  }

  @Test func `tensors of another shape or number are refused`() throws {
    let bench = try bench(.layers)
    let program = try bench.program(KeepAll())
    let other = try Tensor(zeros: [6, 4], dtype: .f32, account: .data, ledger: bench.ledger)
    #expect(throws: ExecutionError.self) {
      try program.run(
        inputs: [other] + bench.inputs.dropFirst(), context: RunContext(), ledger: bench.ledger)
    }
    #expect(throws: ExecutionError.inputCount(expected: bench.inputs.count, found: 1)) {
      try program.bind(inputs: [other], context: RunContext(), ledger: bench.ledger)
    }
  }
}
