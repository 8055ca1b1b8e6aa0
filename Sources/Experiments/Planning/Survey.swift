package import Schedules

/// The strategies worth trying on a workload, tried: what a refused budget names, a sweep draws,
/// and an explanation lists.
///
/// Every entry of the catalogue is a candidate that needs no names and no bytes: with its defaults,
/// or, where it must be told a number, with a few; and `optimal` and `offload` for budgets. Left
/// out on long chains are those whose planning or replays grow with the square of the length.
package struct Survey {
  /// What a strategy came to.
  package struct Finding {
    /// The strategy's spelling.
    package let spelling: String
    /// Highest bytes of the schedule alone.
    package let peak: Int
    /// Forward steps run again.
    package let replayedSteps: Int
    /// FLOPs replayed.
    package let replayedCost: Int
    /// Bytes moved to the slower tier and back.
    package let tierTraffic: Int
  }

  /// Stages of the longest chain on which strategies are tried whose work grows with the square of
  /// its length.
  private static let longest = 512

  private let workload: Workload
  /// Where the workload is that of a block: it, as each strategy sees it.
  private let subject: Subject?
  /// What the strategies find out about it.
  private let memo = Planning.memo ?? Planning.Memo()

  /// Prepares to try strategies on a workload; nothing is planned yet.
  package init(_ workload: Workload) {
    self.workload = workload
    subject = nil
  }

  /// The same for a block, which each strategy sees as it would where it is asked for.
  init(_ subject: Subject) {
    workload = subject.lowering.workload
    self.subject = subject
  }

  /// The same for what a plan was made of; what is found out is forgotten with the survey.
  init(_ plan: Plan) {
    if let subject = plan.subject {
      self.init(Subject(subject.lowering))
    } else {
      self.init(plan.workload)
    }
  }

  /// The candidates, in the order of the catalogue. Throws only `.cancelled`.
  package func candidates() throws(ScheduleError) -> [any Strategy] {
    let length = try Chain.find(in: workload)?.length ?? 1
    var candidates: [any Strategy] = []
    for entry in Catalogue.entries {
      for options in Survey.options(of: entry, length: length) {
        // An entry refuses numbers out of its range, and to be told nothing where it needs names:
        // no candidate.
        guard let strategy = try? entry.make(options) else { continue }
        if length > Survey.longest, strategy is KeepNone || strategy is Mixed { continue }
        candidates.append(strategy)
      }
    }
    return candidates
  }

  /// The candidates, rehearsed; without those that move bytes to the slower tier, which do not need
  /// fewer bytes: they need them elsewhere. Throws only `.cancelled`.
  package func findings() throws(ScheduleError) -> [Finding] {
    try findings(of: candidates(), beside: Surroundings()).filter { $0.tierTraffic == 0 }
  }

  /// Strategies, rehearsed; those that refuse the workload have no finding.
  ///
  /// Throws `.cancelled` where the planning is to stop, and `.foreign` where a learner's strategy
  /// failed otherwise than by giving no legal schedule.
  func findings(
    of strategies: [any Strategy], beside surroundings: Surroundings
  ) throws(ScheduleError) -> [Finding] {
    var findings: [Finding] = []
    for strategy in strategies {
      try Planning.checkCancellation()
      do throws(ScheduleError) {
        let rehearsal = try rehearsal(of: strategy, beside: surroundings)
        findings.append(
          Finding(
            spelling: strategy.spelling, peak: rehearsal.peak,
            replayedSteps: rehearsal.replayedSteps, replayedCost: rehearsal.replayedCost,
            tierTraffic: rehearsal.tierTraffic))
      } catch {
        guard error.isRefusal else { throw error }
      }
    }
    return findings
  }

  private func rehearsal(
    of strategy: any Strategy, beside surroundings: Surroundings
  ) throws(ScheduleError) -> Rehearsal {
    if let subject { return try subject.planned(by: strategy, beside: surroundings).rehearsal }
    let schedule = try Planning.remembering(memo) { () throws(ScheduleError) in
      try strategy.beside(surroundings).schedule(workload)
    }
    return try Rehearsal.of(schedule, workload)
  }

  /// What replays the fewest FLOPs beside what stands outside, of all candidates and `optimal`; of
  /// equals the first. Where only moving bytes to the slower tier helps, `offload`.
  ///
  /// `nil` where nothing fits the budget of the surroundings. Throws only `.cancelled`.
  package func cheapest(beside surroundings: Surroundings) throws(ScheduleError) -> Finding? {
    guard let budget = surroundings.budget else { return nil }
    let room = surroundings.room(of: budget)
    let found =
      try findings() + findings(of: [Optimal(budget: budget)], beside: surroundings)
    let best = found.filter { $0.peak <= room }.min { $0.replayedCost < $1.replayedCost }
    if let best { return best }
    return try findings(of: [Offload(budget: budget)], beside: surroundings).first
  }

  /// Strategies that peak below so many bytes in all, without those that another beats in both peak
  /// and FLOPs replayed: the candidates, and `optimal` at a few budgets; then `offload` at the
  /// lowest of these. The lowest peak first. Throws only `.cancelled`.
  package func lower(
    than peak: Int, beside surroundings: Surroundings
  ) throws(ScheduleError) -> [Finding] {
    let outside = surroundings.outside
    let findings = try findings()
    let least = findings.map { $0.peak + outside }.filter { $0 < peak }.min() ?? peak / 2
    let budgets = (0...2).map { Survey.rounded(least + (peak - least) * $0 / 3) }
    let optimal = try self.findings(
      of: budgets.map { Optimal(budget: $0) }, beside: surroundings)
    var frontier = Frontier<Finding>()
    for finding in findings + optimal where finding.peak + outside < peak {
      frontier.add(peak: finding.peak, cost: finding.replayedCost, finding)
    }
    let moving = try self.findings(of: [Offload(budget: budgets[0])], beside: surroundings)
    return frontier.points.map(\.plan) + moving.filter { $0.peak + outside < peak }
  }

  /// A budget as a person would write it: whole KiB where it is many.
  private static func rounded(_ budget: Int) -> Int {
    budget >= 64 << 10 ? (budget + 1023) / 1024 * 1024 : budget
  }

  /// Options to try: none, or one number after another where one is required.
  private static func options(
    of entry: Catalogue.Entry, length: Int
  ) -> [[String: Catalogue.OptionValue]] {
    guard !entry.options.contains(where: { $0.kind == .bytes }) else { return [] }
    let required = entry.options.filter(\.isRequired)
    if required.isEmpty { return [[:]] }
    guard required.count == 1, required[0].kind == .integer else { return [] }
    return numbers(below: length).map { [required[0].name: .integer($0)] }
  }

  /// 1, 2, 3, 4, 5, 8 and on by halves, as far as a chain of so many stages can tell them apart.
  private static func numbers(below length: Int) -> [Int] {
    var numbers = [1, 2, 3, 4, 5, 8]
    while let last = numbers.last, last < length { numbers.append(last + last / 2) }
    return numbers.filter { $0 < length }
  }
}
