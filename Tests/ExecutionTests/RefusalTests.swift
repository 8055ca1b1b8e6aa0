import Execution
import Gradients
import Graphs
import Schedules
import Tensors
import Testing

/// A pass that throws has changed nothing, and nothing that it made is live, in whichever way it
/// runs.
@Suite struct `Passes that are refused or stopped` {
  private func bench(_ model: Model) throws -> Bench {
    let (graph, values) = try model.build()
    return try Bench(graph, values)
  }

  @Test(arguments: Way.allCases, Purpose.allCases)
  func `the rehearsed peak is the least budget`(way: Way, purpose: Purpose) throws {
    let bench = try bench(.residuals)
    let program = try bench.program(SqrtN(), updating: purpose.plan)
    let runner = try Runner(bench, program, way)
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak - 1
    #expect(throws: ExecutionError.self) { try runner.pass() }
    #expect(runner.isUnchanged && runner.isClean)
    bench.ledger.budget = bench.ledger.liveTotal + program.rehearsal.peak
    let timeline = try runner.pass().timeline
    #expect(timeline.firstDifference(from: program.rehearsal.timeline) == nil)
  }

  @Test(arguments: Way.allCases, Purpose.allCases)
  func `an allocation that fails, whichever it is`(way: Way, purpose: Purpose) throws {
    for model in [Model.layers, .states, .dropouts] {
      let bench = try bench(model)
      let runner = try Runner(bench, try bench.program(SqrtN(), updating: purpose.plan), way)
      var refused = 0
      while refused < 2000 {
        bench.ledger.allocationsBeforeFault = refused
        let result = Result { () throws(ExecutionError) in try runner.pass() }
        bench.ledger.allocationsBeforeFault = nil
        guard case .failure(let error) = result else { break }
        guard case .memory = error else {
          Issue.record("\(error)")
          return
        }
        #expect(runner.isUnchanged && runner.isClean, "\(model), after fault \(refused)")
        refused += 1
      }
      #expect(refused > 10 && refused < 2000)
    }
  }

  @Test(arguments: Way.allCases, Purpose.allCases)
  func `cancelled between actions, at whichever`(way: Way, purpose: Purpose) throws {
    for model in [Model.layers, .states] {
      let bench = try bench(model)
      let runner = try Runner(bench, try bench.program(SqrtN(), updating: purpose.plan), way)
      for stop in 0..<runner.cancellable {
        var asked = 0
        #expect(throws: ExecutionError.interrupted) {
          try runner.pass {
            asked += 1
            return asked > stop
          }
        }
        #expect(runner.isUnchanged && runner.isClean, "\(model), at action \(stop)")
      }
    }
  }

  @Test(arguments: Way.allCases)
  func `a step whose first update has run is finished`(way: Way) throws {
    let bench = try bench(.states)
    let runner = try Runner(
      bench, try bench.program(KeepAll(), updating: UpdatePlan(.sgd(rate: 0.5))), way)
    _ = try runner.pass()
    let finished = runner.inputs.map { $0.bytes() }
    runner.reset()
    var asked = 0
    _ = try runner.pass {
      asked += 1
      return asked > runner.cancellable
    }
    #expect(asked == runner.cancellable)
    #expect(runner.inputs.map { $0.bytes() } == finished)
    #expect(asked < runner.program.schedule.actions.count)
  }

  @Test(arguments: Way.allCases, Purpose.allCases)
  func `a label that is no class is a fault with its place`(way: Way, purpose: Purpose) throws {
    let (graph, values) = try Model.layers.build()
    var wrong = values
    let labels = try #require(graph.inputs.firstIndex { $0.dtype == .i32 })
    wrong[labels][4] = 9
    let bench = try Bench(graph, wrong)
    let runner = try Runner(bench, try bench.program(KeepAll(), updating: purpose.plan), way)
    for _ in 0..<2 {
      do throws(ExecutionError) {
        _ = try runner.pass()
        Issue.record("no fault")
      } catch {
        guard case .kernel(let fault) = error else { throw error }
        #expect(fault.problem == .index(9, position: 4, allowed: 0..<3))
      }
      #expect(runner.isUnchanged && runner.isClean)
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
