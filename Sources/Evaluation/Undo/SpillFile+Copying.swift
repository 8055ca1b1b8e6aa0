import Dispatch

extension SpillFile {
  /// A copy to the file that another thread makes, from when it is made on.
  final class Copying {
    private let stretch: Stretch
    private let work: Work

    /// Copies pieces of memory, which stay as they are until this is waited for, to the room of
    /// `stretch`.
    init(_ pieces: [UnsafeRawBufferPointer], to stretch: Stretch, in file: SpillFile) {
      self.stretch = stretch
      let work = Work(pieces, at: stretch.range.lowerBound, in: file)
      self.work = work
      DispatchQueue.global(qos: .userInitiated).async(group: work.group) { work.run() }
    }

    deinit { wait() }

    /// Waits until the other thread has done with the pieces.
    func wait() { work.group.wait() }

    /// Where all bytes lie. Throws where they were not stored.
    func finished() throws(Problem) -> Stretch {
      wait()
      if let problem = work.problem { throw problem }
      return stretch
    }
  }

  /// What the other thread does. It alone uses this until the group is done, and of the file only
  /// what does not change.
  private final class Work: @unchecked Sendable {
    let group = DispatchGroup()
    private(set) var problem: Problem?
    private let pieces: [UnsafeRawBufferPointer]
    private let start: Int
    private let file: SpillFile

    init(_ pieces: [UnsafeRawBufferPointer], at start: Int, in file: SpillFile) {
      self.pieces = pieces
      self.start = start
      self.file = file
    }

    func run() {
      do throws(Problem) { try file.copy(pieces, to: start) } catch { problem = error }
    }
  }
}
