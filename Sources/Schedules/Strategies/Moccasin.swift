/// Retention intervals, found by a local search from the plain run alone; works on any graph.
///
/// Bartan et al. 2023, Moccasin, section 3, where a constraint solver chooses, for each value, the
/// stretches of the run over which it is retained. Here `RetentionSearch` chooses them: it lowers
/// the plain run by evictions, the cheapest for the excess that each takes away, takes out the
/// replays that there is room for, and exchanges one for another. `optimal` does the same from many
/// more beginnings.
package struct Moccasin: Strategy {
  /// Bytes of the schedule, at most, at once.
  package let budget: Int

  /// Plans within this budget, in bytes.
  package init(budget: Int) { self.budget = budget }

  package var spelling: String { Spelling.call("moccasin", ["budget: \(Spelling.bytes(budget))"]) }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    Moccasin(budget: surroundings.room(of: budget))
  }

  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let order = try RetentionLevels.plans(of: workload, StepTable(workload))
      .cheapest(within: budget)
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }
}

extension Moccasin {
  /// What the catalogue says of `moccasin`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "moccasin",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true)
    ],
    summary: "Retention intervals by a local search from the plain run; works on any graph.",
    details: """
      For each value it is decided over which stretches of the run it is retained. A value that \
      lies idle over the peak is let go and computed again before its next use, the one first that \
      costs least for the bytes it takes off the peak; replays that there is room for are taken \
      out, and one is exchanged for others where that is cheaper. The paper gives these decisions \
      to a constraint solver; here a search with a fixed limit of work makes them, the same on \
      every machine; on graphs of thousands of steps it ends before it is as low as it could be. \
      optimal does the same from many more beginnings, and is never dearer on graphs of up to 500 \
      steps.
      """,
    source: "Bartan et al. 2023, Moccasin: efficient tensor rematerialization, section 3",
    facts: .init(
      subject: .graph, guarantee: "none: a local search", planning: "a limit of work",
      paper: "Bartan et al. 2023"),
    example: "gradient wrt net with moccasin(budget: 64 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    Moccasin(budget: try OptionReader(options).bytes("budget"))
  }
}
