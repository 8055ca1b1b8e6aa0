package import Schedules

/// What a chain plan costs, counted from its verbs.
package struct ChainCounts: Hashable, Sendable {
  /// Most boundaries stored at once; the chain's input counts where it is kept.
  package private(set) var slots = 0
  /// Stages run forward for the first time, and again.
  package private(set) var forwardStages = 0
  package private(set) var replayedStages = 0

  package init(_ plan: ChainPlan) {
    var stored: Set<Int> = []
    var ran: Set<Int> = []
    for action in plan.actions {
      switch action {
      case .keep(let boundary):
        stored.insert(boundary)
        slots = max(slots, stored.count)
      case .drop(let boundary): stored.remove(boundary)
      case .advance(let from, let to):
        for stage in stride(from: from, to: to, by: 1) { run(stage, &ran) }
      case .record(let stage): run(stage, &ran)
      case .restore, .reverse, .offload, .fetch: break
      }
    }
  }

  private mutating func run(_ stage: Int, _ ran: inout Set<Int>) {
    if ran.insert(stage).inserted { forwardStages += 1 } else { replayedStages += 1 }
  }
}
