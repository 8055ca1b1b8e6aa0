/// The recurrence over segments of a chain and levels of memory that `optimal` plans with.
///
/// Beaumont et al. 2019 (rotor), equation (1): a segment l…r either records stage l and goes on with l + 1…r, or
/// advances to j, keeps boundary j, solves j…r and then l…j − 1. Added here is the plan that does not keep boundary j:
/// it advances to j, records stage j at once and lets go of its input; stage j's backward then waits (a pending stage) until l…j − 1
/// has recorded its last stage, whose output is that input again.
struct ChainRecurrence {
  let length: Int
  let levels: Int
  private let profile: LevelProfile
  /// Least cost of segment l…r with m levels beyond its input: nothing pending, and with stage r + 1 pending.
  private var plain: [Float]
  private var pending: [Float]

  /// Bytes of one level.
  let unit: Double

  /// Solves all segments with levels of `unit` bytes.
  init(_ profile: ChainProfile, levels: Int, unit: Double) {
    length = profile.cost.count
    self.levels = levels
    self.unit = unit
    self.profile = LevelProfile(profile, unit: unit)
    let size = length * (length + 1) / 2 * (levels + 1)
    plain = Array(repeating: .infinity, count: size)
    pending = Array(repeating: .infinity, count: size)
    solve()
  }

  /// Least cost of the whole chain with m levels; infinite where there is none.
  func cost(level: Int) -> Float { plain[row(0, length - 1) + level] }

  private func row(_ from: Int, _ to: Int) -> Int {
    // Segments by their last stage, so that rows of one `to` lie together.
    (to * (to + 1) / 2 + from) * (levels + 1)
  }

  private mutating func solve() {
    let length = length
    let levels = levels
    let profile = profile
    let row = row
    plain.withUnsafeMutableBufferPointer { plain in
      pending.withUnsafeMutableBufferPointer { pending in
        for span in 0..<length {
          for from in 0..<length - span {
            let to = from + span
            let own = row(from, to)
            for isPending in [false, true] where !isPending || to + 1 < length {
              let target = isPending ? pending : plain
              if span == 0 {
                let need = profile.leaf(to, isPending: isPending)
                if need <= levels {
                  for level in need...levels { target[own + level] = profile.cost[to] }
                }
                continue
              }
              for option in profile.options(from, to, isPending: isPending) {
                let start = max(option.need, option.taken)
                guard start <= levels else { continue }
                let inner = row(option.inner, to) - option.taken
                let cost = option.cost
                if let outerEnd = option.outerEnd {
                  let outer = row(from, outerEnd)
                  let rest = option.leavesPending ? pending : plain
                  for level in start...levels {
                    let total = cost + target[inner + level] + rest[outer + level]
                    target[own + level] = min(total, target[own + level])
                  }
                } else {
                  for level in start...levels {
                    let total = cost + target[inner + level]
                    target[own + level] = min(total, target[own + level])
                  }
                }
              }
            }
          }
        }
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

/// A chain's profile in levels of memory.
private struct LevelProfile {
  /// One way to begin a segment from…to.
  struct Option {
    /// Levels that must be free for its own actions, and levels it takes from the inner segment.
    var need: Int
    var taken: Int
    var cost: Float
    /// The inner segment is inner…to; the outer one, if any, from…outerEnd.
    var inner: Int
    var outerEnd: Int?
    /// True where the stage between them is recorded without its input.
    var leavesPending: Bool
  }

  let cost: [Float]
  let boundary: [Int]
  let recorded: [Int]
  private let wanted: [Int]
  private let running: [Int]
  private let recording: [Int]
  private let recordingLast: [Int]
  private let reversing: [Int]
  private let results: [Int]
  private let adjoint: [Int]

  init(_ profile: ChainProfile, unit: Double) {
    // Sums over neighbours are rounded as sums, so that the error of any stretch stays below one level.
    func levels(_ bytes: [Int]) -> [Int] {
      var sum = 0.0
      var last = 0
      return bytes.map { value in
        sum += Double(value) / unit
        let next = Int(sum.rounded())
        defer { last = next }
        return next - last
      }
    }
    func level(_ bytes: Int) -> Int { Int((Double(bytes) / unit).rounded()) }
    cost = profile.cost.map { Float($0) }
    boundary = levels(profile.boundary)
    recorded = levels(profile.recorded)
    wanted = profile.wanted.map(level)
    running = profile.running.map(level)
    recording = profile.recording.map(level)
    recordingLast = profile.recordingLast.map(level)
    reversing = profile.reversing.map(level)
    results = profile.results.map(level)
    adjoint = profile.adjoint.map(level)
  }

  /// Levels live besides the segment's own while stage `to` is the next to reverse.
  private func outside(_ to: Int, isPending: Bool) -> Int {
    if isPending { return wanted[to + 1] + adjoint[to + 2] + results[to + 1] }
    return adjoint[to + 1] + results[to]
  }

  /// Levels that a segment of one stage needs.
  func leaf(_ stage: Int, isPending: Bool) -> Int {
    let reverse = reversing[stage] + results[stage]
    let outside = outside(stage, isPending: isPending)
    if !isPending { return max(recordingLast[stage] + outside, reverse) }
    let waiting = recorded[stage] + reversing[stage + 1] + results[stage + 1]
    return max(recording[stage] + outside, waiting, reverse)
  }

  func options(_ from: Int, _ to: Int, isPending: Bool) -> [Option] {
    let outside = outside(to, isPending: isPending)
    var options: [Option] = []
    options.reserveCapacity(2 * (to - from) + 1)
    options.append(
      Option(
        need: max(recording[from] + outside, reversing[from] + results[from]),
        taken: recorded[from], cost: cost[from], inner: from + 1, outerEnd: nil,
        leavesPending: false))
    var advanced: Float = 0
    var need = 0
    for middle in from + 1...to {
      let last = middle - 1
      advanced += cost[last]
      need = max(need, running[last] + (last > from ? boundary[last] : 0) + outside)
      options.append(
        Option(
          need: need, taken: boundary[middle], cost: advanced, inner: middle, outerEnd: last,
          leavesPending: false))
      guard middle < to else { continue }
      options.append(
        Option(
          need: max(need, recording[middle] + boundary[middle] + outside),
          taken: recorded[middle], cost: advanced + cost[middle], inner: middle + 1,
          outerEnd: last, leavesPending: true))
    }
    return options
  }
}
