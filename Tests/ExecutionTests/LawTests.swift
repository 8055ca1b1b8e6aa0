import Execution
import Gradients
import GraphLab
import Graphs
import Schedules
import Tensors
import Testing

@Suite struct `The laws, over graphs` {
  @Test(arguments: Model.allCases)
  func `every strategy keeps the laws on`(model: Model) throws {
    let (graph, values) = try model.build()
    try expectLaws(try Bench(graph, values), model.rawValue)
  }

  @Test(arguments: 0..<240)
  func `every strategy keeps the laws on random graph`(seed: Int) throws {
    let check = AdjointTable.random(seed)
    let graph = try check.graph(.weighted)
    try expectLaws(try Bench(graph, check.point(graph)), "random graph \(seed)")
  }

  @Test(arguments: AdjointTable.checks.indices)
  func `gradients through the kernels agree with central differences`(row: Int) throws {
    let check = AdjointTable.checks[row]
    for loss in GradientCheck.Loss.allCases {
      let graph = try check.graph(loss)
      let point = check.point(graph)
      // Where a row goes through f32, the difference has to stand out of its rounding.
      let isRounded = graph.nodes.contains { $0.dtype == .f32 }
      let (shift, tolerance) = isRounded ? (1e-2, 1e-4) : (1e-5, 1e-6)
      let bench = try Bench(graph, point)
      let program = try bench.program(KeepAll())
      let record = try bench.run(program)
      for (place, input) in bench.wrt.enumerated() {
        let found = record.gradients[place]?.doubles()
        for element in point[input].indices {
          func moved(_ shift: Double) throws -> Double {
            var values = point
            values[input][element] += shift
            return try Bench(graph, values).run(program).loss.element(at: 0) ?? .nan
          }
          let expected = (try moved(shift) - moved(-shift)) / (2 * shift)
          let actual = found?[element] ?? 0
          #expect(
            abs(actual - expected) <= tolerance * max(1, abs(expected)),
            "\(check.label) \(loss): \(actual), not \(expected), at input \(input)[\(element)]")
        }
      }
    }
  }

  @Test(arguments: UpdateRules.all)
  func `five training steps give the same bits under every strategy`(rule: UpdateRule) throws {
    for model in [
      Model.layers, .norms, .dropouts, .states, .unrolled, .channels, .attention, .gru, .lstm,
      .short, .shortNetworks,
    ] {
      let lowering = try lowering(of: model, UpdatePlan(rule))
      let plain = try train(model, lowering, KeepAll())
      for strategy in [KeepNone(), try Every(3), SqrtN(), Bisect(), try Revolve(slots: 2)]
        as [any Strategy]
      {
        #expect(
          try train(model, lowering, strategy) == plain,
          "\(model) with \(strategy.spelling)")
      }
    }
  }

  /// Plans of updates, of a rule that keeps vectors of matrices, and needs scratch.
  @Test(arguments: UpdateRules.plans(UpdateRules.all[12]))
  func `every strategy of the catalogue trains to the same bits, whenever it updates`(
    plan: UpdatePlan
  ) throws {
    for model in [Model.states] {
      let (graph, values) = try model.build()
      let bench = try Bench(graph, values)
      let lowering = try lowering(of: model, plan)
      let plain = try train(model, lowering, KeepAll())
      for strategy in try everyStrategy(for: lowering.workload) {
        do {
          let program = try bench.program(strategy, of: lowering)
          let steps = program.lowering.workload.steps
          let computed = program.schedule.actions.compactMap { action -> String? in
            if case .compute(let step, reusing: _) = action { steps[step].operation } else { nil }
          }
          if plan.isTogether, plan.part != .early, let first = computed.firstIndex(of: "update") {
            #expect(computed[first...].allSatisfy { $0 == "update" }, "\(strategy.spelling)")
          }
        } catch ScheduleError.impossible {
          continue
        }
        #expect(try train(model, lowering, strategy) == plain, "\(model) with \(strategy.spelling)")
      }
    }
  }

  private func lowering(of model: Model, _ plan: UpdatePlan) throws -> Lowering {
    let (graph, values) = try model.build()
    return try Bench(graph, values).lowering(updating: plan)
  }

  /// The bits of every parameter, moment, sum and state, and the losses, after five steps.
  private func train(
    _ model: Model, _ lowering: Lowering, _ strategy: any Strategy
  ) throws -> [[UInt8]] {
    let (graph, values) = try model.build()
    let bench = try Bench(graph, values)
    let program = try bench.program(strategy, of: lowering)
    let rehearsal = program.rehearsal
    let inputs = try bench.inputs(of: program)
    let context = RunContext(seed: 7)
    let binding = try program.bind(
      inputs: inputs, context: context, ledger: bench.ledger,
      states: graph.stateUpdates.map { inputs[$0.input] })
    var losses: [Double] = []
    let live = bench.ledger.live
    for number in 1...5 {
      context.step = UInt64(number)
      context.updateNumber = number
      context.share = 1 / Double(number + 1)
      let peak = try binding.run(keepingTimeline: true)
      #expect(peak == rehearsal.peak)
      #expect(binding.timeline.firstDifference(from: rehearsal.timeline) == nil)
      #expect(bench.ledger.live == live)
      losses.append(binding.loss)
    }
    return inputs.map { $0.bytes() } + [losses.flatMap { withUnsafeBytes(of: $0, Array.init) }]
  }

  @Test(arguments: Purpose.allCases)
  func `both ways of running measure what was rehearsed, pass by pass`(purpose: Purpose) throws {
    for model in [Model.layers, .norms, .dropouts, .states] {
      let (graph, values) = try model.build()
      let bench = try Bench(graph, values)
      let lowering = try bench.lowering(updating: purpose.plan)
      var losses: [Double]?
      for strategy in try everyStrategy(for: lowering.workload) {
        let program: PlannedProgram
        do {
          program = try bench.program(strategy, of: lowering)
        } catch ScheduleError.impossible {
          continue
        }
        for way in Way.allCases {
          let found = try expectTwoPasses(
            try Runner(bench, program, way, tier: .file), "\(model), \(strategy.spelling), \(way)")
          #expect(found == losses ?? found, "\(model), \(strategy.spelling), \(way)")
          losses = found
        }
      }
    }
  }

  /// Runs two passes, holds each to its rehearsal, and gives the losses.
  private func expectTwoPasses(_ runner: Runner, _ label: String) throws -> [Double] {
    defer { runner.reset() }
    return try (0..<2).map { _ in
      let pass = try runner.pass()
      let rehearsal = runner.program.rehearsal
      #expect(pass.timeline.firstDifference(from: rehearsal.timeline) == nil, "\(label)")
      #expect(pass.counts.agree(with: rehearsal), "\(label)")
      #expect(runner.isClean, "\(label)")
      return pass.loss
    }
  }

  @Test func `arenas of models of equal layers waste at most a twentieth`() throws {
    var builder = GraphBuilder()
    var h = builder.input(Input(kind: .data, shape: [32, 16], dtype: .f32, name: "x"))
    for number in 0..<40 {
      let w = builder.input(Input(kind: .parameter, shape: [16, 16], dtype: .f32, name: "w"))
      h = try builder.unary(.tanh, builder.matmul(h, w))
      builder.mark("\(number)")
    }
    builder.setResult(try builder.reduce(.average, h, axes: [0, 1]))
    let graph = builder.finished()
    let joint = try JointGraph.differentiate(graph, wrt: Array(graph.inputs.indices.dropFirst()))
    let lowering = Lowering(joint, isTraining: false)
    let workload = lowering.workload
    for strategy in try everyStrategy(for: workload) {
      guard let schedule = try? strategy.schedule(workload) else { continue }
      let rehearsal = try Rehearsal.of(schedule, workload)
      let program = try Program(lowering, rehearsal)
      #expect(
        Double(program.arenaBytes) <= 1.05 * Double(rehearsal.peak) + 4096,
        "\(strategy.spelling): \(program.arenaBytes) for \(rehearsal.peak)")
    }
  }
}
