import Glibc
import Syntax
import Writing

/// Lines of an input that is no terminal; one has at most as many bytes as a script.
final class PlainLines: LineSource {
  private let lines = InputLines(
    STDIN_FILENO, longest: ScriptFile.limit, wait: PlainLines.waitForMore)

  func next(prompt: String, indentation: Int) -> LineInput {
    if Signals.areEnding { return .end }
    do throws(FileFailure) {
      return try lines.next().map(LineInput.line) ?? .end
    } catch .stopped {
      return Signals.areEnding ? .end : .interrupted
    } catch {
      return .failed(.unreadableInput(error))
    }
  }

  func remember(_ entry: String) {}

  func end() {}

  /// Waits until there is something to read; throws `.stopped` at a signal that asks to stop or to
  /// end while nothing runs.
  private static func waitForMore() throws(FileFailure) {
    while true {
      var sources = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 else {
        if errno == EINTR { continue }
        throw .system(errno)
      }
      // What is there to be read comes before what was heard while a command ran.
      if sources[0].revents != 0 { return }
      if let event = Signals.next(), event == .interrupt || event == .ending { throw .stopped }
    }
  }
}
