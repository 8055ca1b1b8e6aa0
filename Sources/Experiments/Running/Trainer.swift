import Execution
package import Schedules
package import Tensors

/// A training loop: one compiled step for each shape of a batch, run once a batch.
///
/// The language asks for batch after batch: where a batch's shape is new it traces the block on the
/// batch's columns and prepares the step; then each batch is a step.
package final class Trainer {
  /// A training step, compiled and bound to its tensors.
  private final class Step {
    /// The step's block with its schedule.
    let planned: PlannedBlock
    /// The program, tied to the buffers of a batch, the parameters and the moments.
    let binding: Binding
    /// What lives outside the schedule while it runs.
    let base: Account

    /// A step, ready to run.
    init(planned: PlannedBlock, binding: Binding, base: Account) {
      self.planned = planned
      self.binding = binding
      self.base = base
    }
  }

  private let bench: Workbench
  /// What plans each step.
  package let strategy: any Strategy
  private let feed: BatchFeed
  private var steps: [Int: Step] = [:]
  /// The loss of each step so far.
  package private(set) var losses: [Double] = []
  /// The highest bytes in all while a step ran, so far.
  package private(set) var peak = 0

  /// `columns` are the data whose rows `batches` draws; buffers for a batch of them are made here.
  package init(
    _ batches: BatchOrder, of columns: [Tensor], with strategy: any Strategy, on bench: Workbench
  ) throws(ExperimentError) {
    self.bench = bench
    self.strategy = strategy
    feed = try BatchFeed(batches, of: columns, ledger: bench.ledger)
  }

  /// Steps in all.
  package var total: Int { feed.batches.total }

  /// The columns that a batch's numbers will stand in, for a block to be traced on; `nil` where the
  /// step of that shape is prepared.
  package func columnsToPrepare(forBatch number: Int) -> [Tensor]? {
    let rows = feed.rows(ofBatch: number)
    return steps[rows] == nil ? feed.columns(rows: rows) : nil
  }

  /// Plans, compiles and binds the step of a batch's shape.
  ///
  /// `problem` is the block traced on the batch's columns, with its update rule; `moments` are what
  /// the optimizer remembers of each updated parameter, in the order of the joint graph's updates;
  /// `states` the tensors that the new states are written to.
  package func prepare(
    _ problem: Problem, moments: [Tensor], states: [Tensor?], forBatch number: Int
  ) throws(ExperimentError) {
    let base = bench.ledger.live
    let planned = try bench.planner.plan(problem, with: strategy, beside: base)
    try bench.planner.admit(planned)
    let compiled = try planned.compiled
    do {
      let binding = try compiled.bind(
        inputs: problem.block.inputs + moments, context: bench.context, ledger: bench.ledger,
        states: states)
      steps[feed.rows(ofBatch: number)] = Step(
        planned: planned, binding: binding, base: base)
    } catch { throw .execution(error) }
  }

  /// The plan of a batch's step; `nil` where it is not prepared.
  package func plan(ofBatch number: Int) -> Plan? {
    steps[feed.rows(ofBatch: number)].map { $0.planned.plan(beside: $0.base) }
  }

  /// Runs the step of a batch, which must be prepared, and gives its loss. A step is whole or not
  /// at all.
  package func step(_ number: Int) throws(ExperimentError) -> Double {
    guard let step = steps[feed.rows(ofBatch: number)] else {
      preconditionFailure("the step of batch \(number) is not prepared")
    }
    feed.load(batch: number)
    bench.context.step &+= 1
    let measured: Int
    do {
      measured = try step.binding.run(
        measuring: number == 0, isCancelled: bench.isCancelled)
    } catch { throw .execution(error) }
    bench.note(
      step.planned, predicted: step.base.total + step.planned.rehearsal.peak,
      measured: step.base.total + measured)
    let loss = step.binding.loss
    losses.append(loss)
    peak = max(peak, step.base.total + measured)
    return loss
  }
}
