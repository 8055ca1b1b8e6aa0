extension ChainRecurrence {
  /// Most stages that the recurrence takes; longer chains are planned in groups of neighbours.
  private static let mostStages = 128

  /// Levels times stages² that it takes at most, and levels.
  private static let (mostWork, mostLevels) = (4_000_000, 1000)

  /// The cheapest plans of a chain for all levels of memory, `top` bytes the highest.
  static func plans(
    of chain: Chain, _ table: StepTable, top: Int
  ) throws(ScheduleError) -> [[ChainAction]] {
    let groups = StageGroups(length: chain.length, most: mostStages)
    var plans: [[ChainAction]] = []
    for recurrence in try recurrences(ChainProfile(groups.merge(chain), table), top: top) {
      var last: [ChainAction] = []
      for level in 0...recurrence.levels where recurrence.cost(level: level).isFinite {
        let actions = recurrence.actions(level: level)
        if actions == last { continue }
        plans.append(groups.expand(actions))
        last = actions
      }
    }
    return plans
  }

  /// The recurrence at exact levels where few enough make up the plain run's peak; else at two
  /// resolutions, over all of it and over its lowest quarter.
  private static func recurrences(
    _ profile: ChainProfile, top: Int
  ) throws(ScheduleError) -> [ChainRecurrence] {
    let length = profile.cost.count
    guard length > 1, top > 0 else { return [] }
    let levels = min(mostLevels, max(100, mostWork / (length * length)))
    let sizes =
      [
        profile.boundary, profile.adjoint, profile.recorded, profile.wanted, profile.running,
        profile.recording, profile.recordingLast, profile.reversing, profile.results,
      ].joined()
    let divisor = sizes.reduce(0, greatestCommonDivisor)
    if divisor > 0, top / divisor <= levels {
      return [try ChainRecurrence(profile, levels: top / divisor + 1, unit: Double(divisor))]
    }
    return try [1.0, 0.25].map { (part) throws(ScheduleError) in
      try ChainRecurrence(
        profile, levels: levels, unit: max(1, part * Double(top) / Double(levels)))
    }
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (first, second) = (first, second)
    while second != 0 { (first, second) = (second, first % second) }
    return first
  }
}
