/// A lower bound on what the replays of a graph still cost: what is missing now, and what memory
/// forces out later.
///
/// Let the next step be t and the live values L.
///
/// - *Missing now.* A value that a step from t on reads and that is not in L has to be made again,
///   and so has what its maker reads that is not in L: the makers of this closure W each run once
///   more at least.
/// - *Forced out later.* When a step u ≥ t runs for the first time, its inputs, its results and its
///   scratch are in memory, and so are results and backward values still to be read, which are
///   never evicted. What is left of the budget holds some of the other forward values. Of those
///   that are read later and are out, the makers run again after u; what these read is held too, or
///   its makers run again after u; and so on.
///
/// The least cost of the second over all choices of what is held is relaxed with a price λ per byte
/// (Lagrange): the cost of what runs again, plus λ for each byte held, less λ for each byte there
/// is. For a given λ its minimum is a minimal cut of the network of `ForcedReplays`, and any flow
/// through that network is a lower bound. A maximal flow is found once for each u and some λ.
///
/// The bound is the first cost plus the largest of the second over u and λ. Nothing is counted
/// twice: a maker in W may run after u for the first time, unless a step from t to u needs it, and
/// its cost is then that of W; without what ends in its cost the flow is one through the network in
/// which that cost is nothing.
///
/// The bound never falls by more than a move costs (it is consistent): a replay takes its cost off
/// W and at most adds to the second; an eviction adds to W at least what it takes off the second;
/// and the first run of t drops u = t alone, where nothing is forced out as the step fits.
struct CoverBound: Sendable {
  /// The first run of a step, for one price.
  private struct Moment: Sendable {
    var step: Int
    /// The bound where nothing is missing, in parts of a FLOP.
    var start: Int
    /// What of it ends in the cost of each maker, by its first value.
    var ends: [Int]
  }

  private let graph: SearchGraph
  /// By steps; those alone that may add something.
  private let moments: [Moment]
  /// For each next step, the first moment at or after it.
  private let firstMoments: [Int]
  /// For each moment, the largest start of it and the later ones.
  private let mostFrom: [Int]
  /// The first value of each maker.
  private let firstValues: ValueSet
  /// Parts of a FLOP that flows are counted in.
  private let parts: Int
  /// False where what some step needs does not fit.
  let isPossible: Bool

  /// With `isCostly` false, a bound of what is missing alone, which takes no time to prepare.
  init(_ graph: SearchGraph, budget: Int, isCostly: Bool = true) {
    self.graph = graph
    let table = graph.table
    parts = max(1, min(256, (1 << 50) / table.cost.prefix(table.forwardCount).reduce(1, +)))
    var moments: [Moment] = []
    var firstMoments: [Int] = []
    var isPossible = true
    for step in 0..<table.count {
      firstMoments.append(moments.count)
      guard graph.isNeeded[step] else { continue }
      let replays = ForcedReplays(step, graph)
      let room = budget - replays.fixed
      if room < 0 { isPossible = false }
      guard isPossible, isCostly, graph.bytes(replays.wanted) > room else { continue }
      moments += Self.moments(step, replays, room, parts)
    }
    firstMoments.append(moments.count)
    var mostFrom = Array(repeating: 0, count: moments.count + 1)
    for place in moments.indices.reversed() {
      mostFrom[place] = max(mostFrom[place + 1], moments[place].start)
    }
    self.moments = moments
    self.firstMoments = firstMoments
    self.mostFrom = mostFrom
    self.isPossible = isPossible
    firstValues = ValueSet(
      (0..<table.forwardCount).compactMap { table.values(of: $0).first })
  }

  /// Prices around the one that is best at the start, by falling bounds.
  private static func moments(
    _ step: Int, _ replays: ForcedReplays, _ room: Int, _ parts: Int
  ) -> [Moment] {
    func at(_ price: Int) -> Moment {
      let (total, ends) = replays.flow(price: price, parts: parts)
      return Moment(step: step, start: total - price * room, ends: ends)
    }
    // The bound is concave in the price.
    var (best, start) = (1, at(1).start)
    while best < Int.max >> 40 {
      let next = at(2 * best).start
      if next < start || next == start && next <= 0 { break }
      (best, start) = (2 * best, next)
    }
    for eighths in [5, 6, 7, 9, 10, 12, 14] {
      let near = at(max(1, best * eighths / 8)).start
      if near > start { (best, start) = (max(1, best * eighths / 8), near) }
    }
    return [25, 40, 60, 80, 100, 125, 160, 250].map { at(max(1, best * $0 / 100)) }
      .filter { $0.start > 0 }.sorted { $0.start > $1.start }
  }

  /// The bound in FLOPs; `nil` where no way is left.
  @inline(__always)
  func bound(next: Int, live: ValueSet) -> Int? {
    guard isPossible,
      let missing = graph.missing(of: graph.read[next], live: live, next: next)
    else { return nil }
    var most = 0
    var paid = missing.values.intersection(firstValues)
    var step = next
    moments.withUnsafeBufferPointer { moments in
      for place in firstMoments[next]..<moments.count {
        if mostFrom[place] <= most { break }
        if moments[place].start <= most { continue }
        // What the steps up to this one need and is missing is made before it.
        while step <= moments[place].step {
          defer { step += 1 }
          guard graph.isNeeded[step], !graph.inputs[step].isDisjoint(with: missing.values),
            let closure = graph.missing(
              of: graph.inputs[step].intersection(missing.values), live: live, next: next)
          else { continue }
          paid.subtract(closure.values)
        }
        var sum = moments[place].start
        moments[place].ends.withUnsafeBufferPointer { ends in
          paid.visitAll { sum -= ends[$0] }
        }
        most = max(most, sum)
      }
    }
    return missing.cost + (most + parts - 1) / parts
  }
}
