package import Execution
import Graphs
package import Schedules
package import Tensors

/// Where experiments are made: the session's ledger, what its random draws depend on, its planner,
/// and who may ask it to stop. Not thread-safe: it belongs to the session's thread.
package final class Workbench {
  /// Where all bytes of the session are counted.
  package let ledger: Ledger
  /// The seed and the step that random draws depend on.
  package let context: RunContext
  /// What plans and keeps compiled programs.
  package let planner: Planner
  /// True where what runs is to stop.
  let isCancelled: @Sendable () -> Bool
  /// The schedules that ran since this was last `nil`, taken together.
  package var summary: RunSummary?
  /// FLOPs that a command may spend on runs; `nil` for no limit.
  package var workLimit: Int?
  /// FLOPs of the running command so far.
  private var work = 0

  /// A bench with a planner of its own; `isCancelled` is asked while it plans and while it runs.
  package init(ledger: Ledger, context: RunContext, isCancelled: @escaping @Sendable () -> Bool) {
    self.ledger = ledger
    self.context = context
    self.isCancelled = isCancelled
    planner = Planner(ledger: ledger, isCancelled: isCancelled)
  }

  /// Plans a block beside what is live, and runs nothing.
  package func plan(
    _ problem: Problem, with strategy: any Strategy
  ) throws(ExperimentError) -> Plan {
    let base = surroundings(of: problem)
    return try planner.plan(problem, with: strategy, beside: base).plan(beside: base)
  }

  /// What stands outside a block's schedule: all that is live, and what its sketches would take.
  func surroundings(of problem: Problem) -> Account { ledger.live + problem.block.sketched }

  /// Runs a block under a strategy, with the next step's random draws. States stay as they are: the
  /// run gives the new ones. With `redrawing` replays draw their masks anew, which is a bug on
  /// purpose.
  package func run(
    _ problem: Problem, with strategy: any Strategy, redrawing: Bool = false
  ) throws(ExperimentError) -> BlockRun {
    let base = ledger.live
    let compiled = try planner.program(for: problem, with: strategy, beside: base)
    let planned = compiled.planned
    try planner.admit(planned)
    var summary = RunSummary(
      of: planned, predicted: base.total + planned.rehearsal.peak, measured: base.total,
      reserved: compiled.program.arenaBytes)
    try begin(work: summary.cost)
    context.step &+= 1
    let record: RunRecord
    do {
      record = try compiled.program.run(
        inputs: problem.block.inputs, context: context, ledger: ledger, redrawing: redrawing,
        isCancelled: isCancelled)
    } catch { throw .execution(error) }
    summary.measuredPeak += record.measuredPeak
    note(summary)
    return BlockRun(
      record: record, gradients: gradients(of: problem.block, planned, record),
      plan: planned.plan(beside: base))
  }

  /// One gradient for each target, in the order of the targets.
  private func gradients(
    of block: TracedBlock, _ planned: PlannedBlock, _ record: RunRecord
  ) -> [Tensor] {
    var found: [Int: Tensor] = [:]
    for (entry, tensor) in zip(planned.joint.gradients, record.gradients) {
      found[entry.input] = tensor
    }
    return block.targets.map { target in
      guard let tensor = found[target.input] else {
        preconditionFailure("a joint graph that is not trained has every gradient")
      }
      return tensor
    }
  }

  /// Runs what runs blocks for the sake of comparison: each run that `body` makes through its
  /// argument has the same random draws, and the session's own go on from where they were.
  func repeating<Result>(
    _ body: (_ rewind: () -> Void) throws(ExperimentError) -> Result
  ) throws(ExperimentError) -> Result {
    let step = context.step
    defer { context.step = step }
    return try body { context.step = step }
  }

  /// A command begins, which has spent nothing.
  package func beginWork() { work = 0 }

  /// Counts what is about to run, in FLOPs. Throws where the command would spend more than it may;
  /// then nothing of it runs.
  package func begin(work cost: Int) throws(ExperimentError) {
    work = work.saturatingAdd(cost)
    if let workLimit, work > workLimit { throw .workLimit(workLimit) }
  }

  /// Adds a run to the summary.
  func note(_ run: RunSummary) {
    if summary == nil { summary = run } else { summary?.add(run) }
  }
}
