/// The lines of a descriptor, as they come.
package final class InputLines {
  private let descriptor: Int32
  private let longest: Int
  /// What was read and is not given yet starts at `start`.
  private var bytes: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// What is read passes through it; made when it is needed.
  private var room: Room?

  private let wait: () throws(FileFailure) -> Void

  /// - Parameters:
  ///   - longest: Most bytes in a line; a longer one is a problem, and the end.
  ///   - wait: Called before more is read: may wait until there is something, and throw where that
  ///     is not wanted any more. The next call of `next` goes on from there.
  package init(
    _ descriptor: Int32, longest: Int, wait: @escaping () throws(FileFailure) -> Void = {}
  ) {
    self.wait = wait
    self.descriptor = descriptor
    self.longest = longest
  }

  /// The next line without its newline; what is no UTF-8 stands as U+FFFD. `nil` at the end.
  package func next() throws(FileFailure) -> String? {
    var searched = start
    while true {
      if let newline = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        guard newline - start <= longest else { throw .tooLarge(limit: longest) }
        defer { start = newline + 1 }
        return text(start..<newline)
      }
      guard bytes.count - start <= longest else { throw .tooLarge(limit: longest) }
      if isAtEnd {
        defer { start = bytes.count }
        return start < bytes.count ? text(start..<bytes.count) : nil
      }
      bytes.removeFirst(start)
      start = 0
      searched = bytes.count
      try wait()
      try readMore()
    }
  }

  private func readMore() throws(FileFailure) {
    if room == nil { room = try Room(byteCount: 1 << 16) }
    guard let room else { return }
    let count = try Descriptor.read(descriptor, into: room.bytes)
    bytes.append(contentsOf: room.bytes[..<count])
    isAtEnd = count == 0
  }

  private func text(_ range: Range<Int>) -> String {
    var line = bytes[range]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }
}
