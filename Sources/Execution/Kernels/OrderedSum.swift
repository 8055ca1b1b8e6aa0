/// A sum of numbers that threads find apart from each other: they are added in their order, so that
/// no bit depends on who found which.
final class OrderedSum: SharedWork {
  /// Numbers that are found before they are added: all that is held of them.
  private static let most = 512

  private let total: Int
  private let find: (Range<Int>, UnsafeMutablePointer<Double>) -> Void
  private let numbers: UnsafeMutablePointer<Double>
  private var first = 0

  /// Of so many numbers, each of which takes about so long. `find` writes those of a range one
  /// behind the other.
  init(
    of count: Int, nanoseconds: Double, asking context: RunContext,
    find: @escaping (Range<Int>, UnsafeMutablePointer<Double>) -> Void
  ) {
    let most = min(count, OrderedSum.most)
    total = count
    self.find = find
    numbers = .allocate(capacity: max(most, 1))
    super.init(count: most, nanoseconds: nanoseconds, asking: context)
  }

  deinit { numbers.deallocate() }

  override func run(_ range: Range<Int>, at places: Places) {
    let end = min(first + range.upperBound, total)
    let start = min(first + range.lowerBound, end)
    if start < end { find(start..<end, numbers + range.lowerBound) }
  }

  /// Finds and adds them; what it gives where it is asked to stop means nothing.
  func value() -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: total, by: OrderedSum.most) where context?.isStopped != true {
      first = start
      run(at: Places(start: nil, count: 0))
      for place in 0..<min(OrderedSum.most, total - start) { sum += numbers[place] }
    }
    return sum
  }
}
