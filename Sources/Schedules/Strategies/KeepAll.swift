/// Computes every step once, in order: every value that the backward needs is kept until its last
/// use. The plain run that all other strategies are compared with.
package struct KeepAll: Strategy {
  /// It has no option.
  package init() {}

  package var spelling: String { "keep_all" }

  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    Schedule(actions: try Liveness.schedule(Array(workload.steps.indices), in: workload))
  }
}

extension KeepAll {
  /// What the catalogue says of `keep_all`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "keep_all", options: [],
    summary: "Keeps every value that the backward pass needs; replays nothing.",
    details: """
      The plain run, and what happens without a strategy. No forward step runs twice, and no other \
      strategy needs less time. Values that the backward pass does not read are freed as soon as \
      the forward pass is done with them.
      """,
    source: "reverse mode as usual: Linnainmaa 1970; Speelpenning 1980",
    facts: .init(
      subject: .graph, guarantee: "no step runs twice", planning: "n",
      paper: "Linnainmaa 1970"),
    example: "gradient wrt net with keep_all { cross_entropy(net(x), y) }"
  ) { (_) throws(ScheduleError) in KeepAll() }
}
