import Foundation
import Synchronization

/// Splits work whose parts are independent over the cores, where it is long enough to pay, and into
/// pieces between which it may be asked to stop.
///
/// Each element (or row) is computed as it would be alone, so results do not depend on the number
/// of threads.
enum Crew {
  /// Threads that may work together.
  static let threads = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  /// Work below this many nanoseconds stays on one thread: gathering a crew costs some ten
  /// microseconds.
  static let leastNanoseconds = 150_000.0

  /// A piece of work takes about this many nanoseconds: a request to stop waits no longer.
  static let pieceNanoseconds = 2_000_000.0

  /// An instruction that calls `body` with ranges that together are `0..<count`; one takes about
  /// `nanoseconds` an element. Between pieces of the work, all threads ask `context` whether to
  /// stop; without one, the work is always finished.
  static func instruction(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let alone = alone(count: count, nanoseconds: nanoseconds, asking: context, body: body)
    guard Double(count) * nanoseconds >= leastNanoseconds, count > 1 else { return alone }
    let piece = piece(nanoseconds)
    // Parts write different bytes and read what no part writes.
    nonisolated(unsafe) let (work, asked) = (body, context)
    return {
      let parts = min(threads.load(ordering: .relaxed), count)
      guard parts > 1 else { return alone() }
      Workers.shared.perform(parts) { part in
        // No product of two large numbers: count / parts each, and one more for the first of them.
        let (share, more) = count.quotientAndRemainder(dividingBy: parts)
        let start = part * share + min(part, more)
        run(start..<(start + share + (part < more ? 1 : 0)), piece, asked, work)
      }
    }
  }

  /// The same on one thread, in order.
  static func alone(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let (all, piece) = (0..<count, piece(nanoseconds))
    return count <= piece ? { body(all) } : { run(all, piece, context, body) }
  }

  /// Elements of a piece: a multiple of 1024 where that many take no longer.
  private static func piece(_ nanoseconds: Double) -> Int {
    let count = Int(min(pieceNanoseconds / max(nanoseconds, 0.01), 1e9))
    return count >= 1024 ? count & ~1023 : max(count, 1)
  }

  private static func run(
    _ range: Range<Int>, _ piece: Int, _ context: RunContext?, _ body: (Range<Int>) -> Void
  ) {
    var start = range.lowerBound
    while start < range.upperBound, context?.isStopped != true {
      let end = range.upperBound - start > piece ? start + piece : range.upperBound
      body(start..<end)
      start = end
    }
  }
}
