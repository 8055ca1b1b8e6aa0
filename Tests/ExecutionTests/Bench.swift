import Execution
import Gradients
import Graphs
import Schedules
import Tensors
import Testing

/// A program with what it was made from.
struct PlannedProgram {
  let lowering: Lowering
  let schedule: Schedule
  let rehearsal: Rehearsal
  let program: Program

  init(_ lowering: Lowering, _ schedule: Schedule, _ rehearsal: Rehearsal) throws {
    self.lowering = lowering
    self.schedule = schedule
    self.rehearsal = rehearsal
    program = try Program(lowering, rehearsal)
  }

  var joint: JointGraph { program.joint }
  var arenaBytes: Int { program.arenaBytes }

  func run(
    inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool = false,
    tier: Tier.Kind = .file, isCancelled: () -> Bool = { false }
  ) throws(ExecutionError) -> RunRecord {
    try program.run(
      inputs: inputs, context: context, ledger: ledger, redrawing: redrawing, tier: tier,
      isCancelled: isCancelled)
  }

  func bind(
    inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?] = [],
    tier: Tier.Kind = .file, sharing shared: Arena? = nil
  ) throws(ExecutionError) -> Binding {
    try program.bind(
      inputs: inputs, context: context, ledger: ledger, states: states, tier: tier,
      sharing: shared)
  }
}

/// A graph with its inputs, to be run under strategies.
struct Bench {
  let graph: Graph
  let ledger = Ledger()
  let inputs: [Tensor]
  let wrt: [Int]

  /// `values` are the elements of each input.
  init(_ graph: Graph, _ values: [[Double]]) throws {
    self.graph = graph
    var inputs: [Tensor] = []
    for (input, elements) in zip(graph.inputs, values) {
      inputs.append(
        try Tensor(
          values: elements, shape: input.shape, dtype: input.dtype,
          account: input.kind == .parameter ? .parameters : .data, ledger: ledger))
    }
    self.inputs = inputs
    wrt = graph.inputs.indices.filter {
      graph.inputs[$0].dtype.isFloating && graph.inputs[$0].kind != .state
    }
  }

  var joint: JointGraph {
    get throws { try JointGraph.differentiate(graph, wrt: wrt) }
  }

  /// The graph as strategies see it; with a plan of updates, a training step; with `fusing`, steps
  /// may be several operations.
  func lowering(updating plan: UpdatePlan? = nil, fusing: Bool = false) throws -> Lowering {
    let parameters = graph.inputs.indices.filter { graph.inputs[$0].kind == .parameter }
    var joint = try JointGraph.differentiate(graph, wrt: plan == nil ? wrt : parameters)
    if let plan { joint.addUpdates(plan, parameters: parameters) }
    return Lowering(joint, isTraining: plan != nil, fusing: fusing)
  }

  /// The graph compiled under a strategy.
  func program(
    _ strategy: any Strategy, updating plan: UpdatePlan? = nil, fusing: Bool = false
  ) throws -> PlannedProgram {
    try program(strategy, of: lowering(updating: plan, fusing: fusing))
  }

  /// What `lowering` gave, compiled under a strategy: one lowering serves all of them.
  func program(_ strategy: any Strategy, of lowering: Lowering) throws -> PlannedProgram {
    let schedule = try strategy.schedule(lowering.workload)
    return try PlannedProgram(lowering, schedule, try Rehearsal.of(schedule, lowering.workload))
  }

  /// The inputs, and zeros for what a training step keeps of parameters.
  func inputs(of program: PlannedProgram) throws -> [Tensor] {
    try inputs
      + program.joint.graph.inputs.dropFirst(inputs.count).map {
        try Tensor(zeros: $0.shape, dtype: $0.dtype, account: .optimizer, ledger: ledger)
      }
  }

  /// Runs a program of the graph on these inputs: one program serves all inputs.
  func run(_ program: PlannedProgram) throws(ExecutionError) -> RunRecord {
    try program.run(inputs: inputs, context: RunContext(seed: 7, step: 3), ledger: ledger)
  }
}

