package import Gradients
import Graphs
package import Schedules
import Tensors

/// A rehearsed schedule compiled to moves: what each action does to the ledger, what it computes,
/// and where.
///
/// `run` runs it once, as a gradient does; `bind` ties it to tensors that it runs on again and
/// again, as training does. Both are passes of one `Executor`. A program holds no tensor, and of
/// what it was made from only the joint graph.
package final class Program {
  /// The joint graph that is run.
  package let joint: JointGraph
  /// Of each node: the one before it in its step; below 0 for none.
  let previous: [Int32]
  /// What a pass goes through.
  let list: MoveList
  /// The steps that the moves compute, in their order.
  let calls: [Move.Call]
  /// Where these read and write, call by call.
  let locations: [Move.Location]
  /// Where the blocks of the arena lie.
  let layout: ArenaLayout
  /// Where the blocks of the slower tier lie.
  let tierLayout: ArenaLayout

  /// Compiles a draft. Throws `.interrupted` where planning is asked to stop.
  package init(_ draft: consuming Draft) throws(ExecutionError) {
    joint = draft.joint
    previous = draft.previous
    let blocks: Blocks
    (list, calls, locations, blocks) = try Self.compiled(consume draft)
    layout = ArenaLayout(blocks.inArena)
    tierLayout = ArenaLayout(blocks.onTier)
    if Planning.isCancelled { throw .interrupted }
  }

  /// Blocks that have no places yet.
  private typealias Blocks = (inArena: [ArenaLayout.Block], onTier: [ArenaLayout.Block])

  /// All but the places of the blocks: to find these, nothing else of what was compiled is needed.
  private static func compiled(
    _ draft: Draft
  ) throws(ExecutionError) -> (MoveList, [Move.Call], [Move.Location], Blocks) {
    let compilation = try Compilation(draft)
    return (
      MoveList(compilation, draft), compilation.calls, compilation.locations,
      (compilation.blocks, compilation.blocksOnTier)
    )
  }

  /// The same in one go.
  package convenience init(
    _ lowering: Lowering, _ rehearsal: Rehearsal
  ) throws(ExecutionError) {
    try self.init(Draft(lowering, rehearsal))
  }

  /// Bytes of the arena that a run reserves: the rehearsed peak, and what gaps cost.
  package var arenaBytes: Int { layout.byteCount }

  /// The value that holds a result when all moves are done; `nil` where the schedule does not make
  /// it.
  func leftover(of result: Operand) -> Move.Leftover? {
    guard let node = result.node else { return nil }
    return list.leftovers.first { $0.node == node && $0.result == result.result }
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
