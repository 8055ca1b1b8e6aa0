/// Keeps or drops each forward value by its operation or its name; what was dropped is computed
/// again when the backward pass first reads it, from what was kept, and then stays until its last
/// use.
///
/// As `jax.checkpoint` with `save_only_these_names` or `dots_saveable`, and PyTorch's selective
/// checkpointing.
package struct Policy: Strategy {
  /// What the list names.
  package enum Kind: String, Hashable, Sendable {
    case saveOnly = "save_only"
    case recomputeOnly = "recompute_only"
  }

  /// Whether the list says what is kept, or what is dropped.
  package let kind: Kind
  /// The operations listed, as `plan` prints them; `nil` where names are. One that a block does not
  /// have may be listed.
  package let operations: [String]?
  /// The names listed, given with `named(x, "…")`; `nil` where operations are. One that no value
  /// has is refused where a block is planned.
  package let names: [String]?

  /// Throws `.option` unless exactly one of the lists is given.
  package init(
    _ kind: Kind, ops operations: [String]? = nil, names: [String]? = nil
  ) throws(ScheduleError) {
    guard (operations == nil) != (names == nil) else {
      throw .option(
        name: kind.rawValue, expected: .operationsOrNames,
        found: operations == nil ? .neither : .both)
    }
    self.kind = kind
    self.operations = operations
    self.names = names
  }

  package var spelling: String {
    if let operations { return Spelling.call(kind.rawValue, ["ops: \(Spelling.list(operations))"]) }
    return Spelling.call(kind.rawValue, ["names: \(Spelling.list(names ?? []))"])
  }

  package var lever: Lever { .list }

  /// Throws `.unknown` for a listed name that no forward value has.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    if let names {
      let known = workload.steps.prefix(workload.forwardCount).flatMap(\.results)
        .compactMap(\.name)
      if let unknown = names.first(where: { !known.contains($0) }) {
        throw .unknown(.value, name: unknown, known: known)
      }
    }
    let table = StepTable(workload)
    var run = Rematerialization(table)
    for step in 0..<table.forwardCount { run.compute(step) }
    for step in 0..<table.forwardCount {
      for (value, fact) in zip(workload.values(of: step), workload.steps[step].results)
      where !isSaved(fact, madeBy: workload.steps[step]) {
        run.drop(value)
      }
    }
    for step in table.forwardCount..<table.count { run.compute(step) }
    return Schedule(actions: try Liveness.schedule(run.order, in: workload))
  }

  private func isSaved(_ value: Step.Value, madeBy step: Step) -> Bool {
    let isListed =
      if let operations {
        operations.contains(step.operation)
      } else if let name = value.name {
        names?.contains(name) ?? false
      } else {
        false
      }
    return isListed == (kind == .saveOnly)
  }
}

extension Policy {
  /// What the catalogue says of `save_only`, and how it makes one.
  static let saveOnlyEntry = entry(
    .saveOnly, summary: "Keeps only the values of the listed operations or names.",
    details: """
      All other forward values are dropped and computed again, once, when the backward pass first \
      reads them. Saving matmul keeps what is dear to compute and replays the cheap rest.
      """,
    example: "gradient wrt net with save_only(ops: [\"matmul\"]) { cross_entropy(net(x), y) }")

  /// What the catalogue says of `recompute_only`, and how it makes one.
  static let recomputeOnlyEntry = entry(
    .recomputeOnly, summary: "Drops only the values of the listed operations or names.",
    details: """
      All other forward values that the backward pass reads are kept. Dropping softmax or gelu \
      saves large values that are cheap to compute again.
      """,
    example: "gradient wrt net with recompute_only(ops: [\"gelu\"]) { cross_entropy(net(x), y) }")

  private static func entry(
    _ kind: Kind, summary: String, details: String, example: String
  ) -> Catalogue.Entry {
    Catalogue.Entry(
      name: kind.rawValue,
      options: [
        .init(
          "ops", .operations, "Operations, as plan prints them; this or names.", isRequired: false),
        .init(
          "names", .words, "Names given with named(x, \"…\"); this or ops.", isRequired: false),
      ], summary: summary, details: details,
      source:
        "jax.checkpoint policies; torch.utils.checkpoint, selective; Korthikanti et al. 2022, "
        + "section 5",
      example: example
    ) { (options) throws(ScheduleError) in
      let reader = OptionReader(options)
      return try Policy(kind, ops: try reader.words("ops"), names: try reader.words("names"))
    }
  }
}
