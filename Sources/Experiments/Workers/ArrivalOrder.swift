import Tensors

/// Which worker's gradients the server takes at each update, and with which parameters they were
/// taken: *version* v are those after v updates.
package struct ArrivalOrder {
  /// One update of the server.
  package struct Arrival: Hashable {
    /// Whose gradients it takes.
    package let rank: Int
    /// The version that they were taken with.
    package let version: Int
  }

  private let count: Int
  private let delay: WorkerSetting.Delay
  private var generator: PhiloxGenerator
  /// The version that each worker has.
  private(set) var versions: [Int]
  private var number = 0

  /// The order of so many workers; where it is drawn, from this seed.
  package init(workers count: Int, _ delay: WorkerSetting.Delay, seed: UInt64) {
    self.count = count
    self.delay = delay
    // A stream of its own: batches are drawn from the others.
    generator = PhiloxGenerator(seed: seed, stream: .max)
    versions = Array(repeating: 0, count: count)
  }

  /// The workers that take the parameters as they are before the next update.
  func fetching() -> [Int] {
    guard case .fixed(let delay) = delay else { return [] }
    // Whoever arrives `delay` updates from now; at the start, all that arrive until then.
    return number == 0 ? (0...min(delay, count - 1)).map { $0 % count } : [(number + delay) % count]
  }

  /// The next arrival; `time` says when a worker's gradients would come.
  package mutating func next(_ time: (Int) -> Double) -> Arrival {
    defer { number += 1 }
    for rank in fetching() { versions[rank] = number }
    let rank: Int
    switch delay {
    case .fixed: rank = number % count
    case .free:
      rank = (0..<count).min { (time($0), versions[$0], $0) < (time($1), versions[$1], $1) } ?? 0
    case .drawn(let most):
      let possible = (0..<count).filter { isPossible($0, most: most) }
      rank = possible.randomElement(using: &generator) ?? 0
    }
    let arrival = Arrival(rank: rank, version: versions[rank])
    if case .fixed = delay { return arrival }
    versions[rank] = number + 1
    return arrival
  }

  /// True where all others can still arrive in time when this worker does now.
  private func isPossible(_ rank: Int, most: Int) -> Bool {
    let others = versions.indices.filter { $0 != rank }.map { versions[$0] }.sorted()
    return others.enumerated().allSatisfy { number + 1 + $0.offset <= $0.element + most }
  }
}
