import Execution
package import Gradients
package import Schedules
package import Tensors

/// A training loop: one compiled step for each shape of a batch, run once a batch.
///
/// A *step* makes one update, from one batch or from a group of micro-batches whose gradients are
/// averaged: each counts by its share of the group's rows. The batches of an epoch's end go on with
/// those of the next; where the last group of the loop is incomplete, its average is that of the
/// batches that it has.
///
/// The language asks for step after step: where a batch's shape is new it traces the block on the
/// batch's columns and prepares it; then the step runs.
package final class Trainer {
  /// What tells compiled passes apart.
  private struct Key: Hashable {
    let rows: Int
    let part: UpdatePlan.Part
  }

  /// Those of a loop: a few, so that looking at each is faster than a dictionary.
  private struct Passes {
    private(set) var all: [(key: Key, pass: BoundPass)] = []

    subscript(key: Key) -> BoundPass? {
      for entry in all where entry.key == key { return entry.pass }
      return nil
    }

    mutating func add(_ pass: BoundPass, _ key: Key) { all.append((key, pass)) }
  }

  /// Plans of so many actions leave room that is worth giving back before they run.
  private static let longPlan = 500

  private let bench: Workbench
  /// What plans each pass.
  package let strategy: any Strategy
  /// Which batches make an update together.
  private let groups: BatchGroups
  private let feed: BatchFeed
  private var passes = Passes()
  /// The largest of the passes' arenas, and the one used last.
  private var (arena, lastArena): (Arena?, Arena?) = (nil, nil)
  /// What a group adds its gradients to.
  private var sums: [Tensor] = []
  /// The states as they were before the running group, which is whole or not at all.
  private var states: [(state: Tensor, copy: Tensor)] = []
  /// The loss of each step so far: of a group, the average of its batches'.
  package private(set) var losses: [Double] = []
  /// The highest bytes in all while a step ran, so far.
  package private(set) var peak = 0

  /// How the loss is scaled; `nil` where it is not.
  package private(set) var scaling: LossScaling?
  /// True where the last step made no update, for a gradient was not finite.
  package private(set) var didSkip = false

  /// `columns` are the data whose rows `batches` draws; buffers for a batch of them are made here.
  package init(
    _ batches: BatchOrder, of columns: [Rows], accumulating groupSize: Int = 1,
    scaling: LossScaling? = nil, with strategy: any Strategy, on bench: Workbench
  ) throws(ExperimentError) {
    self.bench = bench
    self.strategy = strategy
    groups = BatchGroups(batches, of: groupSize)
    self.scaling = scaling
    feed = try BatchFeed(batches, of: columns, ledger: bench.ledger)
  }

  /// Steps in all: the last group may be incomplete.
  package var total: Int { groups.total }

  /// The batches of a step.
  package func batches(ofStep number: Int) -> Range<Int> { groups.batches(of: number) }

  /// What a batch is of its group.
  package func part(ofBatch number: Int) -> UpdatePlan.Part { groups.part(ofBatch: number) }

  private func key(ofBatch number: Int) -> Key {
    Key(rows: groups.rows(ofBatch: number), part: part(ofBatch: number))
  }

  /// The columns that a batch's numbers will stand in, for a block to be traced on; `nil` where the
  /// pass of that shape is prepared.
  package func columnsToPrepare(forBatch number: Int) -> [Tensor]? {
    passes[key(ofBatch: number)] == nil
      ? feed.columns(rows: groups.rows(ofBatch: number)) : nil
  }

  /// The parameters that a pass of this problem updates.
  package func updated(by problem: Problem) throws(ExperimentError) -> [UpdatedInput] {
    try bench.planner.updated(by: problem)
  }

  /// Plans, compiles and binds the pass of a batch's shape, or takes one that an earlier loop left.
  ///
  /// `problem` is the block traced on the batch's columns, with its plan of updates; `kept` are the
  /// sums and moments of each updated parameter, in the order of `updated(by:)`; `sums` the sums
  /// alone; `states` the tensors that the new states are written to. `look` is shown the plan,
  /// which is gone by the time that it is compiled, as the problem is where the caller lets go of
  /// it, and gives what there is to remark on it, which this gives too.
  @discardableResult
  package func prepare(
    _ problem: consuming Problem, kept: [Tensor], sums: [Tensor] = [], states: [Tensor?],
    forBatch number: Int, look: (Plan) -> String? = { _ in nil }
  ) throws(ExperimentError) -> String? {
    self.sums = sums
    if groups.size > 1, self.states.isEmpty {
      do {
        for state in states.compactMap(\.self) {
          self.states.append((state, try state.copy(as: .state)))
        }
      } catch { throw .execution(.memory(error)) }
    }
    let base = bench.ledger.live
    let inputs = kept.isEmpty ? problem.block.inputs : problem.block.inputs + kept
    let cacheKey = bench.planner.key(of: problem, with: strategy, beside: base)
    let pass: BoundPass
    if let cacheKey, let left = parked(cacheKey, beside: base, inputs: inputs, states) {
      pass = left
    } else {
      pass = try make(
        consume problem, key: cacheKey, beside: base, inputs: inputs, states, look)
    }
    pass.base = base.total
    if pass.binding.arena.byteCount > arena?.byteCount ?? -1 { arena = pass.binding.arena }
    passes.add(pass, key(ofBatch: number))
    return pass.remark
  }

  /// Leaves what was compiled to the next loop with the same graph and plan. Nothing can be run any
  /// more.
  package func finish() {
    for entry in passes.all { bench.planner.park(entry.pass) }
    passes = Passes()
    (arena, lastArena) = (nil, nil)
  }

  /// A pass that an earlier loop left, bound to this one's tensors; `nil` where there is none that
  /// can be.
  private func parked(
    _ key: ProgramCache.Key, beside base: Account, inputs: [Tensor], _ states: [Tensor?]
  ) -> BoundPass? {
    guard let pass = bench.planner.takePass(key) else { return nil }
    // What is remarked on a plan may name bytes that live outside it.
    guard pass.remark == nil || pass.base == base.total,
      pass.binding.rebind(inputs: inputs, states: states)
    else { return nil }
    return pass
  }

  /// What planning comes to, without the problem.
  private enum Draft {
    /// A pass of the very same plan was parked.
    case parked(BoundPass)
    /// What is compiled, and what a pass of it knows.
    case made(Program.Draft, RunSummary, [UpdatedInput], remark: String?, ProgramCache.Key)
  }

  /// Plans and compiles a problem beside what is live, and ties the pass to its tensors.
  private func make(
    _ problem: consuming Problem, key: ProgramCache.Key?, beside base: Account, inputs: [Tensor],
    _ states: [Tensor?], _ look: (Plan) -> String?
  ) throws(ExperimentError) -> BoundPass {
    let draft = try draft(
      consume problem, key: key, beside: base, inputs: inputs, states, look)
    // What was planned is gone: it is larger than what it is compiled from.
    switch consume draft {
    case .parked(let pass): return pass
    case .made(let draft, let rehearsed, let updated, let remark, let key):
      if draft.actionCount >= Trainer.longPlan { bench.ledger.returnFreed() }
      do {
        let binding = try Program(consume draft).bind(
          inputs: inputs, context: bench.context, ledger: bench.ledger, states: states,
          sharing: arena)
        return BoundPass(
          binding: binding, rehearsed: rehearsed, updated: updated, remark: remark, key: key)
      } catch { throw .execution(error) }
    }
  }

  /// Plans a problem, and takes the pass that was parked of that plan, or gives what one is
  /// compiled from.
  private func draft(
    _ problem: consuming Problem, key: ProgramCache.Key?, beside base: Account, inputs: [Tensor],
    _ states: [Tensor?], _ look: (Plan) -> String?
  ) throws(ExperimentError) -> Draft {
    let computation = problem.computation
    let planned = try bench.planner.plan(problem, with: strategy, beside: base)
    _ = consume problem
    try bench.planner.admit(planned)
    let remark = look(planned.plan(beside: base))
    let own = key ?? bench.planner.key(of: planned, computing: computation)
    // A learner's own strategy is asked each time; where it plans what it did before, so is done.
    if key == nil, let pass = parked(own, beside: base, inputs: inputs, states),
      pass.remark == remark
    {
      return .parked(pass)
    }
    let (lowering, rehearsal) = (planned.lowering, planned.rehearsal)
    let summary = RunSummary(of: planned, predicted: rehearsal.peak, measured: rehearsal.peak)
    _ = consume planned
    return .made(
      Program.Draft(lowering, rehearsal), summary,
      lowering.joint.updates.map(UpdatedInput.init), remark: remark, own)
  }

  /// Runs a step, whose batches must be prepared, and gives its loss. A step is whole or not at
  /// all.
  package func step(_ number: Int) throws(ExperimentError) -> Double {
    let batches = batches(ofStep: number)
    let rows = groups.rows(of: number)
    for sum in sums { sum.fillWithZeros() }
    for (state, copy) in states { copy.overwrite(with: state) }
    let draw = bench.context.step
    bench.context.skipsUpdates = false
    // Updates that are asked for after the loop are made.
    defer { (bench.context.share, bench.context.skipsUpdates) = (1, false) }
    var loss = 0.0
    do {
      for batch in batches {
        bench.context.share =
          groups.size == 1 ? 1 : Double(groups.rows(ofBatch: batch)) / Double(rows)
        loss += bench.context.share * (try pass(ofBatch: batch, isMeasured: number == 0))
      }
    } catch {
      bench.context.step = draw
      for (state, copy) in states { state.overwrite(with: copy) }
      throw error
    }
    losses.append(loss)
    didSkip = bench.context.skipsUpdates
    // Each scale is a number of the graph: passes are made anew.
    if scaling?.count(skipped: didSkip) == true { passes = Passes() }
    return loss
  }

  /// Runs a batch's part of a step, and gives its loss.
  private func pass(ofBatch number: Int, isMeasured: Bool) throws(ExperimentError) -> Double {
    guard let pass = passes[key(ofBatch: number)] else {
      preconditionFailure("the pass of batch \(number) is not prepared")
    }
    if lastArena !== pass.binding.arena { lastArena?.discard(except: []) }
    lastArena = pass.binding.arena
    try bench.begin(work: pass.rehearsed.cost)
    feed.load(batch: number)
    bench.context.step &+= 1
    if !pass.hasRun {
      if pass.binding.actionCount >= Trainer.longPlan { bench.ledger.returnFreed() }
      pass.hasRun = true
    }
    do {
      pass.run.measuredPeak =
        pass.base
        + (try pass.binding.run(measuring: isMeasured, isCancelled: bench.isCancelled))
    } catch { throw .execution(error) }
    bench.note(pass.run)
    peak = max(peak, pass.run.measuredPeak)
    return pass.binding.loss
  }
}
