import Experiments
import Gradients
import Graphs
import Schedules
import Synchronization
import Tensors
import Testing

/// A loop with the same graph and plan as one before takes over what was compiled for it, and
/// computes the same bits as if it had not.
@Suite struct `Training given again` {
  /// How often a strategy was asked.
  private final class Count: Sendable {
    let asked = Atomic<Int>(0)
    var value: Int { asked.load(ordering: .relaxed) }
  }

  /// `keep_all`, counted.
  private struct Counted: Strategy {
    let count: Count
    var signature: String? = "counted"
    var spelling: String { "counted" }

    func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
      count.asked.add(1, ordering: .relaxed)
      return try KeepAll().schedule(workload)
    }
  }

  /// Runs one loop of three steps over the rows of `x`, which drops half of them each.
  private static func train(
    _ w: Tensor, on x: Tensor, _ rule: UpdateRule = .sgd(rate: 0.5), rate: Double? = nil,
    with strategy: any Strategy, size: Int = 4, scale: Double? = nil, on lab: BlockLab
  ) throws {
    let order = BatchOrder(
      rows: x.shape[0], size: size, epochs: nil, steps: 3, isShuffled: false, seed: 2)
    let trainer = try Trainer(
      order, of: [Rows(x)], with: strategy, on: lab.bench)
    defer { trainer.finish() }
    lab.bench.context.updateRate = rate ?? rule.rate
    let moments = try rule.moments(of: w.shape).map {
      try Tensor(zeros: $0, dtype: .f32, account: .optimizer, ledger: lab.ledger)
    }
    for number in 0..<trainer.total {
      if let columns = trainer.columnsToPrepare(forBatch: number) {
        var builder = GraphBuilder()
        let x = builder.input(
          Input(kind: .data, shape: columns[0].shape, dtype: .f32, name: "x"))
        let p = builder.input(Input(kind: .parameter, shape: w.shape, dtype: .f32, name: "w"))
        let h = try builder.emit(
          .dropout(rate: 0.5, site: 1), [try builder.matmul(x, p)])
        builder.setResult(
          try builder.reduce(.average, builder.unary(.square, h), axes: [0, 1]))
        let block = TracedBlock(
          graph: builder.finished(), inputs: columns + [w],
          targets: [.init(name: "w", input: 1, shape: w.shape, dtype: .f32)], states: [])
        let problem = Problem(block, updating: UpdatePlan(rule, lossScale: scale))
        #expect(try trainer.updated(by: problem).map(\.input) == [1])
        try trainer.prepare(problem, kept: moments, states: [], forBatch: number)
      }
      lab.bench.context.updateNumber = number + 1
      _ = try trainer.step(number)
    }
  }

  private static func tensors(_ lab: BlockLab) throws -> (x: Tensor, w: Tensor) {
    (try lab.tensor([10, 3], .data, seed: 1), try lab.tensor([3, 2], .parameters, seed: 3))
  }

  @Test(arguments: [
    UpdateRule.sgd(rate: 0.5), .sgd(rate: 0.5, momentum: 0.9),
    .adam(rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8),
  ])
  func `a second loop plans nothing and computes the same bits`(rule: UpdateRule) throws {
    let (once, anew) = (Count(), Count())
    var results: [[Double]] = []
    for (count, signature) in [(once, "counted"), (anew, nil)] {
      let lab = BlockLab()
      let (x, w) = try Self.tensors(lab)
      let before = lab.ledger.live
      for _ in 0..<3 {
        try Self.train(
          w, on: x, rule, with: Counted(count: count, signature: signature), on: lab)
      }
      #expect(lab.ledger.live == before)
      let summary = try #require(lab.bench.summary)
      #expect(summary.runs == 9 && summary.predictedPeak == summary.measuredPeak)
      results.append(w.doubles())
    }
    #expect(results[0] == results[1])
    // Batches of four rows and of two.
    #expect(once.value == 2 && anew.value == 6)
  }

  @Test func `another rate is no other plan; what changes numbers in the graph is`() throws {
    let lab = BlockLab()
    let (x, w) = try Self.tensors(lab)
    let count = Count()
    let strategy = Counted(count: count)
    try Self.train(w, on: x, with: strategy, size: 5, on: lab)
    #expect(count.value == 1)
    let between = w.doubles()
    try Self.train(w, on: x, .sgd(rate: 0), with: strategy, size: 5, on: lab)
    #expect(count.value == 1 && w.doubles() == between)
    try Self.train(w, on: x, .sgd(rate: 0.5, decay: 0.1), with: strategy, size: 5, on: lab)
    #expect(count.value == 2)
    try Self.train(w, on: x, .sgd(rate: 0.5, momentum: 0.5), with: strategy, size: 5, on: lab)
    #expect(count.value == 3)
    try Self.train(w, on: x, with: strategy, size: 5, scale: 8, on: lab)
    #expect(count.value == 4)
    try Self.train(w, on: x, with: strategy, size: 2, on: lab)
    #expect(count.value == 5)
    try Self.train(w, on: x, with: strategy, size: 5, on: lab)
    #expect(count.value == 5)
    lab.bench.planner.forget()
    try Self.train(w, on: x, with: strategy, size: 5, on: lab)
    #expect(count.value == 6)
  }

  @Test func `parameters that lie elsewhere are planned anew`() throws {
    let lab = BlockLab()
    let (x, w) = try Self.tensors(lab)
    let count = Count()
    try Self.train(w, on: x, with: Counted(count: count), size: 5, on: lab)
    let copy = try w.copy(as: .parameters)
    try Self.train(copy, on: x, with: Counted(count: count), size: 5, on: lab)
    #expect(count.value == 2 && copy.doubles() != w.doubles())
  }

  @Test func `a budget that a kept plan does not fit refuses it as it does a new one`() throws {
    let lab = BlockLab()
    let (x, w) = try Self.tensors(lab)
    let count = Count()
    try Self.train(w, on: x, with: Counted(count: count), size: 5, on: lab)
    let peak = try #require(lab.bench.summary).predictedPeak
    lab.ledger.budget = peak - 1
    let before = w.doubles()
    #expect(throws: ExperimentError.self) {
      try Self.train(w, on: x, with: Counted(count: count), size: 5, on: lab)
    }
    #expect(w.doubles() == before)
    lab.ledger.budget = peak
    try Self.train(w, on: x, with: Counted(count: count), size: 5, on: lab)
    #expect(w.doubles() != before)
  }

  @Test func `an arena at rest goes where its bytes would raise the peak`() throws {
    let ledger = Ledger()
    let arena = try Arena(byteCount: 1 << 20)
    arena.base.storeBytes(of: 7, as: UInt8.self)
    var storage: Storage? = try Storage(byteCount: 3 << 19, account: .values, ledger: ledger)
    storage = nil
    ledger.trim()
    ledger.rest(arena, holding: 1 << 20)
    #expect(storage == nil && ledger.pooledBytes == 1 << 20)
    ledger.makeRoom(forPass: 1 << 19)
    #expect(ledger.pooledBytes == 1 << 20 && arena.base.load(as: UInt8.self) == 7)
    ledger.makeRoom(forPass: 1 << 20)
    #expect(ledger.pooledBytes == 0 && arena.base.load(as: UInt8.self) == 0)
    #expect(!ledger.claim(arena))
    ledger.rest(arena, holding: 1 << 20)
    #expect(ledger.claim(arena) && ledger.pooledBytes == 0)
    ledger.rest(arena, holding: 1 << 22)
    #expect(ledger.pooledBytes == 0)
  }
}
