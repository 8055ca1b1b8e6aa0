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

  /// Parts of work that takes so many nanoseconds on one thread: an even number, most often, so
  /// that two threads end together.
  static func parts(ofNanoseconds all: Double) -> Int {
    guard all >= leastNanoseconds else { return 1 }
    let share = min(max(all / 64, sharedNanoseconds), pieceNanoseconds)
    return max(2, Int(min(all / share, 1e9)) + 1 & ~1)
  }

  /// An instruction that calls `body` with ranges that together are `0..<count`; one takes about
  /// `nanoseconds` an element. Between pieces of the work, all threads ask `context` whether to
  /// stop; without one, the work is always finished.
  static func instruction(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let all = Double(count) * nanoseconds
    guard all >= leastNanoseconds, count > 1 else {
      return alone(count: count, nanoseconds: nanoseconds, asking: context, body: body)
    }
    let work = SharedWork(
      count: count, size: size(of: count, in: parts(ofNanoseconds: all)),
      piece: elements(nanoseconds, of: pieceNanoseconds), nanoseconds: all, context: context,
      body: body)
    return { work.run() }
  }

  /// Work that threads may share: there is one for each of thousands of instructions, so that it is
  /// one object.
  private final class SharedWork {
    private let count: Int
    /// Elements of a part that threads take, and of a piece of one thread's.
    private let (size, piece): (Int, Int)
    /// All of it on one thread.
    private let nanoseconds: Double
    private let context: RunContext?
    private let body: (Range<Int>) -> Void

    init(
      count: Int, size: Int, piece: Int, nanoseconds: Double, context: RunContext?,
      body: @escaping (Range<Int>) -> Void
    ) {
      self.count = count
      self.size = size
      self.piece = piece
      self.nanoseconds = nanoseconds
      self.context = context
      self.body = body
    }

    func run() {
      let parts = (count - 1) / size + 1
      let crew = min(threads.load(ordering: .relaxed), parts)
      guard crew > 1 else { return Crew.run(0..<count, piece, context, body) }
      let own = Unmanaged.passUnretained(self).toOpaque()
      ck_crew_run(
        Int32(clamping: crew), Int32(clamping: parts), Int64(min(nanoseconds, 1e15)),
        { work, part in
          guard let work else { return }
          Unmanaged<SharedWork>.fromOpaque(work).takeUnretainedValue().run(part: Int(part))
        }, own)
    }

    /// Parts write different bytes and read what no part writes.
    private func run(part: Int) {
      guard context?.isStopped != true else { return }
      body((part * size)..<min((part + 1) * size, count))
    }
  }

  /// Elements of each of so many parts: whole lines of the cache, where there are that many.
  private static func size(of count: Int, in parts: Int) -> Int {
    let least = (count + parts - 1) / parts
    return least >= 1024 ? (least + 63) & ~63 : least
  }

  /// The same on one thread, in order.
  static func alone(
    count: Int, nanoseconds: Double, asking context: RunContext?,
    body: @escaping (Range<Int>) -> Void
  ) -> Instruction {
    let (all, piece) = (0..<count, elements(nanoseconds, of: pieceNanoseconds))
    return count <= piece ? { body(all) } : { run(all, piece, context, body) }
  }

  /// Elements that take so long: a multiple of 1024 where that many take no longer.
  private static func elements(_ nanoseconds: Double, of duration: Double) -> Int {
    let count = Int(min(duration / max(nanoseconds, 0.01), 1e9))
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
