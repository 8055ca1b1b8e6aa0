package import Schedules

/// Why a plan replays nothing, though its strategy is there to replay.
package enum Idleness: Hashable, Sendable {
  /// The graph narrows to a single value nowhere.
  case oneStage
  /// All the stages of a chain are kept; with `finer`, cutting at each narrow point gives more.
  case keptStages(Int, finer: Bool)
  /// Stages run again make nothing that the backward pass reads.
  case unreadStages(Int)
  /// The block has no `checkpoint { }` region.
  case noRegion
  /// The backward pass reads nothing from inside the regions.
  case unreadRegions
  /// What the list saves is all that the backward pass reads.
  case savedAll
  /// All that is kept fits the budget.
  case roomy
  /// Nothing goes to the slower tier.
  case tierUnused
}

extension Plan {
  /// Why it replays nothing under this strategy, which made it; `nil` where it replays something,
  /// moves something to the slower tier, or its strategy is not there for that.
  package func idleness(under strategy: any Strategy) -> Idleness? {
    guard rehearsal.replayedSteps == 0, rehearsal.tierTraffic == 0, workload.forwardCount > 0
    else { return nil }
    switch strategy.lever {
    case .none: return nil
    case .budget: return .roomy
    case .tier: return .tierUnused
    case .list: return .savedAll
    case .regions:
      if workload.regions.isEmpty { return .noRegion }
      return replaysWithoutLists ? .savedAll : .unreadRegions
    case .stages:
      guard let chain = schedule.chain, chain.chain.length > 1 else { return .oneStage }
      if chain.replayedStages > 0 { return .unreadStages(chain.replayedStages) }
      // A request to stop, while it looks, is met by what runs next.
      let narrow = (try? Chain.find(in: workload, cut: .operations))?.length ?? 1
      return .keptStages(
        chain.chain.length, finer: strategy.cutsStages && narrow > chain.chain.length)
    }
  }

  /// True where the block's regions would replay something if they saved nothing.
  private var replaysWithoutLists: Bool {
    var bare = workload
    for region in bare.regions.indices { bare.regions[region].saved = [] }
    guard bare.regions != workload.regions, let schedule = try? Marked().schedule(bare),
      let rehearsal = try? Rehearsal.of(schedule, bare)
    else { return false }
    return rehearsal.replayedSteps > 0
  }

  /// Stages of its chain run again: none where no step is. `nil` for a plan on no chain.
  package var replayedStages: Int? {
    schedule.chain.map { rehearsal.replayedSteps == 0 ? 0 : $0.replayedStages }
  }
}
