import Execution
import Gradients
import GraphLab
import Graphs
import Schedules
import Tensors
import Testing

@Suite struct `Fusion` {
  /// What three steps gave: the bits of all inputs, and of the losses and gradients.
  private struct Outcome: Equatable {
    var bytes: [[UInt8]] = []
    var losses: [UInt64] = []
  }

  @Test(arguments: Model.allCases)
  func `changes no bit, and no plan peaks higher, on`(model: Model) throws {
    let (graph, values) = try model.build()
    try expectSame(graph, values, updating: nil, model.rawValue)
    try expectSame(graph, values, updating: UpdatePlan(UpdateRules.all[5]), model.rawValue)
  }

  @Test(arguments: 0..<60)
  func `changes no bit on random graph`(seed: Int) throws {
    let check = AdjointTable.random(seed)
    let graph = try check.graph(.weighted)
    try expectSame(graph, check.point(graph), updating: nil, "random graph \(seed)")
  }

  @Test(arguments: UpdateRules.all)
  func `changes no bit of training, whenever it updates, by`(rule: UpdateRule) throws {
    for model in [Model.layers, .norms] {
      let (graph, values) = try model.build()
      for plan in UpdateRules.plans(rule) {
        try expectSame(
          graph, values, updating: plan, "\(model)", strategies: [KeepAll(), SqrtN()])
      }
    }
  }

  /// Rows that cut tiles, batches, transposes, vectors along rows, columns that fill no vector.
  @Test(arguments: [DType.f32, .f64], [1, 3])
  func `changes no bit where a result is many tiles`(dtype: DType, threads: Int) throws {
    KernelTable.setThreads(threads)
    defer { KernelTable.setThreads(2) }
    for (rows, inner, columns) in [
      (700, 40, 600), (90, 300, 1100), (1300, 9, 7), (3, 500, 5), (64, 64, 64),
    ] {
      var builder = GraphBuilder()
      func input(_ kind: Input.Kind, _ shape: Shape, _ name: String) -> Operand {
        builder.input(Input(kind: kind, shape: shape, dtype: dtype, name: name))
      }
      let x = input(.data, [2, rows, inner], "x")
      let w = input(.parameter, [inner, columns], "w")
      let b = input(.parameter, [columns], "b")
      let v = input(.parameter, [columns, columns], "v")
      let c = input(.parameter, [1], "c")
      var h = try builder.unary(.tanh, builder.binary(.add, builder.matmul(x, w), b))
      h = try builder.binary(.add, h, builder.unary(.gelu, builder.matmul(h, v)))
      h = try builder.unary(.relu, builder.binary(.multiply, c, builder.unary(.square, h)))
      builder.setResult(try builder.reduce(.average, h, axes: [0, 1, 2]))
      let graph = builder.finished()
      let values = graph.inputs.map { input in
        (0..<input.shape.count).map { Double(($0 * 7919) % 1009) / 1009 - 0.5 }
      }
      for plan in [nil, UpdatePlan(UpdateRules.all[5])] {
        try expectSame(
          graph, values, updating: plan, "\(rows), \(inner), \(columns)", strategies: [KeepAll()])
      }
    }
  }

  /// Runs a graph under strategies, once with steps of single operations and once with fused ones.
  private func expectSame(
    _ graph: Graph, _ values: [[Double]], updating plan: UpdatePlan?, _ name: String,
    strategies given: [any Strategy]? = nil
  ) throws {
    let bench = try Bench(graph, values)
    let single = try bench.lowering(updating: plan)
    let fused = try bench.lowering(updating: plan, fusing: true)
    let hasSameStages = try fused.keepsStages
    #expect(try hasSameStages == (ends(of: fused) == ends(of: fused.unfused)), "\(name)")
    // As where a block is planned: strategies share what they find out about a workload.
    let memos = (single: Planning.Memo(), fused: Planning.Memo())
    for strategy in try given ?? everyStrategy(for: fused.workload) {
      let label = "\(name) with \(strategy.spelling)\(plan == nil ? "" : ", trained")"
      let plain: PlannedProgram
      let steps: PlannedProgram
      do {
        plain = try Planning.remembering(memos.single) {
          try bench.program(strategy, of: single)
        }
        steps = try Planning.remembering(memos.fused) { try bench.program(strategy, of: fused) }
      } catch ScheduleError.impossible {
        continue
      }
      let expected = try outcome(bench, plain, label)
      #expect(try outcome(bench, steps, label) == expected, "\(label)")
      guard strategy.subject == .steps || strategy.subject == .stages && hasSameStages,
        strategy.askedBudget == nil
      else { continue }
      #expect(
        steps.rehearsal.peak <= plain.rehearsal.peak,
        "\(label): \(steps.rehearsal.peak), not \(plain.rehearsal.peak)")
      #expect(steps.rehearsal.forwardSteps == plain.rehearsal.forwardSteps, "\(label)")
      #expect(steps.rehearsal.backwardSteps == plain.rehearsal.backwardSteps, "\(label)")
      // Between narrow points a plan may hold what is inside of a group until it is replayed.
      guard !graph.marks.isEmpty else { continue }
      #expect(steps.rehearsal.replayedSteps == plain.rehearsal.replayedSteps, "\(label)")
    }
  }

  /// Of each stage that a chain strategy finds: the last node of its forward steps, and the node
  /// whose value it begins with.
  private func ends(of lowering: Lowering) throws -> [[Int]] {
    try (Chain.find(in: lowering.workload)?.stages ?? []).map { stage in
      let boundary = stage.boundary.map { lowering.nodes[lowering.workload.maker(of: $0)] }
      return [lowering.nodes[stage.forward.upperBound - 1], boundary ?? -1]
    }
  }

  private func outcome(
    _ bench: Bench, _ program: PlannedProgram, _ label: String
  ) throws -> Outcome {
    var found = Outcome()
    let before = bench.ledger.live
    if program.joint.updates.isEmpty {
      let record = try program.run(
        inputs: bench.inputs, context: RunContext(seed: 7, step: 3), ledger: bench.ledger)
      #expect(record.firstDifference(from: program.rehearsal) == nil, "\(label)")
      #expect(record.counts.agree(with: program.rehearsal), "\(label)")
      found.bytes = record.gradients.map { $0?.bytes() ?? [] } + record.states.map { $0.bytes() }
      found.losses = [record.loss.element(at: 0)?.bitPattern ?? 0]
      return found
    }
    let inputs = try bench.inputs(of: program).map { try $0.copy(as: .values) }
    let context = RunContext(seed: 7)
    let binding = try program.bind(
      inputs: inputs, context: context, ledger: bench.ledger,
      states: bench.graph.stateUpdates.map { inputs[$0.input] })
    for number in 1...3 {
      context.step = UInt64(number)
      context.updateNumber = number
      context.share = 1 / Double(number + 1)
      _ = try binding.run(keepingTimeline: true)
      #expect(binding.timeline.firstDifference(from: program.rehearsal.timeline) == nil, "\(label)")
      #expect(binding.counts.agree(with: program.rehearsal), "\(label)")
      found.losses.append(binding.loss.bitPattern)
    }
    found.bytes = inputs.map { $0.bytes() }
    #expect(before.total <= bench.ledger.live.total)
    return found
  }
}
