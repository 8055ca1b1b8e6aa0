/// The recurrence over segments of a chain and levels of memory that `optimal` plans with.
///
/// Beaumont et al. 2019 (rotor), equation (1): a segment l…r either records stage l and goes on
/// with l + 1…r, or advances to j, keeps boundary j, solves j…r and then l…j − 1. Added here is the
/// plan that does not keep boundary j: it advances to j, records stage j at once and lets go of its
/// input; stage j's backward then waits (a pending stage) until l…j − 1 has recorded its last
/// stage, whose output is that input again.
struct ChainRecurrence {
  /// Number of stages.
  let length: Int
  /// Most levels of memory that plans may have.
  let levels: Int
  private let profile: LevelProfile
  /// Least FLOPs of segment l…r with m levels beyond its input, and nothing pending.
  private var plain: [Float]
  /// The same with stage r + 1 pending.
  private var pending: [Float]

  /// Bytes of one level.
  let unit: Double

  /// Solves all segments with up to `levels` levels of `unit` bytes: work of the order
  /// length³·levels. Throws `.cancelled` where the planning is to stop.
  init(_ profile: ChainProfile, levels: Int, unit: Double) throws(ScheduleError) {
    length = profile.cost.count
    self.levels = levels
    self.unit = unit
    self.profile = LevelProfile(profile, unit: unit)
    let size = length * (length + 1) / 2 * (levels + 1)
    plain = Array(repeating: .infinity, count: size)
    pending = Array(repeating: .infinity, count: size)
    var pace = Planning.Pace()
    for span in 0..<length { try solve(span: span, &pace) }
  }

  /// Least FLOPs of the whole chain with m levels; infinite where there is none.
  func cost(level: Int) -> Float { plain[row(0, length - 1) + level] }

  private func row(_ from: Int, _ to: Int) -> Int {
    Self.row(from, to, levels: levels)
  }

  private static func row(_ from: Int, _ to: Int, levels: Int) -> Int {
    // Segments by their last stage, so that rows of one `to` lie together.
    (to * (to + 1) / 2 + from) * (levels + 1)
  }

  /// Solves the segments of `span` + 1 stages; the shorter ones are solved.
  private mutating func solve(span: Int, _ pace: inout Planning.Pace) throws(ScheduleError) {
    let (length, levels, profile) = (length, levels, profile)
    // Not the method: it would hold the tables, which would then be copied to be written to.
    func row(_ from: Int, _ to: Int) -> Int { Self.row(from, to, levels: levels) }
    try plain.withUnsafeMutableBufferPointer { (plain) throws(ScheduleError) in
      try pending.withUnsafeMutableBufferPointer { (pending) throws(ScheduleError) in
        guard let plain = plain.baseAddress, let pending = pending.baseAddress else { return }
        for from in 0..<length - span {
          let to = from + span
          for isPending in [false, true] where !isPending || to + 1 < length {
            let table = isPending ? pending : plain
            let target = table + row(from, to)
            if span == 0 {
              var level = profile.leaf(to, isPending: isPending)
              while level <= levels {
                target[level] = profile.cost[to]
                level += 1
              }
              continue
            }
            for option in profile.options(from, to, isPending: isPending) {
              let start = max(option.need, option.taken)
              guard start <= levels else { continue }
              try pace.count(levels - start + 1)
              let inner = table + row(option.inner, to) + (start - option.taken)
              let outer = option.outerEnd.map { end in
                (option.leavesPending ? pending : plain) + row(from, end) + start
              }
              Self.lower(
                target + start, inner, outer, by: option.cost, count: levels - start + 1)
            }
          }
        }
      }
    }
  }

  /// target[m] = min(target[m], cost + inner[m] + outer[m]): the loop that all the time goes into.
  @inline(__always)
  private static func lower(
    _ target: UnsafeMutablePointer<Float>, _ inner: UnsafeMutablePointer<Float>,
    _ outer: UnsafeMutablePointer<Float>?, by cost: Float, count: Int
  ) {
    var level = 0
    if let outer {
      while level < count {
        let total = cost + inner[level] + outer[level]
        let known = target[level]
        target[level] = total < known ? total : known
        level &+= 1
      }
    } else {
      while level < count {
        let total = cost + inner[level]
        let known = target[level]
        target[level] = total < known ? total : known
        level &+= 1
      }
    }
  }

  private enum Task {
    case segment(from: Int, to: Int, level: Int, isPending: Bool, isInHand: Bool, isKept: Bool)
    case reverse(Int)
  }

  /// The actions of the cheapest plan with m levels; the plan exists.
  func actions(level: Int) -> [ChainAction] {
    var actions: [ChainAction] = []
    var tasks: [Task] = [
      .segment(
        from: 0, to: length - 1, level: level, isPending: false, isInHand: true, isKept: false)
    ]
    while let task = tasks.popLast() {
      guard
        case .segment(let from, let to, let level, let isPending, let isInHand, let isKept) = task
      else {
        if case .reverse(let stage) = task { actions.append(.reverse(stage)) }
        continue
      }
      if !isInHand { actions.append(.restore(from)) }
      guard from < to, let option = best(from, to, level, isPending), let outer = option.outerEnd
      else {
        if isKept { actions.append(.drop(from)) }
        actions.append(.record(from))
        tasks.append(.reverse(from))
        if from < to {
          tasks.append(
            .segment(
              from: from + 1, to: to, level: level - profile.recorded[from], isPending: isPending,
              isInHand: true, isKept: false))
        } else if isPending {
          tasks.append(.reverse(to + 1))
        }
        continue
      }
      let middle = outer + 1
      if !isKept { actions.append(.keep(from)) }
      actions.append(.advance(from, middle))
      tasks.append(
        .segment(
          from: from, to: outer, level: level, isPending: option.leavesPending, isInHand: false,
          isKept: true))
      if option.leavesPending {
        actions.append(.record(middle))
        tasks.append(
          .segment(
            from: middle + 1, to: to, level: level - option.taken, isPending: isPending,
            isInHand: true, isKept: false))
      } else {
        tasks.append(
          .segment(
            from: middle, to: to, level: level - option.taken, isPending: isPending,
            isInHand: true, isKept: false))
      }
    }
    return actions
  }

  /// The option that attains the least cost of a segment, the first of equals.
  private func best(_ from: Int, _ to: Int, _ level: Int, _ isPending: Bool) -> LevelProfile.Option?
  {
    var best: LevelProfile.Option?
    var least = Float.infinity
    for option in profile.options(from, to, isPending: isPending) {
      guard max(option.need, option.taken) <= level else { continue }
      let inner = row(option.inner, to) + level - option.taken
      var total = option.cost + (isPending ? pending[inner] : plain[inner])
      if let outerEnd = option.outerEnd {
        let outer = row(from, outerEnd) + level
        total += option.leavesPending ? pending[outer] : plain[outer]
      }
      if total < least {
        least = total
        best = option
      }
    }
    return best
  }
}
