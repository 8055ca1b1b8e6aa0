import Evaluation
import Testing

/// What workers hold and send.
@Suite struct WorkerAccountTests {
  /// Bytes by class of each worker, of shares of six rows each.
  private func peaks(_ count: Int, _ options: String = "", with strategy: String = "keep_all")
    throws -> [[String: Int]]
  {
    let run = try WorkerLab.train(
      WorkerLab.normed,
      using: "adam(lr: 0.01) with \(strategy) on workers(\(count)\(options))", size: 6 * count)
    return WorkerLab.peaks(run.record)
  }

  @Test func `a worker's memory does not depend on how many there are, but for what it sends with`()
    throws
  {
    let two = try peaks(2)
    #expect(Set(two.map { $0["total"] }).count == 1)
    for count in [4, 8] {
      let more = try peaks(count)
      #expect(more.count == count && Set(more.map { $0["total"] }).count == 1)
      for kind in ["data", "parameters", "state", "optimizer", "kept", "gradients"] {
        #expect(more[0][kind] == two[0][kind], "\(kind)")
      }
      #expect(try #require(more[0]["workspace"]) <= #require(two[0]["workspace"]))
    }
  }

  @Test func `checkpointing lowers a worker's peak in each mode`() throws {
    for mode in ["sync", "async(delay: 3)", "local(every: 2)"] {
      let all = try peaks(4, ", updates: \(mode)")
      let few = try peaks(4, ", updates: \(mode)", with: "sqrt_n")
      #expect(try #require(few[0]["total"]) < #require(all[0]["total"]), "\(mode)")
    }
  }

  @Test func `each worker holds the moments that it owns`() throws {
    let whole = try peaks(4)
    let owned = try peaks(4, ", shard: optimizer")
    let moments = owned.compactMap { $0["optimizer"] }
    #expect(moments.reduce(0, +) == whole[0]["optimizer"])
    #expect(moments.allSatisfy { $0 > 0 })
    for (worker, account) in owned.enumerated() {
      #expect(
        try #require(account["total"])
          <= #require(whole[0]["total"]) - #require(whole[0]["optimizer"]) + moments[worker])
    }
  }

  @Test func `workers of a server hold no moments, and it holds no activations`() throws {
    let run = try WorkerLab.train(
      WorkerLab.normed, using: "adam(lr: 0.01) on workers(4, updates: async(delay: 3))", size: 6)
    #expect(WorkerLab.peaks(run.record).allSatisfy { $0["optimizer"] == 0 && $0["kept"] ?? 0 > 0 })
    guard case .record(let server)? = run.record["server"],
      case .bytes(let total)? = server["total"],
      case .bytes(let parameters)? = server["parameters"]
    else {
      Issue.record("no account of the server")
      return
    }
    // The parameters, two moments of each, and gradients.
    #expect(total == 4 * parameters)
  }

  /// Bytes of all parameters of a network, in f64.
  private func bytes(_ network: WorkerLab.Network) throws -> Int {
    let run = try WorkerLab.train(network, using: "sgd(lr: 0.1)")
    return 8 * run.numbers.reduce(0) { $0 + $1.count }
  }

  @Test(arguments: ["ring", "tree", "naive"])
  func `what workers send is what the ways say`(way: String) throws {
    let parameters = try bytes(WorkerLab.mlp)
    let workers = 4
    let run = try WorkerLab.train(
      WorkerLab.mlp, using: "sgd(lr: 0.1) on workers(\(workers), reduce: \(way))")
    guard case .bytes(let sent)? = run.record["sent"],
      case .integer(let count)? = run.record["messages"]
    else {
      Issue.record("no count of what was sent")
      return
    }
    // Four steps; four gradients; each way all send three times all bytes twice.
    #expect(sent == 4 * 2 * (workers - 1) * parameters)
    let each = way == "ring" ? 2 * workers * (workers - 1) : 2 * (workers - 1)
    #expect(count == 4 * 4 * each)
  }

  @Test func `a budget is the wall of each worker, and nothing changes where it is met`() throws {
    let text = """
      seed 3
      let net = chain(dense(2, 8), tanh, dense(8, 3))
      let data = spirals(count: 48, classes: 3)
      budget 2 KiB
      train net for x, y in batches(data, size: 24) using adam(lr: 0.01) on workers(2) {
        cross_entropy(net(x), y)
      }
      """
    try Lab.session(text.split(separator: "\n").prefix(4).joined(separator: "\n")) { machine, _ in
      let before = Lab.fingerprint(machine)
      let outcome = try #require(
        Lab.run(
          text.split(separator: "\n").dropFirst(4).joined(separator: "\n"), in: machine
        ).last)
      #expect(outcome.fault?.kind == .memory)
      #expect(Lab.fingerprint(machine) == before)
    }
  }

  @Test(
    arguments: ["", "updates: async(delay: 1)", "updates: local(every: 2)", "shard: optimizer"],
    ["", "accumulate 2"])
  func `an allocation that fails leaves all as it was`(option: String, group: String) throws {
    let setUp = """
      seed 3
      let net = chain(dense(2, 8), batch_norm(8), tanh, dense(8, 3))
      let data = spirals(count: 24, classes: 3)
      """
    let text = """
      train net for x, y in batches(data, size: \(group.isEmpty ? 24 : 12)) using adam(lr: 0.01) \
      on workers(2\(option.isEmpty ? "" : ", \(option)")) \(group) { cross_entropy(net(x), y) }
      """
    try Lab.session(setUp) { machine, _ in
      let before = Lab.fingerprint(machine)
      var failures = 0
      for number in 0..<400 {
        machine.ledger.allocationsBeforeFault = number
        let outcome = try #require(Lab.run(text, in: machine).last)
        machine.ledger.allocationsBeforeFault = nil
        // The moments of other workers are brought together behind the only step.
        guard let fault = outcome.fault, !fault.message.contains("finished") else { break }
        failures += 1
        #expect(Lab.fingerprint(machine) == before, "after the allocation \(number)")
      }
      #expect(failures > 10)
    }
  }
}
