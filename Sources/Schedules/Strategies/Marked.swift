/// Honours `checkpoint { }` regions: a region's inside is dropped after the forward and replayed in
/// the backward.
///
/// Nested regions follow PyTorch's innermost-owner rule: a value that the backward of operation o
/// reads belongs to the innermost region around both its maker and o, so that what a region gives
/// to others is theirs. Reading it there first replays the regions around it, from the outermost,
/// each at most once; inside a replay, inner regions are run and dropped again. A replay stops as
/// soon as the last needed value is back, because what nobody reads is not computed. What belongs
/// to no forward step reads as from outside every region.
///
/// What a region saves, `checkpoint(save: ["matmul"]) { }`, stays when its inside is dropped, and
/// no replay of it computes that again. As with the policies of `jax.checkpoint`, the list speaks
/// of nested regions too, and a region around one that saves drops what that one saves, unless it
/// lists it as well.
package struct Marked: Strategy {
  /// It has no option: the regions are the block's.
  package init() {}

  package var spelling: String { "marked" }

  package var lever: Lever { .regions }

  /// Throws `.limit` where nested replays make too long a plan.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let regions = RegionTree(workload, table)
    var pace = Planning.Pace()
    var moves = ActionList(
      (0..<table.forwardCount).lazy.map { Schedule.Action.compute($0, reusing: nil) })
    var isReplayed = Array(repeating: false, count: workload.regions.count)
    for number in table.forwardCount..<table.count {
      let home = workload.steps[number].differentiates.flatMap { workload.steps[$0].region }
      for input in table.inputs(of: number) where input < table.forwardValueCount {
        for replayed in regions.replays(toRead: table.makers[input], from: home)
        where !isReplayed[replayed] {
          isReplayed[replayed] = true
          try pace.count(regions.steps(of: replayed).count)
          // The loss and new states are there since the forward pass: a replay has no use for them.
          for step in regions.steps(of: replayed)
          where !table.values(of: step).allSatisfy({ table.isResult[$0] }) {
            moves.append(.compute(step, reusing: nil))
          }
          if moves.count > ChainPlan.mostComputes {
            throw .limit(.computations(ChainPlan.mostComputes))
          }
        }
      }
      moves.append(.compute(number, reusing: nil))
    }
    return Schedule(actions: try Liveness.schedule(moves, in: workload))
  }
}

extension Marked {
  /// What the catalogue says of `marked`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "marked", options: [],
    summary: "Drops the inside of each checkpoint { } region and replays it in the backward pass.",
    details: """
      What is outside of every region is kept, as in keep_all. A region's inputs are kept where \
      its surroundings keep them, and so is what it gives to others. Nested regions belong to the \
      innermost one, as in PyTorch, and a replay stops as soon as the last needed value is back. \
      checkpoint(save: ["matmul"]) { } keeps what the listed operations make, or values named by \
      named(x, "…"), and replays the rest. Without a region it equals keep_all.
      """,
    source: "torch.utils.checkpoint (use_reentrant=False, early stop); jax.checkpoint",
    facts: .init(
      subject: .graph, guarantee: "what the regions say", planning: "n",
      paper: "PyTorch; JAX"),
    example: "gradient wrt net with marked { cross_entropy(checkpoint { net(x) }, y) }"
  ) { (_) throws(ScheduleError) in Marked() }
}
