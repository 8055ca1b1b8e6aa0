import Foundation
import Synchronization

/// Splits work whose parts are independent over the cores, where it is long enough to pay.
///
/// Each element (or row) is computed as it would be alone, so results do not depend on the number
/// of threads.
enum Crew {
  /// Threads that may work together.
  static let threads = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  /// Work below this many nanoseconds stays on one thread: gathering a crew costs some ten
  /// microseconds.
  static let leastNanoseconds = 150_000.0

  /// An instruction that calls `body` with ranges that together are `0..<count`; one takes about
  /// `nanoseconds` an element.
  static func instruction(
    count: Int, nanoseconds: Double, body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let all = 0..<count
    guard Double(count) * nanoseconds >= leastNanoseconds, count > 1 else { return { body(all) } }
    // Parts write different bytes and read what no part writes.
    nonisolated(unsafe) let work = body
    return {
      let parts = min(threads.load(ordering: .relaxed), count)
      guard parts > 1 else { return work(all) }
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        // No product of two large numbers: count / parts each, and one more for the first of them.
        let (share, more) = count.quotientAndRemainder(dividingBy: parts)
        let start = part * share + min(part, more)
        work(start..<(start + share + (part < more ? 1 : 0)))
      }
    }
  }
}
