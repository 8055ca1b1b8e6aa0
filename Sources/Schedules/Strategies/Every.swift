/// Keeps each k-th boundary and replays the stages between, segment by segment from the last, which
/// is not replayed.
///
/// `torch.utils.checkpoint.checkpoint_sequential` does the same with the number of segments given
/// instead of k.
package struct Every: ChainStrategy {
  /// Stages between two kept boundaries.
  package let k: Int
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Throws `.option` unless k is at least 1.
  package init(_ k: Int, cut: Chain.Cut = .layers) throws(ScheduleError) {
    guard k >= 1 else { throw .option(name: "k", expected: .atLeast(1), found: .count(k)) }
    self.k = k
    self.cut = cut
  }

  package var spelling: String { Spelling.call("every", ["\(k)"], cut: cut) }

  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    let boundaries = Array(stride(from: 0, to: chain.length, by: k))
    return ChainPlan.actions(keeping: boundaries, length: chain.length)
  }
}

extension Every {
  /// What the catalogue says of `every`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "every",
    options: [
      .init("k", .integer, "Keep each k-th boundary; at least 1.", isRequired: true), .stages,
    ],
    summary: "Keeps each k-th boundary; the last segment is not replayed.",
    details: """
      Stores the boundaries 0, k, 2k, … and, going backward, replays one segment of k stages at a \
      time. Each stage runs forward at most twice. Holds about n/k boundaries and the recordings \
      of k stages.
      """,
    source: "torch.utils.checkpoint.checkpoint_sequential; Chen et al. 2016, section 4",
    facts: .init(
      subject: .chain, guarantee: "a stage runs at most twice", planning: "n",
      paper: "Chen et al. 2016"),
    example: "gradient wrt net with every(4) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try Every(try reader.integer("k"), cut: try reader.cut())
  }
}