/// Strategies with options for a graph: every entry of the catalogue, most of them several times.
func everyStrategy(for workload: Workload) throws -> [any Strategy] {
  let plain = try Rehearsal.of(try KeepAll().schedule(workload), workload).peak
  var strategies: [any Strategy] = []
  for entry in Catalogue.entries {
    let choices: [[String: Catalogue.OptionValue]] =
      switch entry.name {
      case "every": [["k": .integer(2)], ["k": .integer(3), "stages": .word("operations")]]
      case "revolve":
        [
          ["slots": .integer(1)], ["slots": .integer(3), "stages": .word("operations")],
        ]
      case "mixed":
        [["slots": .integer(2)], ["slots": .integer(2), "stages": .word("operations")]]
      case "disk_revolve": [["slots": .integer(2)]]
      case "optimal", "moccasin", "twremat", "dtr", "offload", "auto":
        [["budget": .bytes(plain)], ["budget": .bytes(plain * 3 / 4)]]
      case "poet":
        [
          ["budget": .bytes(plain * 3 / 4)],
          ["budget": .bytes(plain / 2), "transfer": .number(0.1)],
        ]
      case "exact": [["budget": .bytes(plain), "states": .integer(2_000)]]
      case "knapsack": [[:], ["share": .number(0.2), "solver": .word("greedy")]]
      case "save_only": [["ops": .words(["matmul", "tanh"])]]
      case "recompute_only": [["ops": .words(["relu", "add", "softmax"])]]
      case "sqrt_n", "bisect", "keep_none": [[:], ["stages": .word("operations")]]
      default: [[:]]
      }
    for options in choices { strategies.append(try entry.make(options)) }
  }
  return strategies
}

/// Runs a graph under every strategy, and holds it to the laws: rehearsed = measured at every
/// action and class, the same bits as the plain run, and live bytes that return.
func expectLaws(_ bench: Bench, _ name: String) throws {
  let before = bench.ledger.live
  do {
    let lowering = try bench.lowering()
    let plain = try bench.run(bench.program(KeepAll(), of: lowering))
    for strategy in try everyStrategy(for: lowering.workload) {
      let program: PlannedProgram
      do {
        program = try bench.program(strategy, of: lowering)
      } catch ScheduleError.impossible(let budget, let least, _) {
        #expect(least > budget)
        continue
      }
      let (rehearsal, record) = (program.rehearsal, try bench.run(program))
      let label = "\(name) with \(strategy.spelling)"
      #expect(record.firstDifference(from: rehearsal) == nil, "\(label): the timelines differ")
      #expect(record.measuredPeak == rehearsal.peak, "\(label)")
      #expect(
        record.counts.agree(with: rehearsal), "\(label): the steps or what the tier held differ")
      #expect(record.loss.hasSameBits(as: plain.loss), "\(label): another loss")
      for (mine, theirs) in zip(record.gradients, plain.gradients) {
        switch (mine, theirs) {
        case (let a?, let b?): #expect(a.hasSameBits(as: b), "\(label): another gradient")
        case (nil, nil): break
        default: Issue.record("\(label): a gradient is missing")
        }
      }
      for (mine, theirs) in zip(record.states, plain.states) {
        #expect(mine.hasSameBits(as: theirs), "\(label): another state")
      }
    }
  }
  #expect(bench.ledger.live == before, "\(name): live bytes did not return")
}

extension RunCounts {
  /// True where a run did as many steps, and moved as many bytes, as its rehearsal says.
  func agree(with rehearsal: Rehearsal) -> Bool {
    forwardSteps == rehearsal.forwardSteps && replayedSteps == rehearsal.replayedSteps
      && backwardSteps == rehearsal.backwardSteps && tierPeak == rehearsal.tierPeak
      && tierTraffic == rehearsal.tierTraffic
  }
}
