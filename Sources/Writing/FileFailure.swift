/// Why a file could not be read or written: the facts. What is said of them stands with the
/// diagnostics.
package enum FileFailure: Error, Hashable {
  /// The operating system's number (`errno`) for what went wrong.
  case system(Int32)
  /// The name has a NUL character: the system would take what stands before it.
  case nulInName
  /// What is read, or written, is a directory.
  case directory
  /// What is to be read is a device: it may have no end.
  case device
  /// What is to be read is a socket.
  case socket
  /// What is read and then written again is a pipe: what is written into it does not stay.
  case pipe
  /// What is read has more bytes than `limit`.
  case tooLarge(limit: Int)
  /// No user has the right to write the file.
  case readOnly
  /// The directory takes no new file, for the system's reason: a write that cannot be cut short
  /// needs one.
  case closedDirectory(Int32)
  /// The file is no longer what it was when it was read: another program has written or removed it.
  case changed
  /// What is to be written anew is what standard output or standard error goes to.
  case isOutput
  /// Another program is writing the file at this moment.
  case busy
  /// An earlier write was cut short; what the file held before it stands in `copy`.
  case leftover(copy: String)
  /// The write failed for the system's reason, and what was there could not be put back: it stands
  /// in `copy`.
  case halfWritten(Int32, copy: String)
  /// Who asked for it wants it no longer.
  case stopped
}
