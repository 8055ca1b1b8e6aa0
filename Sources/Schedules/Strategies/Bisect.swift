/// Recursive halving: keeps the middle, reverses the second half, then the first from its own
/// start.
///
/// Stores about log₂ n boundaries and runs each stage forward about ½·log₂ n times more (Siskind &
/// Pearlmutter 2018, section 3: divide and conquer; Chen et al. 2016, section 4.3).
package struct Bisect: ChainStrategy {
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Cut at the layers, unless told otherwise.
  package init(cut: Chain.Cut = .layers) { self.cut = cut }

  package var spelling: String { Spelling.call("bisect", [], cut: cut) }

  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    SegmentReversal.actions(length: chain.length, slots: chain.length) { length, _ in length / 2 }
  }
}

extension Bisect {
  /// What the catalogue says of `bisect`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "bisect", options: [.stages],
    summary: "Recursive halving: log n boundaries.",
    details: """
      Keeps the boundary in the middle, reverses the second half in the same way, then the first. \
      Memory grows with the logarithm of the length, and so does the number of times a stage runs; \
      no number has to be chosen. revolve does better with the same slots.
      """,
    source:
      "Siskind & Pearlmutter 2018, Divide-and-conquer checkpointing; Chen et al. 2016, section 4.3",
    facts: .init(
      subject: .chain, guarantee: "about log n boundaries and runs", planning: "n log n",
      paper: "Siskind & Pearlmutter 2018"),
    example: "gradient wrt net with bisect { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in Bisect(cut: try OptionReader(options).cut()) }
}
