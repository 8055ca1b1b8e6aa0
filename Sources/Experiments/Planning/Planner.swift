import Execution
import Schedules
import Tensors

/// Plans blocks beside what is live: the strategy is asked once, its schedule rehearsed and held
/// against the budget, and compiled programs are kept for when the same graph comes again.
package final class Planner {
  private let ledger: Ledger
  private let isCancelled: @Sendable () -> Bool
  private var programs = ProgramCache()
  /// True where several operations are computed as one step.
  package var fuses = true

  /// `isCancelled` is asked again and again while strategies plan.
  init(ledger: Ledger, isCancelled: @escaping @Sendable () -> Bool) {
    self.ledger = ledger
    self.isCancelled = isCancelled
  }

  /// Makes and rehearses the schedule of a block beside `base`. Budgets that a learner writes count
  /// all that lives; the schedule gets what `base` leaves.
  func plan(
    _ problem: Problem, with strategy: any Strategy, beside base: Account
  ) throws(ExperimentError) -> PlannedBlock {
    let subject = try subject(of: problem)
    let planned = try refusing(strategy, beside: base) { () throws(ScheduleError) in
      try subject.planned(by: strategy, beside: surroundings(base))
    }
    return PlannedBlock(
      subject: subject, lowering: planned.lowering, schedule: planned.schedule,
      rehearsal: planned.rehearsal, strategy: strategy.spelling)
  }

  /// A problem as strategies see it.
  func subject(of problem: Problem) throws(ExperimentError) -> Subject {
    try problem.subject(fusing: fuses)
  }

  /// A strategy's schedule for a workload beside `base`, and its rehearsal.
  func rehearse(
    _ strategy: any Strategy, _ workload: Workload, beside base: Account
  ) throws(ExperimentError) -> (schedule: Schedule, rehearsal: Rehearsal) {
    try refusing(strategy, beside: base) { () throws(ScheduleError) in
      let schedule = try strategy.beside(surroundings(base)).schedule(workload)
      return (schedule, try Rehearsal.of(schedule, workload))
    }
  }

  /// The compiled form of a block, from the cache where the same graph was planned with the same
  /// strategy before.
  func program(
    for problem: Problem, with strategy: any Strategy, beside base: Account
  ) throws(ExperimentError) -> ProgramCache.Entry {
    let key = key(of: problem, with: strategy, beside: base)
    if let key, let entry = programs[key] { return entry }
    let planned = try plan(problem, with: strategy, beside: base)
    let entry = ProgramCache.Entry(planned: planned, program: try planned.compiled)
    if let key { programs[key] = entry }
    return entry
  }

  /// What tells a compiled program from others; `nil` where the strategy may plan differently each
  /// time.
  func key(
    of problem: Problem, with strategy: any Strategy, beside base: Account
  ) -> ProgramCache.Key? {
    strategy.beside(surroundings(base)).signature.map { signature in
      ProgramCache.Key(
        computation: problem.computation, strategy: strategy.spelling, signature: signature,
        isFused: fuses)
    }
  }

  /// The same where only the plan itself tells: by a digest, as graphs are told apart.
  func key(
    of planned: PlannedBlock, computing computation: ProgramCache.Computation
  ) -> ProgramCache.Key {
    let schedule = planned.schedule
    return ProgramCache.Key(
      computation: computation, strategy: planned.strategy,
      signature: "schedule of \(schedule.actions.count) actions, \(schedule.hashValue)",
      isFused: fuses)
  }

  /// The parameters that a training step of a block updates: from a parked pass of the same block
  /// where there is one, so that its joint graph need not be made.
  func updated(by problem: Problem) throws(ExperimentError) -> [UpdatedInput] {
    if let pass = programs.anyPass(of: problem.computation) { return pass.updated }
    return try problem.joint.updates.map(UpdatedInput.init)
  }

  /// Takes out the parked pass of a key where it fits the budget: where it does not, `admit` says
  /// so of a plan.
  func takePass(_ key: ProgramCache.Key) -> BoundPass? {
    guard let pass = programs.pass(key) else { return nil }
    if let budget = ledger.budget, ledger.liveTotal + pass.rehearsed.predictedPeak > budget {
      return nil
    }
    return programs.take(key)
  }

  /// Keeps a pass that has run, for a loop with the same graph and plan.
  func park(_ pass: BoundPass) {
    guard let key = pass.key, pass.binding.park() else { return }
    programs.park(pass, key)
  }

  /// Forgets all compiled programs.
  package func forget() { programs = ProgramCache() }

  /// Refuses a plan that would cross the budget, before anything runs: law 4.
  func admit(_ planned: PlannedBlock) throws(ExperimentError) {
    guard let budget = ledger.budget else { return }
    let needed = planned.rehearsal.peak
    guard ledger.liveTotal + needed > budget else { return }
    let outside = ledger.live
    let fitting = try hearing(of: planned.strategy, beside: outside) { () throws(ScheduleError) in
      try Survey(planned.subject).cheapest(beside: surroundings(outside))
    }
    throw .overBudget(
      ExperimentError.BudgetExcess(
        peak: outside.total + needed, budget: budget,
        account: outside + Account(planned.rehearsal.peakFootprint),
        step: planned.rehearsal.peakLabel(planned.schedule, planned.workload),
        strategy: planned.strategy,
        fitting: fitting, outside: outside.total))
  }

  /// Runs what plans: it hears a request to stop, and what `strategy` refuses is an experiment's
  /// error.
  func refusing<Result>(
    _ strategy: any Strategy, beside base: Account,
    _ body: () throws(ScheduleError) -> Result
  ) throws(ExperimentError) -> Result {
    try hearing(
      of: strategy.spelling, asked: strategy.askedBudget ?? ledger.budget, beside: base, body)
  }

  /// Runs what plans for a strategy of this spelling: it hears a request to stop.
  func hearing<Result>(
    of spelling: String, asked: Int? = nil, beside base: Account,
    _ body: () throws(ScheduleError) -> Result
  ) throws(ExperimentError) -> Result {
    let result = Planning.$listener.withValue(Planning.Listener(isCancelled: isCancelled)) {
      () -> Swift.Result<Result, ScheduleError> in
      do throws(ScheduleError) { return .success(try body()) } catch { return .failure(error) }
    }
    do throws(ScheduleError) {
      return try result.get()
    } catch {
      throw .refused(
        ExperimentError.Refusal(
          error: error, strategy: spelling, outside: base.total, asked: asked))
    }
  }

  /// What stands around a schedule that runs beside `base`.
  func surroundings(_ base: Account) -> Surroundings {
    Surroundings(outside: base.total, budget: ledger.budget)
  }
}

extension PlannedBlock {
  /// The schedule compiled against the joint graph; `.execution(.interrupted)` where planning is
  /// asked to stop.
  var compiled: Program {
    get throws(ExperimentError) {
      do { return try Program(lowering, rehearsal) } catch { throw .execution(error) }
    }
  }
}
