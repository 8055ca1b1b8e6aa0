/// Keeps only the chain's input and replays from it for each stage.
///
/// On a chain of n stages the forward runs n + (n − 1) + … + 1 = n(n + 1)/2 stages in all.
package struct KeepNone: ChainStrategy {
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Cut at the layers, unless told otherwise.
  package init(cut: Chain.Cut = .layers) { self.cut = cut }

  package var spelling: String { Spelling.call("keep_none", [], cut: cut) }

  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    var actions: [ChainAction] = []
    let last = chain.length - 1
    if last > 0 { actions.append(.keep(0)) }
    for stage in (0...last).reversed() {
      if stage < last { actions.append(.restore(0)) }
      if stage == 0 && last > 0 { actions.append(.drop(0)) }
      if stage > 0 { actions.append(.advance(0, stage)) }
      actions += [.record(stage), .reverse(stage)]
    }
    return actions
  }
}

extension KeepNone {
  /// What the catalogue says of `keep_none`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "keep_none", options: [.stages],
    summary: "Keeps only the input; replays from it for each stage.",
    details: """
      The other end of the scale from keep_all: one boundary is stored, the input, which takes the \
      one slot. A chain of n stages runs n(n + 1)/2 stages forward, so it is for short chains.
      """,
    source: "Griewank & Walther 2000, one checkpoint",
    facts: .init(
      subject: .chain, guarantee: "one boundary, n(n + 1)/2 stages run", planning: "n²",
      paper: "Griewank & Walther 2000"),
    example: "gradient wrt net with keep_none { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in KeepNone(cut: try OptionReader(options).cut()) }
}
