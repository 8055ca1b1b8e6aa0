package import Execution
package import Gradients
package import Graphs
package import Schedules
package import Tensors

/// A training loop on several workers: each has a replica, a share of the data and an account of
/// its own. In one process their passes run in turn, from one exchange to the next; where `mpirun`
/// has started several processes each of them is a worker.
///
/// A *step* makes one update, from one batch or from a group of micro-batches, of each of which a
/// worker has its share: it adds up its gradients, and what it exchanges are the sums.
///
/// The language asks for step after step: where a share's shape is new it traces the block on
/// columns of so many rows, and prepares it for all workers; then the step runs.
package final class WorkerTrainer {
  /// What tells passes apart.
  package struct Key: Hashable {
    /// Rows of the worker's share.
    package let rows: Int
    /// True where replicas are averaged in the step.
    let averages: Bool
    /// What the batch is of its group.
    package let part: UpdatePlan.Part
  }

  let bench: Workbench
  /// How many workers there are, and what they do.
  package let setting: WorkerSetting
  /// What plans each pass.
  package let strategy: any Strategy
  /// Which batches make an update together.
  let groups: BatchGroups
  private let columns: [Rows]
  private var order: [Int] = []
  private let orderRoom: Workspace
  private var orderedEpoch = -1
  /// One for each worker of this process.
  let replicas: [Replica]
  let rendezvous: Rendezvous
  /// The other processes, where workers are processes, and what exchanges with them.
  package let group: ProcessGroup?
  let exchanger: ProcessExchanger?
  /// What the block is traced on: the first worker's buffers, or, where it works on no tensors of
  /// the session, buffers of the session's.
  private let tracedColumns: [Tensor]
  /// The passes that each worker has had to prepare.
  private var known: [Set<Key>]
  /// What each key sends in a step.
  private var sendings: [Key: Traffic] = [:]
  /// What simulated times are of.
  var clock: WorkerClock?

  /// The loss of each step so far: the average of the workers', by their rows.
  package internal(set) var losses: [Double] = []
  /// Bytes and messages of each step so far, of all workers together.
  package internal(set) var traffic: [Traffic] = []
  /// Simulated seconds since the start, at the end of each step so far.
  package internal(set) var times: [Double] = []
  /// Of each update of a server, how many updates came between what its gradients were taken with
  /// and it.
  package internal(set) var staleness: [Int] = []
  /// The highest bytes of each worker, by class: known when training is over.
  package internal(set) var peaks: [Account] = []
  /// True where each worker's ledger saw what its rehearsals said: known when training is over.
  package internal(set) var agrees = true
  /// How the loss is scaled; `nil` where it is not.
  package private(set) var scaling: LossScaling?
  /// True where the last step made no update, for a worker's gradient was not finite.
  package internal(set) var didSkip = false
  /// The session's parameters that are updated, and its states that get new values.
  private(set) var (trained, states): ([Tensor], [Tensor]) = ([], [])
  /// What updates the parameters where workers do not.
  var server: ParameterServer?

  /// `columns` are the data whose rows `batches` draws; buffers for a worker's share are made here.
  package init(
    _ batches: BatchOrder, of columns: [Rows], accumulating groupSize: Int = 1,
    scaling: LossScaling? = nil, on setting: WorkerSetting, with strategy: any Strategy,
    on bench: Workbench
  ) throws(ExperimentError) {
    groups = BatchGroups(batches, of: groupSize)
    self.scaling = scaling
    self.columns = columns
    self.setting = setting
    self.strategy = strategy
    self.bench = bench
    known = Array(repeating: [], count: setting.count)
    rendezvous = Rendezvous(workers: setting.count)
    group = ProcessGroup.current
    exchanger = group.map { ProcessExchanger($0) }
    do {
      orderRoom = try Workspace(byteCount: batches.orderBytes, ledger: bench.ledger)
    } catch { throw .execution(.memory(error)) }
    let whole = min(batches.size, batches.rows)
    let rows = setting.isServed ? whole : (whole + setting.count - 1) / setting.count
    var replicas: [Replica] = []
    for rank in group.map({ [$0.rank] }) ?? Array(0..<setting.count) {
      let isSession = !setting.isServed && (rank == 0 || group != nil)
      replicas.append(
        try Replica(rank: rank, isSession: isSession, rows: rows, of: columns, beside: bench))
    }
    self.replicas = replicas
    tracedColumns = replicas[0].buffers
    for replica in replicas { replica.standIn(for: tracedColumns) }
    // Of synchronous processes each knows its own part only.
    if let machine = setting.machine, group == nil || setting.isServed {
      clock = WorkerClock(machine, setting)
    }
  }

  /// True where a server of this session's has the optimizer's moments.
  package var servesFromSession: Bool { setting.isServed && group?.rank ?? 0 == 0 }

  /// Steps in all: the last group may be incomplete.
  package var total: Int { groups.total }

  private var batches: BatchOrder { groups.batches }

  /// The fewest rows of a batch that has fewer than there are workers to share it; `nil` where each
  /// worker has a row of each.
  package var rowsOfSmallestBatch: Int? {
    guard !setting.isServed else { return nil }
    let least = (0..<min(batches.total, batches.batchesPerEpoch))
      .map(groups.rows(ofBatch:)).min()
    return least.flatMap { $0 < setting.count ? $0 : nil }
  }

  /// True where replicas are averaged behind a batch: at the end of a step.
  func averages(afterBatch batch: Int) -> Bool {
    guard case .local(let every) = setting.mode, setting.count > 1,
      groups.part(ofBatch: batch) != .early
    else { return false }
    let number = batch / groups.size
    return (number + 1) % every == 0 || number == total - 1
  }

  /// Of so many rows of a batch, those that a worker has.
  func share(of rows: Int, rank: Int) -> Range<Int> {
    setting.isServed ? 0..<rows : setting.share(of: rows, rank: rank)
  }

  func key(ofBatch batch: Int, rank: Int) -> Key {
    Key(
      rows: share(of: groups.rows(ofBatch: batch), rank: rank).count,
      averages: averages(afterBatch: batch), part: groups.part(ofBatch: batch))
  }

  /// What a worker needs for a step: first what ends it, which has all that the others have around
  /// them.
  func keys(ofStep number: Int, rank: Int) -> [Key] {
    groups.batches(of: number).reversed().map { key(ofBatch: $0, rank: rank) }
  }

  /// The passes that a step needs and that are not prepared.
  package func keysToPrepare(forStep number: Int) -> [Key] {
    var keys: [Key] = []
    for replica in replicas {
      for key in self.keys(ofStep: number, rank: replica.rank)
      where replica.passes[key] == nil && !keys.contains(key) {
        keys.append(key)
      }
    }
    return keys
  }

  /// True where some worker, of whatever process, has a pass to prepare for a step; asked once for
  /// each step.
  package func somebodyPrepares(forStep number: Int) -> Bool {
    var isNew = false
    for rank in 0..<setting.count {
      for key in keys(ofStep: number, rank: rank) where known[rank].insert(key).inserted {
        isNew = true
      }
    }
    return isNew
  }

  /// The columns that the rows of a share will stand in, for a block to be traced on.
  package func columns(for key: Key) -> [Tensor] {
    tracedColumns.map { $0.prefix(rows: key.rows) }
  }

  /// The problem of a traced block, as a worker sees it: the first of this process, unless said.
  package func problem(
    of block: TracedBlock, _ plan: UpdatePlan, _ key: Key, rank: Int? = nil
  ) -> Problem {
    var plan = plan
    plan.part = key.part
    plan.lossScale = scaling?.scale
    plan.exchange = setting.exchange(averages: key.averages, rank: rank ?? replicas[0].rank)
    return Problem(block, updating: plan)
  }

  /// Plans, compiles and binds the passes of all workers that need one of this key for a step.
  ///
  /// `moments` are the session's of each parameter that is updated, by its number among the block's
  /// inputs, as far as there are some; `states` the session's tensors that new states are written
  /// to. `look` is shown the first worker's plan.
  package func prepare(
    _ block: TracedBlock, _ plan: UpdatePlan, _ key: Key, moments: [Int: [Tensor]],
    states: [Tensor?], forStep number: Int, look: (Plan) -> Void = { _ in }
  ) throws(ExperimentError) {
    let takers = replicas.filter {
      $0.passes[key] == nil && keys(ofStep: number, rank: $0.rank).contains(key)
    }
    let draws = block.graph.elementsOfRow(rows: key.rows)
    trained = moments.keys.sorted().map { block.inputs[$0] }
    self.states = states.compactMap(\.self)
    if groups.size > 1 {
      for replica in takers { try replica.makeSums(of: trained, states: self.states) }
    }
    let base = bench.ledger.live
    var made: (planned: PlannedBlock, program: Program)?
    for replica in takers {
      // Workers that own parameters have graphs of their own; else one program serves all.
      if made == nil || setting.sharesOptimizer {
        let problem = problem(of: block, plan, key, rank: replica.rank)
        let planned = try bench.planner.plan(problem, with: strategy, beside: base)
        try bench.planner.admit(planned)
        let isFirst = replica === takers[0]
        if isFirst { look(planned.plan(beside: base)) }
        made = (planned, try planned.compiled)
        if isFirst {
          sendings[key] = planned.sent
          clock?.learn(planned, key)
          try serve(planned.joint, block, plan, moments: moments, states: states)
        }
      }
      guard let (planned, program) = made else { continue }
      try bind(program, planned, to: replica, key, block, plan.rule, moments, states, draws)
    }
  }

  private func bind(
    _ program: Program, _ planned: PlannedBlock, to replica: Replica, _ key: Key,
    _ block: TracedBlock, _ rule: UpdateRule, _ moments: [Int: [Tensor]], _ states: [Tensor?],
    _ draws: [Int: Int]
  ) throws(ExperimentError) {
    var inputs: [Tensor] = []
    for input in block.inputs { inputs.append(try replica.counterpart(of: input)) }
    for update in planned.joint.updates {
      let parameter = inputs[update.input]
      if update.accumulator != nil { inputs += replica.sum(of: parameter) }
      guard !update.moments.isEmpty else { continue }
      inputs += try replica.moments(
        of: parameter, rule.moments(of: parameter.shape), of: moments[update.input] ?? [])
    }
    var targets: [Tensor?] = []
    for state in states {
      if let state {
        targets.append(try replica.counterpart(of: state))
      } else {
        targets.append(nil)
      }
    }
    let base = replica.ledger.liveTotal
    replica.context.elementsOfRow = draws
    defer { replica.context.elementsOfRow = [:] }
    do {
      let binding = try program.bind(
        inputs: inputs, context: replica.context, ledger: replica.ledger, states: targets,
        sharing: replica.arena)
      if binding.arena.byteCount > replica.arena?.byteCount ?? -1 { replica.arena = binding.arena }
      replica.take(WorkerPass(binding: binding, planned: planned, base: base), as: key)
    } catch { throw .execution(error) }
  }

  /// Runs a step, whose passes must be prepared, and gives its loss. A step is whole or not at all.
  package func step(_ number: Int) throws(ExperimentError) -> Double {
    let draw = bench.context.step
    defer { for replica in replicas { replica.leave() } }
    do throws(ExperimentError) {
      try bench.begin(work: cost(ofStep: number))
      let loss = setting.isServed ? try pushStep(number) : try lockstep(number)
      losses.append(loss)
      if scaling?.count(skipped: didSkip) == true { forgetPasses() }
      return loss
    } catch {
      bench.context.step = draw
      throw error
    }
  }

  /// FLOPs of a step's passes in this process: of all workers, or of the one that pushes.
  private func cost(ofStep number: Int) -> Int {
    let takers = setting.isServed ? replicas.prefix(1) : replicas[...]
    return groups.batches(of: number).reduce(0) { sum, batch in
      takers.reduce(sum) { sum, replica in
        let pass = replica.passes[key(ofBatch: batch, rank: replica.rank)]
        return sum.saturatingAdd(pass?.rehearsed.cost ?? 0)
      }
    }
  }

  /// Each scale of the loss is a number of the graph: passes are made anew.
  private func forgetPasses() {
    for replica in replicas { replica.forgetPasses() }
    known = known.map { _ in [] }
  }

  /// Copies a worker's rows of a batch into its buffers, and says what its pass depends on.
  func load(_ number: Int, into replica: Replica) {
    let epoch = number / batches.batchesPerEpoch
    if order.isEmpty || batches.isShuffled && epoch != orderedEpoch {
      batches.draw(epoch: epoch, into: &order)
      orderedEpoch = epoch
    }
    let batch = order[batches.places(ofBatch: number)]
    let share = share(of: batch.count, rank: replica.rank)
    let rows = batch[batch.startIndex + share.lowerBound..<batch.startIndex + share.upperBound]
    for (column, buffer) in zip(columns, replica.buffers) { column.gather(rows, into: buffer) }
    let context = replica.context
    context.seed = bench.context.seed
    context.step = bench.context.step
    context.updateNumber = bench.context.updateNumber
    context.updateRate = bench.context.updateRate
    context.share = Double(share.count) / Double(rowsOfSum(number / groups.size, replica.rank))
    context.rowShare = Double(share.count) / Double(batch.count)
    context.firstRow = share.lowerBound
    context.skipsUpdates = false
  }

  /// The rows of a step whose gradients are added up to one average: those of all workers, or,
  /// where each updates its own replica, those of this one.
  private func rowsOfSum(_ number: Int, _ rank: Int) -> Int {
    if case .local = setting.mode {
      return groups.rows(of: number) { share(of: $0, rank: rank) }
    }
    return groups.rows(of: number)
  }

  /// The share of a worker's rows of a batch in all rows of the step, by which its loss counts.
  func weight(ofBatch batch: Int, rank: Int) -> Double {
    Double(share(of: groups.rows(ofBatch: batch), rank: rank).count)
      / Double(groups.rows(of: batch / groups.size))
  }

  /// True where steps have simulated times: with a machine, and not where each process knows only
  /// its own part of a synchronous step.
  package var isTimed: Bool { clock != nil }

  /// The traffic of a pass.
  func sent(_ key: Key) -> Traffic { sendings[key] ?? Traffic() }

  /// What the server holds, by class; `nil` where there is none.
  package var heldByServer: Account? { server?.held }
}

extension Replica {
  /// Takes off the context what belongs to a step among workers.
  func leave() {
    context.exchanger = nil
    context.share = 1
    context.rowShare = 1
    context.firstRow = 0
    context.skipsUpdates = false
  }
}

extension WorkerSetting {
  /// True where a server updates the parameters.
  package var isServed: Bool { if case .async = mode { true } else { false } }

  /// What a worker exchanges in a step; nothing where it is alone.
  func exchange(averages: Bool, rank: Int) -> ExchangePlan? {
    let duty: ExchangePlan.Duty
    switch mode {
    case .async: duty = .push
    case .local:
      if !averages { return nil }
      duty = .parameters
    case .sync:
      if count == 1 { return nil }
      duty = sharesOptimizer ? .owned(rank: rank) : .gradients
    }
    return ExchangePlan(duty, way, workers: count, bucket: bucket)
  }
}

extension PlannedBlock {
  /// What all workers together send in a step.
  var sent: Traffic {
    workload.exchanges.values.reduce(Traffic()) {
      $0 + Traffic(bytes: $1.bytes, messages: $1.messages)
    }
  }
}
