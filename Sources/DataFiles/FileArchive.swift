import Glibc
import Synchronization
import Tensors

/// A zip archive of files, of which each is read when it is asked for. Nothing is written anywhere.
package final class FileArchive: Sendable {
  /// Paths of its files in the order of its directory, each once; none leads out of a folder.
  package let paths: [String]
  private let state: Mutex<State>

  private struct State: @unchecked Sendable {
    let archive: ZipArchive
    let members: [String: ZipArchive.Member]
  }

  /// Reads the directory of the archive at a path.
  package init(path: String) throws(DataFileFault) {
    let archive = try ZipArchive(try FileStream(path: path).rereadable(), ledger: Ledger())
    let files = archive.members.filter { !$0.isFolder }
    paths = files.map(\.name)
    state = Mutex(
      State(
        archive: archive,
        members: Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })))
  }

  /// All bytes of a file. Throws `.file(.tooLarge)` where it has more than `limit`, before any is
  /// read, and `.file(.system(ENOENT))` where there is none.
  package func bytes(at path: String, atMost limit: Int) throws(DataFileFault) -> [UInt8] {
    let found = state.withLock { state in
      Result { () throws(DataFileFault) in try FileArchive.bytes(of: state, path, limit) }
    }
    return try found.get()
  }

  private static func bytes(
    of state: State, _ path: String, _ limit: Int
  ) throws(DataFileFault) -> [UInt8] {
    guard let member = state.members[path] else { throw .file(.system(ENOENT)) }
    guard member.byteCount <= limit else { throw .file(.tooLarge(limit: limit)) }
    let room = try workRoom(member.byteCount)
    defer { withExtendedLifetime(room) {} }
    let found = try state.archive.stream(of: member).read(into: room.bytes)
    return Array(room.bytes[..<found])
  }
}
