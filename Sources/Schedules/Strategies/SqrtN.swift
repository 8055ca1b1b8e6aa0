/// √n segments of about √n stages each.
///
/// Chen et al. 2016, section 4.1: with k segments the memory grows as n/k + k, least at k = √n. The
/// number of segments is √n rounded; segment i starts at boundary ⌊i·n/k⌋, so that lengths differ
/// by at most one.
package struct SqrtN: ChainStrategy {
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Cut at the layers, unless told otherwise.
  package init(cut: Chain.Cut = .layers) { self.cut = cut }

  package var spelling: String { Spelling.call("sqrt_n", [], cut: cut) }

  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    let length = chain.length
    let segments = max(1, Int(Double(length).squareRoot().rounded()))
    let boundaries = (0..<segments).map { $0 * length / segments }
    return ChainPlan.actions(keeping: boundaries, length: length)
  }
}

extension SqrtN {
  /// What the catalogue says of `sqrt_n`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "sqrt_n", options: [.stages],
    summary: "√n segments: memory of about 2√n stages for one extra forward pass.",
    details: """
      Splits the chain into √n segments, keeps the boundary at the start of each and replays a \
      segment when the backward pass gets there. Every stage runs forward at most twice; the last \
      segment is not replayed.
      """,
    source: "Chen et al. 2016, Training deep nets with sublinear memory cost, section 4.1",
    facts: .init(
      subject: .chain, guarantee: "about 2√n stages, run at most twice", planning: "n",
      paper: "Chen et al. 2016"),
    example: "gradient wrt net with sqrt_n { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in SqrtN(cut: try OptionReader(options).cut()) }
}
