import Tensors

/// All that a pass of a program goes through, and nothing of the graph, the workload and the
/// schedule that it was made from: what stays in memory while training runs.
struct MoveList {
  /// One move an action.
  let moves: [Move]
  /// What the moves do to the ledger, in their order.
  let changes: [Move.Change]
  /// The steps that the moves compute, in their order.
  let computed: [Move.Computed]
  /// What the moves take to the slower tier and back, in their order.
  let transfers: [Move.Transfer]
  /// What is in memory when all moves are done, ascending by value.
  let leftovers: [Move.Leftover]
  /// The label of each step.
  let labels: StepLabels
  /// The first move that updates a parameter, or that other workers wait for: a pass that has come
  /// there is finished. The number of moves where there is none.
  let pointOfNoReturn: Int
  /// Acquisitions of the ledger from the point of no return on.
  let lastAcquisitions: Int
  /// Bytes by which these raise what is live at the point of no return.
  let lastRise: Int
  /// The rehearsed peak, in bytes above what lives outside.
  let peak: Int

  /// The moves that `compilation` found for a draft.
  init(_ compilation: Compilation, _ draft: Program.Draft) {
    moves = compilation.moves
    changes = compilation.changes
    computed = compilation.computed
    transfers = compilation.transfers
    leftovers = compilation.leftovers
    labels = draft.labels
    peak = draft.peak
    pointOfNoReturn = draft.pointOfNoReturn
    lastRise = draft.lastRise
    let before = moves[..<pointOfNoReturn]
    let changesBefore = before.reduce(0) { $0 + Int($1.changeCount) }
    let stepsBefore = before.count { $0.work.computes }
    lastAcquisitions =
      changes[changesBefore...].count { $0.old == nil }
      + computed[stepsBefore...].count { $0.scratch > 0 }
  }
}
