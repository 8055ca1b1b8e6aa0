/// Neighbouring stages taken together, so that a long chain becomes a shorter one.
struct StageGroups {
  private let starts: [Int]

  /// At most `most` groups of a chain of `length` stages, whose sizes differ by at most one.
  init(length: Int, most: Int) {
    let count = min(length, most)
    starts = (0...count).map { $0 * length / count }
  }

  /// The chain of the groups, each with the boundary of its first stage; itself where every group
  /// is one stage.
  ///
  /// The forward FLOPs are summed. `recordedBytes`, `scratch` and `backwardCost` stay the first
  /// stage's: `ChainProfile`, which measures the groups on their steps, reads none of them.
  func merge(_ chain: Chain) -> Chain {
    guard starts.count <= chain.length else { return chain }
    return Chain(
      stages: (0..<starts.count - 1).map { group in
        let stages = chain.stages[starts[group]..<starts[group + 1]]
        var merged = chain.stages[starts[group]]
        merged.forward =
          merged.forward.lowerBound..<chain.stages[starts[group + 1] - 1].forward.upperBound
        merged.backward = stages.reversed().flatMap(\.backward)
        merged.forwardCost = stages.reduce(0) { $0 + $1.forwardCost }
        return merged
      })
  }

  /// Actions on groups as actions on their stages: a group is recorded and reversed stage by stage.
  func expand(_ actions: [ChainAction]) -> [ChainAction] {
    if starts.last == starts.count - 1 { return actions }
    return actions.flatMap { action -> [ChainAction] in
      switch action {
      case .keep(let group): return [.keep(starts[group])]
      case .drop(let group): return [.drop(starts[group])]
      case .restore(let group): return [.restore(starts[group])]
      case .advance(let from, let to): return [.advance(starts[from], starts[to])]
      case .record(let group):
        return (starts[group]..<starts[group + 1]).map { ChainAction.record($0) }
      case .reverse(let group):
        return (starts[group]..<starts[group + 1]).reversed().map { ChainAction.reverse($0) }
      case .offload(let group): return [.offload(starts[group])]
      case .fetch(let group): return [.fetch(starts[group])]
      }
    }
  }
}
