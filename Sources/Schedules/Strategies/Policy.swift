/// Keeps or drops each forward value by its operation, its name, or the layer that makes it; what
/// was dropped is computed again when the backward pass first reads it, from what was kept, and
/// then stays until its last use.
///
/// As `jax.checkpoint` with `save_only_these_names` or `dots_saveable`, and PyTorch's selective
/// checkpointing. Layers alone are recomputed as a checkpoint around each would do it: what one
/// gives to others is kept, as Korthikanti et al. 2022 keep what the attention core gives to the
/// projection behind it.
package struct Policy: Strategy {
  /// What the list names.
  package enum Kind: String, Hashable, Sendable {
    case saveOnly = "save_only"
    case recomputeOnly = "recompute_only"
  }

  /// Whether the list says what is kept, or what is dropped.
  package let kind: Kind
  /// The operations listed, as `plan` prints them; `nil` for any. One that a block does not have
  /// may be listed.
  package let operations: [String]?
  /// The names listed, given with `named(x, "…")`; `nil` for any value, named or not. One that no
  /// value has is refused where a block is planned.
  package let names: [String]?
  /// The layers listed, by what they were declared as, `attention`, or by their path,
  /// `net.layers[3]`; `nil` for any place. One that the block does not call is refused where it is
  /// planned.
  package let layers: [String]?

  /// Throws `.option` where no list is given, and for operations together with names. With layers,
  /// operations or names mean those within the layers.
  package init(
    _ kind: Kind, ops operations: [String]? = nil, names: [String]? = nil, layers: [String]? = nil
  ) throws(ScheduleError) {
    if operations == nil, names == nil, layers == nil {
      throw .option(name: kind.rawValue, expected: .operationsNamesOrLayers, found: .nothing)
    }
    if operations != nil, names != nil {
      throw .option(name: kind.rawValue, expected: .operationsOrNames, found: .both)
    }
    self.kind = kind
    self.operations = operations
    self.names = names
    self.layers = layers
  }

  package var spelling: String {
    let lists = [("ops", operations), ("names", names), ("layers", layers)]
    return Spelling.call(
      kind.rawValue,
      lists.compactMap { name, list in list.map { "\(name): \(Spelling.list($0))" } })
  }

  package var lever: Lever { .list }

  package var subject: StrategySubject { .operations }

  /// Throws `.unknown` for a listed name that no forward value has, and for a listed layer that the
  /// block does not call.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let forward = workload.steps.prefix(workload.forwardCount)
    if let names {
      let known = forward.flatMap { step in step.results.indices.compactMap(step.name) }
      if let unknown = names.first(where: { !known.contains($0) }) {
        throw .unknown(.value, name: unknown, known: known)
      }
    }
    try checkLayers(of: forward)
    let given = valuesGivenToOthers(workload)
    let order = Rematerialization.order(StepTable(workload)) { value in
      isSaved(
        workload.name(ofValue: value), madeBy: workload.steps[workload.maker(of: value)],
        isGiven: given.contains(value))
    }
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }

  /// Whether a value of this name is kept; `isGiven` is true for what a listed layer gives to
  /// others.
  private func isSaved(_ name: String?, madeBy step: Step, isGiven: Bool) -> Bool {
    var isListed = layers == nil || listedCall(around: step) != nil
    if let operations {
      isListed = isListed && operations.contains(step.operation)
    } else if let names {
      isListed = isListed && name.map(names.contains) ?? false
    } else if kind == .recomputeOnly {
      isListed = isListed && !isGiven
    }
    return isListed == (kind == .saveOnly)
  }

  /// The outermost call of a listed layer around a step; `nil` outside of all.
  private func listedCall(around step: Step) -> Int? {
    guard let layers else { return nil }
    return step.layers.first { layers.contains($0.kind) || layers.contains($0.path) }?.call
  }

  /// The values made within a listed layer that the forward pass reads outside of it.
  private func valuesGivenToOthers(_ workload: Workload) -> Set<Int> {
    guard layers != nil else { return [] }
    var given: Set<Int> = []
    for step in workload.steps.prefix(workload.forwardCount) {
      for input in step.inputs {
        guard let call = listedCall(around: workload.steps[workload.maker(of: input)]) else {
          continue
        }
        if !step.layers.contains(where: { $0.call == call }) { given.insert(input) }
      }
    }
    return given
  }

  private func checkLayers(of forward: ArraySlice<Step>) throws(ScheduleError) {
    guard let layers else { return }
    var kinds: [String] = []
    var paths: [String] = []
    var seen: Set<String> = [""]
    for layer in forward.lazy.flatMap(\.layers) {
      if seen.insert(layer.kind).inserted { kinds.append(layer.kind) }
      if seen.insert(layer.path).inserted { paths.append(layer.path) }
    }
    if let unknown = layers.first(where: { $0.isEmpty || !seen.contains($0) }) {
      throw .unknown(.layer, name: unknown, known: kinds + paths)
    }
  }
}

extension Policy {
  /// What the catalogue says of `save_only`, and how it makes one.
  static let saveOnlyEntry = entry(
    .saveOnly, summary: "Keeps only the values of the listed operations, names or layers.",
    details: """
      All other forward values are dropped and computed again, once, when the backward pass first \
      reads them. Saving matmul keeps what is dear to compute and replays the cheap rest. Layers \
      go by what they were declared as, or by their path; with ops or names, those within the \
      layers are meant: save_only(ops: ["matmul"], layers: ["net.layers[0]"]).
      """,
    example: "gradient wrt net with save_only(ops: [\"matmul\"]) { cross_entropy(net(x), y) }")

  /// What the catalogue says of `recompute_only`, and how it makes one.
  static let recomputeOnlyEntry = entry(
    .recomputeOnly, summary: "Drops only the values of the listed operations, names or layers.",
    details: """
      All other forward values that the backward pass reads are kept. Dropping softmax or gelu \
      saves large values that are cheap to compute again. Of listed layers the inside is dropped, \
      and what they give to others is kept: recompute_only(layers: ["attention_core"]) is the \
      selective recomputation of Korthikanti et al. With ops or names, those within the layers \
      are dropped.
      """,
    example: "gradient wrt net with recompute_only(ops: [\"gelu\"]) { cross_entropy(net(x), y) }")

  private static func entry(
    _ kind: Kind, summary: String, details: String, example: String
  ) -> Catalogue.Entry {
    Catalogue.Entry(
      name: kind.rawValue,
      options: [
        .init(
          "ops", .operations, "Operations, as plan prints them; not with names.",
          isRequired: false),
        .init(
          "names", .words, "Names given with named(x, \"…\"); not with ops.", isRequired: false),
        .init(
          "layers", .words,
          "Layers, as they were declared (\"dense\") or as they are reached (\"net.layers[0]\").",
          isRequired: false),
      ], summary: summary, details: details,
      source:
        "jax.checkpoint policies; torch.utils.checkpoint, selective; Korthikanti et al. 2022, "
        + "section 5",
      facts: .init(
        subject: .graph, guarantee: "a dropped value comes back once", planning: "n",
        paper: "Korthikanti et al. 2022"),
      example: example
    ) { (options) throws(ScheduleError) in
      let reader = OptionReader(options)
      return try Policy(
        kind, ops: try reader.words("ops"), names: try reader.words("names"),
        layers: try reader.words("layers"))
    }
  }
}
