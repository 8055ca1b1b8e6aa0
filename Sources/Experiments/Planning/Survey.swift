package import Schedules

/// The strategies worth trying on a workload, tried: what a refused budget names, a sweep draws,
/// and an explanation lists.
///
/// Every entry of the catalogue is a candidate that needs no names and no bytes: with its defaults,
/// or, where it must be told a number, with a few. Left out are those that move bytes to a slower
/// tier: they do not need fewer bytes, they need them elsewhere; and on long chains those whose
/// planning or replays grow with the square of the length.
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
    /// True where the schedule moves bytes to the slower tier.
    let usesTier: Bool
  }

  /// Stages of the longest chain on which strategies are tried whose work grows with the square of
  /// its length.
  private static let longest = 512

  private let workload: Workload

  /// Prepares to try strategies on a workload; nothing is planned yet.
  package init(_ workload: Workload) { self.workload = workload }

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

  /// The candidates, rehearsed. Throws only `.cancelled`, where the planning is to stop.
  package func findings() throws(ScheduleError) -> [Finding] {
    try findings(of: candidates(), beside: Surroundings()).filter { !$0.usesTier }
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
        let schedule = try strategy.beside(surroundings).schedule(workload)
        let rehearsal = try Rehearsal.of(schedule, workload)
        findings.append(
          Finding(
            spelling: strategy.spelling, peak: rehearsal.peak,
            replayedSteps: rehearsal.replayedSteps, replayedCost: rehearsal.replayedCost,
            usesTier: rehearsal.tierPeak > 0))
      } catch {
        guard error.isRefusal else { throw error }
      }
    }
    return findings
  }

  /// The candidate that replays least among those that peak within so many bytes; of equals the
  /// first.
  package func cheapest(within bytes: Int) throws(ScheduleError) -> Finding? {
    try findings().filter { $0.peak <= bytes }.min { $0.replayedCost < $1.replayedCost }
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

  /// 2, 3, 4, 5, 8 and on by halves, as far as a chain of so many stages can tell them apart.
  private static func numbers(below length: Int) -> [Int] {
    var numbers = [2, 3, 4, 5, 8]
    while let last = numbers.last, last < length { numbers.append(last + last / 2) }
    return numbers.filter { $0 < length }
  }
}
