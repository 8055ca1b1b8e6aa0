import Foundation
import Tensors

/// The slower tier: room for what `offload` actions put away, outside the ledger.
///
/// Its room is reserved when it is made, so that a full disk is met before anything has run.
package final class Tier {
  /// What the tier is made of.
  package enum Kind: Hashable, Sendable {
    /// A temporary file that no directory lists: it is gone when the process ends, however it ends.
    case file
    /// Memory of the machine that the account does not count, as a host's memory is beside an
    /// accelerator's.
    case memory
  }

  private enum Medium {
    case nothing
    case file(Int32)
    case memory(Arena)
  }

  private let medium: Medium

  /// Reserves `byteCount` bytes. Throws `.tier` or `.memory` where they cannot be had.
  init(_ kind: Kind, byteCount: Int) throws(ExecutionError) {
    guard byteCount > 0 else {
      medium = .nothing
      return
    }
    switch kind {
    case .file: medium = .file(try Tier.unlistedFile(byteCount))
    case .memory:
      do { medium = .memory(try Arena(byteCount: byteCount)) } catch { throw .memory(error) }
    }
  }

  deinit {
    if case .file(let descriptor) = medium { close(descriptor) }
  }

  private static func unlistedFile(_ byteCount: Int) throws(ExecutionError) -> Int32 {
    let directory = FileManager.default.temporaryDirectory.path
    var template = Array("\(directory)/cairn-tier-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .tier(operation: "create", errorNumber: errno) }
    unlink(template)
    var failure = EINTR
    while failure == EINTR { failure = posix_fallocate(descriptor, 0, byteCount) }
    guard failure == 0 else {
      close(descriptor)
      throw .tier(operation: "reserve", errorNumber: failure)
    }
    return descriptor
  }

  /// Copies bytes to the tier.
  func store(
    _ pointer: UnsafeMutableRawPointer, _ bytes: Int, at offset: Int
  ) throws(ExecutionError) {
    switch medium {
    case .nothing: break
    case .memory(let arena): (arena.base + offset).copyMemory(from: pointer, byteCount: bytes)
    case .file(let descriptor):
      try whole(bytes, "write") { done in
        pwrite(descriptor, pointer + done, bytes - done, offset + done)
      }
    }
  }

  /// Copies bytes back.
  func load(
    _ pointer: UnsafeMutableRawPointer, _ bytes: Int, from offset: Int
  ) throws(ExecutionError) {
    switch medium {
    case .nothing: break
    case .memory(let arena): pointer.copyMemory(from: arena.base + offset, byteCount: bytes)
    case .file(let descriptor):
      try whole(bytes, "read") { done in
        pread(descriptor, pointer + done, bytes - done, offset + done)
      }
    }
  }

  /// Repeats a call that may move fewer bytes than asked for, until all are moved.
  private func whole(
    _ bytes: Int, _ operation: String, _ move: (Int) -> Int
  ) throws(ExecutionError) {
    var done = 0
    while done < bytes {
      let moved = move(done)
      if moved > 0 {
        done += moved
      } else if moved == 0 {
        throw .tier(operation: operation, errorNumber: EIO)
      } else if errno != EINTR {
        throw .tier(operation: operation, errorNumber: errno)
      }
    }
  }
}
