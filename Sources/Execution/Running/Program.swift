import Algorithms
package import Gradients
import Graphs
package import Schedules
import Tensors

/// A rehearsed schedule compiled to moves: what each action does to the ledger, what it computes,
/// and where.
///
/// `run` runs it once, as a gradient does; `bind` ties it to tensors that it runs on again and
/// again, as training does. Both are passes of one `Executor`. A program holds no tensor.
package final class Program {
  /// The joint graph, and the workload made of it.
  package let lowering: Lowering
  /// The schedule that was compiled.
  package let schedule: Schedule
  /// What every run of it takes: rehearsed = measured.
  package let rehearsal: Rehearsal
  /// One move an action.
  let moves: [Move]
  /// What the moves do to the ledger, in their order.
  let changes: [Move.Change]
  /// The nodes that the moves compute, in their order.
  let calls: [Move.Call]
  /// What is in memory when all moves are done, ascending by value.
  let leftovers: [Move.Leftover]
  /// Where the blocks of the arena lie.
  let layout: ArenaLayout
  /// Where the blocks of the slower tier lie.
  let tierLayout: ArenaLayout
  /// The first move that updates a parameter: a pass that has come there is finished. The number of
  /// moves where none does.
  let pointOfNoReturn: Int
  /// Acquisitions of the ledger from the point of no return on.
  let lastAcquisitions: Int
  /// Bytes by which these raise what is live at the point of no return.
  let lastRise: Int

  /// `rehearsal` is that of `schedule` on the lowering's workload: a schedule that its rehearsal
  /// refused must not come here. Throws `.interrupted` where planning is asked to stop.
  package init(
    _ lowering: Lowering, _ schedule: Schedule, _ rehearsal: Rehearsal
  ) throws(ExecutionError) {
    self.lowering = lowering
    self.schedule = schedule
    self.rehearsal = rehearsal
    let compilation = try Compilation(lowering, schedule, rehearsal)
    moves = compilation.moves
    changes = compilation.changes
    calls = compilation.calls
    leftovers = compilation.leftovers
    layout = ArenaLayout(compilation.blocks)
    tierLayout = ArenaLayout(compilation.blocksOnTier)
    if Planning.isCancelled { throw .interrupted }
    let first =
      moves.firstIndex { $0.step.map { lowering.workload.steps[$0].phase == .update } ?? false }
      ?? moves.count
    pointOfNoReturn = first
    let begun = compilation.changes[(moves[first...].first?.changes.lowerBound ?? changes.count)...]
    lastAcquisitions =
      begun.count { $0.old == nil } + moves[first...].count { $0.scratch > 0 }
    let live = first > 0 ? rehearsal.timeline[first - 1].after.total : 0
    lastRise = max(0, (rehearsal.timeline[first...].lazy.map(\.during.total).max() ?? 0) - live)
  }

  /// The joint graph that is run.
  package var joint: JointGraph { lowering.joint }

  /// Bytes of the arena that a run reserves: the rehearsed peak, and what gaps cost.
  package var arenaBytes: Int { layout.byteCount }

  /// The value that holds a result when all moves are done; `nil` where the schedule does not make
  /// it.
  func leftover(of result: Operand) -> Move.Leftover? {
    guard let value = lowering.value(of: result) else { return nil }
    let place = leftovers.partitioningIndex { $0.value >= value }
    return place < leftovers.count && leftovers[place].value == value ? leftovers[place] : nil
  }

  /// Throws `.inputCount` or `.input` where the tensors are not those that the graph was traced
  /// with.
  func check(_ inputs: [Tensor]) throws(ExecutionError) {
    let expected = joint.graph.inputs
    guard inputs.count == expected.count else {
      throw .inputCount(expected: expected.count, found: inputs.count)
    }
    for (index, (tensor, input)) in zip(inputs, expected).enumerated()
    where tensor.shape != input.shape || tensor.dtype != input.dtype {
      throw .input(
        index: index, name: input.name, expected: input.shape, input.dtype, found: tensor.shape,
        tensor.dtype)
    }
  }
}
