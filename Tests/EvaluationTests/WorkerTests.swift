import Evaluation
import Testing

/// Training on several workers, held to what one worker does.
@Suite struct WorkerTests {
  static let tolerance = 1e-9

  @Test(arguments: [1, 2, 3, 4, 8], WorkerLab.optimizers)
  func `synchronous workers come to what one worker comes to on the joined batch`(
    count: Int, optimizer: String
  ) throws {
    for network in [WorkerLab.mlp, WorkerLab.normed, WorkerLab.dropped] {
      let joined = try WorkerLab.train(network, using: optimizer)
      let shared = try WorkerLab.train(network, using: "\(optimizer) on workers(\(count))")
      #expect(WorkerLab.distance(joined, shared) < Self.tolerance, "\(network)")
      #expect(shared.record["agrees"]?.isTrue == true)
      if count == 1 { #expect(joined.bits == shared.bits) }
      #expect(joined.live == shared.live, "\(network) leaks")
    }
  }

  @Test(arguments: [2, 3, 4, 8])
  func `batch norm takes each worker's rows, as micro-batches would`(count: Int) throws {
    for optimizer in WorkerLab.optimizers {
      let apart = try WorkerLab.train(
        WorkerLab.batchNormed, using: "\(optimizer) accumulate \(count)", size: 24 / count)
      let shared = try WorkerLab.train(
        WorkerLab.batchNormed, using: "\(optimizer) on workers(\(count))")
      // The running statistics, the last tensors, are averaged where those of micro-batches follow
      // each other.
      let parameters = apart.numbers.count - 2
      let differences = zip(
        apart.numbers.prefix(parameters).joined(), shared.numbers.prefix(parameters).joined()
      ).map { abs($0 - $1) }
      #expect(try #require(differences.max()) < Self.tolerance, "\(optimizer)")
    }
  }

  @Test func `running statistics are averaged over the workers`() throws {
    let clause = "sgd(lr: 0)"
    let whole = try WorkerLab.train(
      WorkerLab.batchNormed, using: "\(clause) on workers(2)", size: 48,
      batches: "shuffle: false")
    let halves = try ["0..<24", "24..<48"].map { rows in
      try WorkerLab.train(
        WorkerLab.batchNormed, using: clause, size: 24,
        setUp: "data = dataset(data.x[\(rows)], data.y[\(rows)])", batches: "shuffle: false")
    }
    for state in whole.numbers.indices.suffix(2) {
      for (place, number) in whole.numbers[state].enumerated() {
        let average = (halves[0].numbers[state][place] + halves[1].numbers[state][place]) / 2
        #expect(abs(number - average) < Self.tolerance)
      }
    }
  }

  /// Ways of training in which the numbers are those of `workers(4)`, some to the bit.
  static let ways: [(String, isSame: Bool)] = [
    ("workers(4, shard: optimizer)", true), ("workers(4, bucket: 64 B)", true),
    ("workers(4, bucket: 1 MiB)", false), ("workers(4, reduce: tree)", false),
    ("workers(4, reduce: naive)", false), ("workers(4, reduce: tree, bucket: 256 B)", false),
    ("workers(4, shard: optimizer, reduce: naive, bucket: 1 KiB)", false),
    ("workers(3)", false),
  ]

  @Test(arguments: ways.indices)
  func `ways to add up differ in rounding only`(way: Int) throws {
    let (workers, isSame) = Self.ways[way]
    for optimizer in WorkerLab.optimizers {
      if workers.contains("shard"), optimizer.hasPrefix("sgd"), !optimizer.contains("momentum") {
        continue
      }
      let one = try WorkerLab.train(WorkerLab.dropped, using: "\(optimizer) on workers(4)")
      let other = try WorkerLab.train(WorkerLab.dropped, using: "\(optimizer) on \(workers)")
      #expect(WorkerLab.distance(one, other) < Self.tolerance, "\(optimizer)")
      #expect(other.record["agrees"]?.isTrue == true)
      if isSame { #expect(one.bits == other.bits, "\(optimizer)") }
    }
  }

  @Test(arguments: ["sync", "async(delay: 2)", "local(every: 3)"])
  func `every strategy gives the same bits in each mode`(mode: String) throws {
    for network in [WorkerLab.normed, WorkerLab.dropped, WorkerLab.batchNormed] {
      let plain = try WorkerLab.train(
        network, using: "adam(lr: 0.01) on workers(4, updates: \(mode))")
      for strategy in ["sqrt_n", "every(1)", "keep_none", "bisect", "revolve(slots: 2)"] {
        let other = try WorkerLab.train(
          network, using: "adam(lr: 0.01) with \(strategy) on workers(4, updates: \(mode))")
        #expect(plain.bits == other.bits, "\(network), \(strategy)")
        #expect(plain.losses == other.losses)
        #expect(other.record["agrees"]?.isTrue == true)
      }
    }
  }

  @Test(arguments: WorkerLab.optimizers)
  func `asynchronous workers without delay do what one worker does`(optimizer: String) throws {
    for network in [WorkerLab.mlp, WorkerLab.dropped, WorkerLab.batchNormed] {
      let plain = try WorkerLab.train(network, using: optimizer)
      let one = try WorkerLab.train(network, using: "\(optimizer) on workers(1)")
      #expect(one.bits == plain.bits)
      for count in [1, 3] {
        let served = try WorkerLab.train(
          network, using: "\(optimizer) on workers(\(count), updates: async(delay: 0))")
        #expect(served.bits == plain.bits, "\(network)")
        #expect(served.losses == plain.losses)
        #expect(WorkerLab.integers(served.record, "staleness") == [0, 0, 0, 0])
      }
    }
  }

  @Test func `delays are what was asked for, and the same in each run`() throws {
    let clause = "adam(lr: 0.01) on workers(4, updates: async(delay: "
    let fixed = try WorkerLab.train(
      WorkerLab.mlp, using: clause + "2))", batches: "epochs: 4")
    #expect(WorkerLab.integers(fixed.record, "staleness") == [0, 1, 2, 2, 2, 2, 2, 2])
    let drawn = try WorkerLab.train(
      WorkerLab.mlp, using: clause + "random(most: 5)))", size: 6, batches: "epochs: 8")
    let ages = WorkerLab.integers(drawn.record, "staleness")
    #expect(ages.count == 64)
    #expect(ages.allSatisfy { 0...5 ~= $0 } && Set(ages).count > 3)
    // Four workers that never wait are three updates old on average, but for the start.
    #expect(abs(Double(ages.reduce(0, +)) / 64 - 3) < 0.5)
    let again = try WorkerLab.train(
      WorkerLab.mlp, using: clause + "random(most: 5)))", size: 6, batches: "epochs: 8")
    #expect(again.bits == drawn.bits)
    #expect(WorkerLab.integers(again.record, "staleness") == ages)
  }

  @Test func `replicas that are averaged after each step of plain descent do as synchronous ones`()
    throws
  {
    let sync = try WorkerLab.train(WorkerLab.normed, using: "sgd(lr: 0.1) on workers(4)")
    let local = try WorkerLab.train(
      WorkerLab.normed, using: "sgd(lr: 0.1) on workers(4, updates: local(every: 1))")
    #expect(WorkerLab.distance(sync, local) < Self.tolerance)
    let rare = try WorkerLab.train(
      WorkerLab.normed, using: "sgd(lr: 0.1) on workers(4, updates: local(every: 3))")
    #expect(WorkerLab.distance(sync, rare) > Self.tolerance)
  }

  /// Batches of 10 rows, and one of 8 at the end of each epoch: groups of three, and one of one.
  private func accumulated(_ network: WorkerLab.Network, using clauses: String) throws
    -> WorkerLab.Run
  {
    try WorkerLab.train(network, using: "\(clauses) accumulate 3", size: 10)
  }

  @Test(arguments: [1, 2, 3, 4], WorkerLab.optimizers)
  func `synchronous workers accumulate what one worker accumulates`(
    count: Int, optimizer: String
  ) throws {
    for network in [WorkerLab.mlp, WorkerLab.normed, WorkerLab.dropped] {
      let joined = try accumulated(network, using: optimizer)
      let shared = try accumulated(network, using: "\(optimizer) on workers(\(count))")
      #expect(WorkerLab.distance(joined, shared) < Self.tolerance, "\(network)")
      #expect(shared.record["agrees"]?.isTrue == true)
      if count == 1 {
        #expect(joined.bits == shared.bits)
        #expect(joined.losses == shared.losses)
      }
      #expect(joined.live == shared.live, "\(network) leaks")
    }
  }

  @Test(arguments: ways.indices)
  func `ways to add up sums of groups differ in rounding only`(way: Int) throws {
    let (workers, isSame) = Self.ways[way]
    for optimizer in ["adam(lr: 0.01)", "adafactor(lr: 0.01)", "adam(lr: 0.01, clip_norm: 0.05)"] {
      let one = try accumulated(WorkerLab.dropped, using: "\(optimizer) on workers(4)")
      let other = try accumulated(WorkerLab.dropped, using: "\(optimizer) on \(workers)")
      #expect(WorkerLab.distance(one, other) < Self.tolerance, "\(optimizer)")
      #expect(other.record["agrees"]?.isTrue == true)
      if isSame { #expect(one.bits == other.bits, "\(optimizer)") }
    }
  }

  @Test(arguments: ["sync", "sync, shard: optimizer", "async(delay: 2)", "local(every: 3)"])
  func `every strategy gives the same bits where groups are added up`(mode: String) throws {
    for network in [WorkerLab.normed, WorkerLab.dropped, WorkerLab.batchNormed] {
      let plain = try accumulated(
        network, using: "adam(lr: 0.01) on workers(4, updates: \(mode))")
      for strategy in ["sqrt_n", "keep_none", "revolve(slots: 2)"] {
        let other = try accumulated(
          network, using: "adam(lr: 0.01) with \(strategy) on workers(4, updates: \(mode))")
        #expect(plain.bits == other.bits, "\(network), \(strategy)")
        #expect(plain.losses == other.losses)
        #expect(other.record["agrees"]?.isTrue == true)
      }
    }
  }

  @Test(arguments: WorkerLab.optimizers)
  func `asynchronous workers without delay accumulate what one worker does`(optimizer: String)
    throws
  {
    for network in [WorkerLab.dropped, WorkerLab.batchNormed] {
      let plain = try accumulated(network, using: optimizer)
      for count in [1, 3] {
        let served = try accumulated(
          network, using: "\(optimizer) on workers(\(count), updates: async(delay: 0))")
        #expect(served.bits == plain.bits, "\(network)")
        #expect(served.losses == plain.losses)
        #expect(served.record["agrees"]?.isTrue == true)
      }
    }
  }

  @Test func `replicas that are averaged after each group of plain descent do as synchronous ones`()
    throws
  {
    func run(_ workers: String) throws -> WorkerLab.Run {
      try WorkerLab.train(
        WorkerLab.normed, using: "sgd(lr: 0.1) on \(workers) accumulate 2", size: 12)
    }
    let sync = try run("workers(4)")
    #expect(
      WorkerLab.distance(sync, try run("workers(4, updates: local(every: 1))")) < Self.tolerance)
    #expect(
      WorkerLab.distance(sync, try run("workers(4, updates: local(every: 3))")) > Self.tolerance)
  }

  @Test func `of a group each worker sends its sums once`() throws {
    let whole = try WorkerLab.train(WorkerLab.mlp, using: "sgd(lr: 0.1) on workers(4)", size: 12)
    let groups = try WorkerLab.train(
      WorkerLab.mlp, using: "sgd(lr: 0.1) on workers(4) accumulate 4", size: 12)
    #expect(
      try WorkerLab.integer(whole.record, "messages")
        == 4 * WorkerLab.integer(groups.record, "messages"))
    let (peaks, summed) = (WorkerLab.peaks(whole.record), WorkerLab.peaks(groups.record))
    #expect(try #require(summed[3]["gradients"]) > #require(peaks[3]["gradients"]))
  }

