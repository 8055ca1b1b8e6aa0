import Evaluation
import Testing

/// Training steps that fail, or make no update: what they leave.
@Suite struct FailedStepTests {
  /// A network with states, an optimizer that remembers something, two data sets that differ in one
  /// label, which the worse of them has and no class.
  private static func setUp(badRow: Int) -> String {
    """
    seed 3
    let net = chain(dense(2, 8), batch_norm(8), dropout_layer(0.2), tanh, dense(8, 3))
    let opt = adam(lr: 0.05)
    let rows = randn(48, 2)
    let labels = tensor(map(fn(i) { i % 3 }, 0..<48), dtype: i32)
    let data = dataset(rows, labels)
    let worse = dataset(rows, cast(where(arange(48) == \(badRow), 7, labels), i32))
    """
  }

  private static func train(_ data: String, steps: Int, on workers: String) -> String {
    """
    train net for x, y in batches(\(data), size: 8, steps: \(steps), shuffle: false) using opt \
    \(workers) { cross_entropy(net(x), y) }
    """
  }

  static let ways = [
    "", "accumulate 2", "on workers(4)", "on workers(4, shard: optimizer)",
    "on workers(4, bucket: 1 MiB, reduce: tree)", "on workers(4, updates: async(delay: 2))",
    "on workers(4, updates: local(every: 1))", "on workers(4, updates: local(every: 3))",
    "on workers(3, updates: local(every: 100))", "on workers(4) accumulate 2",
    "on workers(4, shard: optimizer) accumulate 2",
    "on workers(4, updates: async(delay: 2)) accumulate 2",
    "on workers(4, updates: local(every: 1)) accumulate 2", "mixed f16", "on workers(4) mixed f16",
  ]

  /// What a session comes to that trains after `between`, which fails where it is there, and before
  /// it unless that `isFirst`.
  private func state(
    _ setUp: String, after between: String?, on workers: String, isFirst: Bool = false
  ) throws -> String {
    let good = Self.train("data", steps: 3, on: workers)
    let text = [setUp, isFirst || between == nil ? nil : good, between, good]
      .compactMap(\.self).joined(separator: "\n")
    return try Lab.session(text) { machine, outcomes in
      let faults = outcomes.compactMap(\.fault)
      #expect(faults.count == (between == nil ? 0 : 1), "\(workers): \(faults.map(\.message))")
      for fault in faults { #expect(fault.code == "index-out-of-range") }
      return Lab.fingerprint(machine)
    }
  }

  @Test(arguments: ways, 0..<4)
  func `a worker that fails in its first step leaves network, states and moments as they were`(
    way: String, worker: Int
  ) throws {
    // Of a group it is the second batch that fails: the first has changed states.
    let first = way.contains("accumulate") ? 8 : 0
    let setUp = Self.setUp(badRow: first + 2 * worker + 1)
    let good = Self.train("data", steps: 3, on: way)
    let expected = try state("\(setUp)\n\(good)", after: nil, on: way)
    let found = try state(
      setUp, after: Self.train("worse", steps: 3, on: way), on: way)
    #expect(found == expected, "\(way)")
  }

  @Test(arguments: ways, [0, 3])
  func `a loop that a worker stops keeps what one that ends there comes to`(
    way: String, worker: Int
  ) throws {
    // The sixth batch fails: five steps are finished, or two of two batches each.
    let setUp = Self.setUp(badRow: 40 + 2 * worker + 1)
    let finished = way.contains("accumulate") ? 4 : 5
    let expected = try state(
      "\(setUp)\n\(Self.train("data", steps: finished, on: way))", after: nil, on: way)
    let found = try state(
      setUp, after: Self.train("worse", steps: 6, on: way), on: way, isFirst: true)
    #expect(found == expected, "\(way)")
  }

  @Test(arguments: ["shard: optimizer", "updates: local(every: 100)"])
  func `what other workers have is said to be lost where there is no room for it`(option: String)
    throws
  {
    try Lab.session(Self.setUp(badRow: 47)) { machine, _ in
      let text = Self.train("data", steps: 6, on: "on workers(4, \(option))")
      // No allocation succeeds any more from some place in the loop on.
      machine.ledger.allocationsBeforeFault = 120
      let outcome = try #require(Lab.run(text, in: machine).last)
      machine.ledger.allocationsBeforeFault = nil
      let fault = try #require(outcome.fault)
      #expect(fault.kind == .memory)
      #expect(fault.message.contains("finished training step"))
      #expect(fault.notes.contains { $0.text.contains("what the first worker has") })
    }
  }

  @Test(arguments: ["", "on workers(2)", "on workers(2, updates: async)"])
  func `updates are made after a loop whose last one was skipped`(workers: String) throws {
    let text = """
      seed 3
      let net = dense(2, 3)
      let data = spirals(count: 30, classes: 3)
      let t = train net for x, y in batches(data, size: 10) using sgd(lr: 0.1) mixed f16 {
        1e9 * cross_entropy(net(x), y)
      }
      t.skipped == t.steps
      """
    #expect(try Lab.last(text) == "true")
    let update =
      workers.isEmpty
      ? "update net along gradient wrt net { cross_entropy(net(data.x), data.y) } using sgd(lr: 1)"
      : """
      train net for x, y in batches(data, size: 10) using sgd(lr: 1) \(workers) {
        cross_entropy(net(x), y)
      }
      """
    let moved = "\(text)\nlet before = net.w + 0\n\(update)\nmax(abs(net.w - before)) > 0.01"
    #expect(try Lab.last(moved) == "true")
  }
}
