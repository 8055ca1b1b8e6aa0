import Execution
package import Gradients
package import Graphs
package import Schedules
package import Tensors

/// Ways of training on several workers side by side, each under several strategies, on paper: what
/// moves memory, and what moves communication. The block is what one worker computes in a step.
package struct WorkerComparison {
  /// What one way comes to under one strategy.
  package struct Row {
    /// How the workers train.
    package let setting: WorkerSetting
    /// The strategy's spelling.
    package let strategy: String
    /// What the worker that holds most holds at its peak, by class, as rehearsed.
    package let peak: Account
    /// FLOPs replayed.
    package let replayedCost: Int
    /// What all workers together send in a step, on average.
    package let sent: Traffic
    /// Blocks that all workers together compute a second on the setting's machine; `nil` where it
    /// has none.
    package let blocksASecond: Double?
  }

  /// Setting by setting, in the order of the strategies.
  package let rows: [Row]
  /// Why the others have no row.
  package let refusals: [ExperimentError]
}

extension Workbench {
  /// Rehearses a worker's part of a training step for each setting under each strategy, and runs
  /// nothing.
  package func compareOnWorkers(
    _ block: TracedBlock, _ plan: UpdatePlan, across strategies: [any Strategy],
    on settings: [WorkerSetting]
  ) throws(ExperimentError) -> WorkerComparison {
    var rows: [WorkerComparison.Row] = []
    var refusals: [ExperimentError] = []
    for setting in settings {
      for strategy in strategies {
        do throws(ExperimentError) {
          rows.append(try row(block, plan, setting, strategy))
        } catch {
          guard error.isRefusal else { throw error }
          refusals.append(error)
        }
      }
    }
    return WorkerComparison(rows: rows, refusals: refusals)
  }

  private func row(
    _ block: TracedBlock, _ plan: UpdatePlan, _ setting: WorkerSetting, _ strategy: any Strategy
  ) throws(ExperimentError) -> WorkerComparison.Row {
    // Of several kinds of step, the one that exchanges something is the largest.
    var planned: [Bool: PlannedBlock] = [:]
    var held = Account()
    for averages in setting.stepsBetween > 1 ? [true, false] : [true] {
      var plan = plan
      plan.exchange = setting.exchange(averages: averages, rank: 0)
      let problem = Problem(block, updating: plan)
      held = try block.held(updating: problem.joint, plan.rule)
      planned[averages] = try planner.plan(problem, with: strategy, beside: held)
    }
    guard let largest = planned[true] else { preconditionFailure("a step is planned") }
    let (parameters, states) = block.replicated
    let pulled = parameters + states
    let sent = largest.sent + (setting.isServed ? pulled + states : Traffic())
    return WorkerComparison.Row(
      setting: setting, strategy: largest.strategy,
      peak: held + Account(largest.rehearsal.peakFootprint),
      replayedCost: largest.rehearsal.replayedCost,
      sent: Traffic(
        bytes: sent.bytes / setting.stepsBetween, messages: sent.messages / setting.stepsBetween),
      blocksASecond: setting.blocksASecond(planned, pulling: pulled))
  }
}

extension WorkerSetting {
  /// Steps from one exchange to the next.
  fileprivate var stepsBetween: Int { if case .local(let every) = mode { every } else { 1 } }

  /// Blocks that all workers together compute a second, by simulated time; `nil` without a machine.
  fileprivate func blocksASecond(
    _ planned: [Bool: PlannedBlock], pulling: Traffic
  ) -> Double? {
    guard let machine else { return nil }
    var clock = WorkerClock(machine, self)
    func key(_ averages: Bool) -> WorkerTrainer.Key {
      .init(rows: 1, averages: averages, part: .whole)
    }
    for (averages, planned) in planned { clock.learn(planned, key(averages)) }
    func seconds(_ averages: Bool) -> Double {
      clock.seconds(ofStep: Array(repeating: key(averages), count: count))
    }
    guard case .async(let delay) = mode else {
      let time = seconds(true) + Double(stepsBetween - 1) * (stepsBetween > 1 ? seconds(false) : 0)
      return Double(count * stepsBetween) / time
    }
    let updates = 32 * count
    var arrivals = ArrivalOrder(workers: count, delay, seed: 0)
    var times: [Double] = []
    for _ in 0..<updates {
      let before = arrivals
      func arrival(of rank: Int, _ version: Int) -> Double {
        clock.arrival(
          of: rank, since: version > 0 ? times[version - 1] : 0,
          cycle: clock.cycle(of: rank, [key(true)], pulling: pulling))
      }
      let next = arrivals.next { arrival(of: $0, before.versions[$0]) }
      let time = arrival(of: next.rank, next.version)
      clock.note(time, of: next.rank)
      times.append(max(times.last ?? 0, time))
    }
    return times.last.map { Double(updates) / $0 }
  }
}

extension TracedBlock {
  /// What a worker holds around its schedules: the block's tensors, each once, and its moments.
  fileprivate func held(updating joint: JointGraph, _ rule: UpdateRule) -> Account {
    var account = sketched
    var known: Set<ObjectIdentifier> = []
    for input in inputs where known.insert(ObjectIdentifier(input.storage)).inserted {
      account[input.storage.account] += input.storage.byteCount
    }
    for input in joint.graph.inputs where input.kind == .moment {
      account[.optimizer] += input.shape.byteCount(of: input.dtype)
    }
    return account
  }

  /// What a worker takes from a server, a message for each tensor: the parameters, and the states,
  /// which it also sends.
  fileprivate var replicated: (parameters: Traffic, states: Traffic) {
    let states = Set(graph.stateUpdates.map(\.input)).map { graph.inputs[$0] }
    return (
      Traffic(
        bytes: targets.reduce(0) { $0 + $1.shape.byteCount(of: $1.dtype) },
        messages: targets.count),
      Traffic(
        bytes: states.reduce(0) { $0 + $1.shape.byteCount(of: $1.dtype) }, messages: states.count)
    )
  }
}