  @Test(
    arguments: ["", ", shard: optimizer", ", reduce: tree, bucket: 1 MiB"], ["", "accumulate 2"])
  func `an overflow in one worker skips the update in all`(options: String, group: String) throws {
    // The rows of the last worker's share of the first batch are far out.
    let far = """
      let far = where(arange(48) // 6 == 3, 20.0, 1.0)
      data = dataset(data.x * reshape(far, [48, 1]), data.y)
      """
    func run(_ clauses: String, setUp: String, steps: Int) throws -> WorkerLab.Run {
      try WorkerLab.train(
        WorkerLab.single, using: clauses, setUp: setUp,
        batches: "shuffle: false, steps: \(steps)")
    }
    let clauses = "adam(lr: 0.01) on workers(4\(options)) \(group) mixed f16"
    let near = try run(clauses, setUp: "", steps: 16)
    #expect(try WorkerLab.integer(near.record, "skipped") == 0)
    let before = try run("sgd(lr: 0)", setUp: far, steps: 1)
    let first = try run(clauses, setUp: far, steps: group.isEmpty ? 1 : 2)
    #expect(try WorkerLab.integer(first.record, "skipped") == 1)
    #expect(first.bits == before.bits)
    // A replica that had not skipped it would spoil all gradients from then on.
    let all = try run(clauses, setUp: far, steps: 16)
    #expect(1..<8 ~= (try WorkerLab.integer(all.record, "skipped")))
    #expect(all.bits != before.bits)
    #expect(all.record["agrees"]?.isTrue == true)
  }

