/// A chain's profile in levels of memory.
struct LevelProfile {
  /// One way to begin a segment from…to.
  struct Option {
    /// Levels that must be free for its own actions.
    var need: Int
    /// Levels that it takes from the inner segment.
    var taken: Int
    /// FLOPs of its own forward runs.
    var cost: Float
    /// First stage of the inner segment, which ends where the whole does.
    var inner: Int
    /// Last stage of the outer segment, which starts where the whole does; `nil` where there is
    /// none: the first stage is recorded.
    var outerEnd: Int?
    /// True where the stage between them is recorded without its input.
    var leavesPending: Bool
  }

  /// FLOPs of each stage's forward steps.
  let cost: [Float]
  /// Levels of each boundary, one more than stages.
  let boundary: [Int]
  /// Levels of each stage's recording.
  let recorded: [Int]
  private let wanted: [Int]
  private let running: [Int]
  private let recording: [Int]
  private let recordingLast: [Int]
  private let reversing: [Int]
  private let results: [Int]
  private let adjoint: [Int]

  /// The profile in levels of `unit` bytes.
  init(_ profile: ChainProfile, unit: Double) {
    // Sums over neighbours are rounded as sums, so that the error of any stretch stays below one
    // level.
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

  /// Every way to begin the segment of two stages or more from…to, with stage to + 1 pending or
  /// not, whether the memory is there or not.
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
