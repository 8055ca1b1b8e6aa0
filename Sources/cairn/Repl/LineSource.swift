import Glibc

/// Where a session's lines come from.
protocol LineSource: AnyObject {
  /// The next line, without its newline. Where a person types it, `indentation` spaces stand
  /// there already.
  func next(prompt: String, indentation: Int) -> LineInput
  /// Takes an entry, maybe of several lines, into the history.
  func remember(_ entry: String)
}

/// What asking for a line gave.
enum LineInput {
  case line(String)
  /// Ctrl-C: the line is abandoned.
  case interrupted
  /// Ctrl-D, the end of the input, or a request that the process end.
  case end
}

/// Lines of an input that is no terminal.
final class PlainLines: LineSource {
  /// What was read and is no line yet.
  private var bytes: [UInt8] = []
  /// Where the next line begins in `bytes`.
  private var start = 0
  /// Bytes in which no newline was found.
  private var searched = 0

  func next(prompt: String, indentation: Int) -> LineInput {
    while true {
      if Signals.areEnding { return .end }
      if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) { return line(upTo: end) }
      searched = bytes.count
      switch waitForMore() {
      case .interrupt: return .interrupted
      case .ending: return .end
      default: break
      }
      if !readMore() { return start < bytes.count ? line(upTo: bytes.count) : .end }
    }
  }

  func remember(_ entry: String) {}

  private func line(upTo end: Int) -> LineInput {
    var text = String(decoding: bytes[start..<end], as: UTF8.self)
    if text.last == "\r" { text.removeLast() }
    start = min(end + 1, bytes.count)
    searched = start
    return .line(text)
  }

  /// Waits until there is something to read, or a signal that matters while nothing runs.
  private func waitForMore() -> Signals.Event? {
    while true {
      var sources = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 else {
        if errno == EINTR { continue }
        return nil
      }
      // What is there to be read comes before what was heard while a command ran.
      if sources[0].revents != 0 { return nil }
      if let event = Signals.next(), event == .interrupt || event == .ending { return event }
    }
  }

  /// False at the end of the input.
  private func readMore() -> Bool {
    bytes.removeFirst(start)
    (start, searched) = (0, bytes.count)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
        return true
      }
      guard count < 0, errno == EINTR || errno == EAGAIN else { return false }
      if errno == EAGAIN { _ = waitForMore() }
    }
  }
}