  @Test func `synchronous workers compute in f16 what one worker does, to its rounding`() throws {
    for group in ["", "accumulate 2"] {
      let clauses = "adam(lr: 0.01) on workers(4) \(group) mixed f16"
      let shared = try WorkerLab.train(WorkerLab.single, using: clauses)
      let alone = try WorkerLab.train(
        WorkerLab.single, using: clauses.replacing("on workers(4)", with: ""))
      #expect(WorkerLab.distance(alone, shared) < 0.005)
      let one = try WorkerLab.train(
        WorkerLab.single, using: clauses.replacing("workers(4)", with: "workers(1)"))
      #expect(one.bits == alone.bits)
    }
  }

  @Test func `the optimizer has all moments when training is over`() throws {
    let setUp = "let opt = adam(lr: 0.01)"
    for workers in ["workers(4)", "workers(4, shard: optimizer)"] {
      let setUps = """
        \(setUp)
        train net for x, y in batches(data, size: 24) using opt on \(workers) {
          cross_entropy(net(cast(x, f64)), y)
        }
        """
      let sharded = try WorkerLab.train(WorkerLab.mlp, using: "opt", setUp: setUps)
      let plain = try WorkerLab.train(
        WorkerLab.mlp, using: "opt",
        setUp: setUps.replacing(" on \(workers)", with: ""))
      #expect(WorkerLab.distance(plain, sharded) < Self.tolerance, "\(workers)")
      #expect(plain.live == sharded.live)
    }
  }
}

extension Value {
  /// True for the truth value that is true.
  fileprivate var isTrue: Bool { if case .boolean(true) = self { true } else { false } }
}
