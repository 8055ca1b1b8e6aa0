import Evaluation
import Schedules
import Testing

@Suite struct `The laws, on every network of the prelude` {
  @Test func `every strategy of the catalogue is tried`() {
    let tried = Set(StrategyLaws.strategies.map { $0.prefix { $0 != "(" } })
    #expect(Set(Catalogue.entries.map { Substring($0.name) }).isSubset(of: tried))
  }

  @Test(arguments: Network.all)
  func `every strategy gives the same bits, and measures what it rehearsed, on`(
    network: Network
  ) throws {
    let values = network.loop == "x" ? "data.x" : "data.x, data.y"
    try Lab.session(network.setUp) { machine, outcomes in
      for outcome in outcomes { #expect(outcome.fault == nil) }
      for isMixed in [false, true] {
        let body = isMixed ? "{ mixed bf16 { loss(\(values)) } }" : "{ loss(\(values)) }"
        let plan = try #require(
          Lab.run("let law_plan = plan wrt net \(body)", in: machine).last)
        #expect(plan.fault == nil, "\(plan.fault?.message ?? "")")
        guard
          case .plan(let plan)? = machine.bindings.first(where: { $0.name == "law_plan" })?.value
        else { continue }
        StrategyLaws.hold(
          on: Blocks.Block(head: "wrt net", body: body), peak: plan.peak, soon: isMixed, in: machine
        )
      }
    }
  }

  /// What is said behind `using adam(lr: 0.01) with …`.
  static let clauses = [
    "", "updates at_end", "accumulate 2 mixed bf16", "accumulate 2 updates at_end mixed f16",
  ]

  @Test(arguments: Network.all, clauses)
  func `training gives the same parameters and losses under each strategy that plans soon, on`(
    network: Network, clauses: String
  ) throws {
    try Lab.session("") { machine, _ in
      let plain = try train(network, "keep_all", clauses, in: machine)
      let bytes = try #require(plain, "keep_all cannot train")
      var count = 0
      for strategy in StrategyLaws.strategies(budget: bytes.peak - bytes.kept / 4, soon: true) {
        guard let found = try train(network, strategy, clauses, in: machine) else { continue }
        #expect(found.losses == bytes.losses, "\(strategy) changes the losses")
        #expect(found.numbers == bytes.numbers, "\(strategy) changes the parameters")
        count += 1
      }
      #expect(count >= 12, "only \(count) strategies had a schedule")
    }
  }

  /// What some steps under a strategy came to: the losses, the bits of all parameters and states,
  /// the peak, and what of it is kept for a backward pass; `nil` where there is no schedule. Holds
  /// the peak to what was rehearsed.
  private func train(
    _ network: Network, _ strategy: String, _ clauses: String, in machine: Interpreter
  ) throws -> (losses: String, numbers: [[UInt8]], peak: Int, kept: Int)? {
    for outcome in Lab.run(network.setUp, in: machine) {
      #expect(outcome.fault == nil, "\(outcome.fault?.message ?? "")")
    }
    let isAccumulating = clauses.contains("accumulate")
    let size = isAccumulating ? network.rows / 2 : network.rows
    let outcomes = Lab.run(
      """
      let trained = train net for \(network.loop) in batches(data, size: \(size), epochs: 2) \
      using adam(lr: 0.01) with \(strategy) \(clauses) { loss(\(network.loop)) }
      """, in: machine)
    let outcome = try #require(outcomes.last)
    if let fault = outcome.fault {
      #expect(
        ["no-schedule", "budget-impossible"].contains(fault.code),
        "\(strategy): \(fault.code), \(fault.message)")
      return nil
    }
    let run = try #require(outcome.run)
    #expect(run.predictedPeak == run.measuredPeak, "\(strategy)")
    var (losses, numbers): (String, [[UInt8]]) = ("", [])
    for (name, value) in machine.bindings {
      if name == "trained", case .record(let record) = value, let list = record["losses"] {
        losses = machine.display(list)
      }
      if name == "net", case .layer(let layer) = value {
        numbers = (layer.parameters() + layer.states()).map { $0.tensor.tensor?.bytes() ?? [] }
      }
    }
    return (losses, numbers, run.measuredPeak, outcome.peak[.kept])
  }
}
