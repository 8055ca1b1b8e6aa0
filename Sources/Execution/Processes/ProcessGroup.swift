import CMPI
import Foundation

/// The processes that `mpirun` started together, each of which runs the same script: who of them
/// this one is, and messages to the others.
///
/// It is a fact of the process, set once before anything runs; used from one thread.
package final class ProcessGroup {
  /// Why processes cannot work together.
  package enum Problem: Error, Hashable {
    /// Cairn was built without the headers of Open MPI.
    case notBuilt
    /// The library of Open MPI is not there.
    case noLibrary
    /// It reports an error.
    case failed
  }

  /// Why one of them ends all.
  package enum Ending: Sendable {
    /// It was asked to stop while it waited for others.
    case stopped
    /// It cannot reach these any more.
    case unreachable([Int])
    /// What it ran failed: the message of the fault.
    case failed(String)
  }

  /// Which of the processes this is, from 0.
  package let rank: Int
  /// How many there are.
  package let size: Int
  /// Tells the others, and a person, why this one ends all: set by who talks to people.
  package var tell: (Ending) -> Void = { _ in }
  private let interruption: Interruption

  /// The group that this process is in; `nil` where it was started alone.
  nonisolated(unsafe) package private(set) static var current: ProcessGroup?

  /// True where the process was started by `mpirun` with others.
  package static var isStartedWithOthers: Bool {
    let size = ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"].flatMap { Int($0) }
    return size ?? 1 > 1
  }

  /// Joins the others. Messages that are awaited are given up where the interruption asks for it.
  package static func join(_ interruption: Interruption) throws(Problem) -> ProcessGroup {
    var (rank, size): (Int32, Int32) = (0, 1)
    switch cmpi_begin(&rank, &size) {
    case Int32(CMPI_OK.rawValue): break
    case Int32(CMPI_NOT_BUILT.rawValue): throw .notBuilt
    case Int32(CMPI_NO_LIBRARY.rawValue): throw .noLibrary
    default: throw .failed
    }
    let group = ProcessGroup(rank: Int(rank), size: Int(size), interruption)
    current = group
    return group
  }

  private init(rank: Int, size: Int, _ interruption: Interruption) {
    self.rank = rank
    self.size = size
    self.interruption = interruption
  }

  /// Sends bytes to one of them while it receives bytes from one. Where that fails all end: what
  /// they have begun together cannot be gone on with.
  func shift(
    to: Int? = nil, _ out: UnsafeRawBufferPointer = .init(start: nil, count: 0),
    from: Int? = nil, _ into: UnsafeMutableRawBufferPointer = .init(start: nil, count: 0)
  ) {
    let outcome = interruption.word.withMemoryRebound(to: Int32.self, capacity: 1) { stop in
      cmpi_shift(
        Int32(to ?? -1), out.baseAddress, out.count, Int32(from ?? -1), into.baseAddress,
        into.count, stop)
    }
    guard outcome == Int32(CMPI_OK.rawValue) else {
      if outcome == Int32(CMPI_STOPPED.rawValue) {
        // Each process hears it, also where one of them has gone; one says so.
        if rank == 0 { tell(.stopped) }
        exit(1)
      }
      end(.unreachable(Set([to, from].compactMap(\.self)).sorted()))
    }
  }

  /// Ends all processes with status 1.
  package func end(_ why: Ending) -> Never {
    tell(why)
    cmpi_abort(1)
    exit(1)
  }

  /// Waits until another one has ended all.
  package func waitForEnd() -> Never {
    while true { sleep(1) }
  }

  /// Waits for all.
  package func meet() { _ = cmpi_barrier() }

  /// Leaves the others, which all have to do before they end.
  package func leave() {
    guard ProcessGroup.current === self else { return }
    ProcessGroup.current = nil
    cmpi_end()
  }

  // MARK: Numbers

  /// Numbers of all, one after the other by rank: each gives as many.
  package func gather(_ numbers: [Double]) -> [[Double]] {
    var all = [[Double]](repeating: numbers, count: size)
    if rank == 0 {
      for other in 1..<size {
        all[other].withUnsafeMutableBytes { shift(from: other, $0) }
      }
      for other in 1..<size {
        for one in all.indices { all[one].withUnsafeBytes { shift(to: other, $0) } }
      }
    } else {
      numbers.withUnsafeBytes { shift(to: 0, $0) }
      for one in all.indices { all[one].withUnsafeMutableBytes { shift(from: 0, $0) } }
    }
    return all
  }

  /// Writes the bytes of one over those of all others.
  package func spread(_ bytes: UnsafeMutableRawBufferPointer, from owner: Int) {
    if rank == owner {
      for other in 0..<size where other != owner {
        shift(to: other, UnsafeRawBufferPointer(bytes))
      }
    } else {
      shift(from: owner, bytes)
    }
  }

  /// Sends bytes to one of them.
  package func send(_ bytes: UnsafeRawBufferPointer, to other: Int) { shift(to: other, bytes) }

  /// Receives as many bytes as one of them sends.
  package func receive(_ bytes: UnsafeMutableRawBufferPointer, from other: Int) {
    shift(from: other, bytes)
  }
}
