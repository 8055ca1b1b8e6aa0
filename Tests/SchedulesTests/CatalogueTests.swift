import Testing

@testable import Schedules

@Test func `every strategy has help with an example that names it`() {
  for entry in Catalogue.entries {
    #expect(!entry.summary.isEmpty && entry.details.count > 60 && !entry.source.isEmpty)
    #expect(entry.example.contains(entry.name))
    for fact in [entry.facts.guarantee, entry.facts.planning, entry.facts.paper] {
      #expect((1...40).contains(fact.count), "\(entry.name): \(fact)")
    }
  }
  #expect(Set(Catalogue.entries.map(\.name)).count == Catalogue.entries.count)
}

@Test func `the catalogue has every strategy of the design`() {
  #expect(
    Catalogue.entries.map(\.name) == [
      "keep_all", "keep_none", "marked", "every", "sqrt_n", "bisect", "revolve", "mixed", "optimal",
      "exact", "moccasin", "twremat", "dtr", "save_only", "recompute_only", "knapsack", "offload",
      "poet", "disk_revolve", "auto",
    ])
}

@Test func `strategies are spelled as they are called`() throws {
  #expect(try Catalogue.make("every", positional: [.integer(4)]).spelling == "every(4)")
  #expect(
    try Catalogue.make("every", ["k": .integer(2), "stages": .word("operations")]).spelling
      == "every(2, stages: operations)")
  #expect(
    try Catalogue.make("optimal", ["budget": .bytes(256 << 10)]).spelling
      == "optimal(budget: 256 KiB)")
  #expect(
    try Catalogue.make("save_only", ["names": .words(["hidden"])]).spelling
      == "save_only(names: [\"hidden\"])")
  #expect(
    try Catalogue.make(
      "save_only", ["layers": .words(["dense"]), "ops": .words(["matmul"])]
    ).spelling == "save_only(ops: [\"matmul\"], layers: [\"dense\"])")
}

@Test func `wrong options are refused with what was expected`() {
  func refusal(_ name: String, _ options: [String: Catalogue.OptionValue]) -> ScheduleError? {
    do {
      _ = try Catalogue.make(name, options)
      return nil
    } catch {
      return error
    }
  }
  #expect(
    refusal("revolve", [:]) == .option(name: "slots", expected: .integer, found: .nothing))
  #expect(
    refusal("revolve", ["slots": .integer(0)])
      == .option(name: "slots", expected: .atLeast(1), found: .count(0)))
  #expect(
    refusal("every", ["k": .integer(2), "m": .integer(1)])
      == .option(name: "m", expected: .oneOf(["k", "stages"]), found: .value(.word("m"))))
  #expect(
    refusal("dtr", ["budget": .bytes(9), "heuristic": .word("best")])
      == .option(
        name: "heuristic",
        expected: .oneOf(["h_dtr", "h_dtr_eq", "lru", "size", "msps", "random"]),
        found: .value(.word("best"))))
  #expect(
    refusal("save_only", [:])
      == .option(name: "save_only", expected: .operationsNamesOrLayers, found: .nothing))
  #expect(refusal("keep_some", [:]) != nil)
}
