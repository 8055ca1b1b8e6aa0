import CKernels
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

  /// Work below this many nanoseconds stays on one thread: handing some to a thread that waits for
  /// it, and reading what it wrote, takes one microsecond or two.
  static let leastNanoseconds = 4_000.0

  /// A piece of work takes at most about this many nanoseconds: a request to stop waits no longer.
  static let pieceNanoseconds = 2_000_000.0

  /// A piece that threads share takes no less where there are more than two: small ones even out
  /// what the threads do, where another program takes part of a core.
  private static let sharedNanoseconds = 20_000.0

  /// Parts of work that takes so many nanoseconds on one thread: an even number, so that
  /// two threads end together.
  static func parts(ofNanoseconds all: Double) -> Int {
    guard all >= leastNanoseconds else { return 1 }
    let share = min(max(all / 64, sharedNanoseconds), pieceNanoseconds)
    return max(2, (Int(min(all / share, 1e9)) + 1) & ~1)
  }

  /// An instruction that calls `body` with ranges that together are `0..<count`; one takes about
  /// `nanoseconds` an element. Between pieces of the work, all threads ask `context` whether to
  /// stop; without one, the work is always finished.
  static func instruction(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    guard Double(count) * nanoseconds >= leastNanoseconds, count > 1 else {
      return alone(count: count, nanoseconds: nanoseconds, asking: context, body: body)
    }
    return SharedLoop(count: count, nanoseconds: nanoseconds, asking: context, body: body)
      .instruction
  }

  /// Elements of each of so many parts: whole lines of the cache, where there are that many.
  static func size(of count: Int, in parts: Int) -> Int {
    let least = (count + parts - 1) / parts
    return least >= 1024 ? (least + 63) & ~63 : least
  }

  /// The same on one thread, in order.
  static func alone(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let (all, piece) = (0..<count, elements(nanoseconds, of: pieceNanoseconds))
    return count <= piece ? { body(all) } : { inPieces(all, piece, context, body) }
  }

  /// Does that work now.
  static func alone(
    _ range: Range<Int>, nanoseconds: Double, asking context: RunContext?,
    body: (Range<Int>) -> Void
  ) {
    inPieces(range, elements(nanoseconds, of: pieceNanoseconds), context, body)
  }

  /// Elements that take so long: a multiple of 1024 where that many take no longer.
  static func elements(_ nanoseconds: Double, of duration: Double) -> Int {
    let count = Int(min(duration / max(nanoseconds, 0.01), 1e9))
    return count >= 1024 ? count & ~1023 : max(count, 1)
  }

  /// Calls `body` with ranges of at most `piece` elements, in order, and asks `context` before each
  /// whether to stop.
  static func inPieces(
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
