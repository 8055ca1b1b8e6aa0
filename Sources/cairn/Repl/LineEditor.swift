@preconcurrency import CReadline
import Glibc
import Notebook

/// Lines of a terminal, edited with readline.
///
/// Readline runs in its callback mode in a loop of our own, which also hears of signals through a
/// pipe: its own handlers stay out, since a long jump or a restart out of them leaves the terminal
/// in disorder.
final class LineEditor: LineSource {
  private let history: HistoryFile?

  /// - Parameter complete: Candidates for a word, given the word and the line before it.
  init(history: HistoryFile?, complete: @escaping (_ word: String, _ before: String) -> [String]) {
    self.history = history
    completion = complete
    rl_catch_signals = 0
    rl_catch_sigwinch = 0
    rl_readline_name = UnsafePointer(strdup("cairn"))
    LineEditor.readUTF8()
    rl_basic_word_break_characters = UnsafePointer(strdup(" \t\n\"\\'`@$><=;|&{(,)+-*/%[].!~?"))
    rl_attempted_completion_function = { text, start, _ in attempt(text, start) }
    rl_variable_bind("enable-bracketed-paste", "on")
    for bracket in "})]".utf8 { rl_bind_key(Int32(bracket), closeBracket) }
    history?.load()
  }

  /// Cairn's texts are UTF-8, also where the environment asks for another encoding: the C locale
  /// would take such characters apart. Where the system has no such locale, bytes pass as they are.
  private static func readUTF8() {
    setlocale(LC_CTYPE, "")
    if let name = nl_langinfo(Int32(CODESET)), String(cString: name) == "UTF-8" { return }
    // Readline asks the environment once more.
    setenv("LC_ALL", "C.UTF-8", 1)
    setlocale(LC_CTYPE, "")
    rl_variable_bind("input-meta", "on")
    rl_variable_bind("output-meta", "on")
    rl_variable_bind("convert-meta", "off")
  }

  func next(prompt: String, indentation: Int) -> LineInput {
    isFinished = false
    typed = nil
    Signals.hearsOfStop = true
    defer { Signals.hearsOfStop = false }
    if Signals.areEnding { return .end }
    // What was heard while a command ran is over, but for a new width. Asked before the prompt is
    // there: what comes behind it is meant for this line.
    let mayHaveNewWidth = Signals.next() != nil
    Terminal.isEdited = true
    defer { Terminal.isEdited = false }
    rl_callback_handler_install(prompt) { line in
      rl_callback_handler_remove()
      isFinished = true
      if let line {
        typed = String(cString: line)
        free(line)
      }
    }
    if mayHaveNewWidth { rl_resize_terminal() }
    if indentation > 0 {
      rl_insert_text(String(repeating: " ", count: indentation))
      rl_redisplay()
    }
    while !isFinished {
      var sources = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 else {
        if errno == EINTR { continue }
        rl_callback_handler_remove()
        return .end
      }
      if sources[1].revents != 0 {
        switch Signals.next() {
        case .interrupt:
          abandon()
          return .interrupted
        case .ending:
          abandon()
          return .end
        case .stop:
          rl_cleanup_after_signal()
          Signals.stop()
        case .continued: redraw()
        case .resize: rl_resize_terminal()
        case nil: break
        }
      } else if sources[0].revents != 0 {
        rl_callback_read_char()
      }
    }
    return typed.map(LineInput.line) ?? .end
  }

  func remember(_ entry: String) { history?.add(entry) }

  func end() { history?.end() }

  /// Takes the terminal, which others may have used, and draws the prompt and the line anew.
  private func redraw() {
    rl_reset_after_signal()
    Output.put("\r", to: STDOUT_FILENO)
    rl_on_new_line()
    rl_forced_update_display()
  }

  private func abandon() {
    rl_free_line_state()
    rl_callback_sigcleanup()
    rl_cleanup_after_signal()
    rl_callback_handler_remove()
    Output.put("\n", to: STDOUT_FILENO)
  }
}

// What readline's callbacks, which carry no context, leave and find. One editor at a time, on one
// thread.
private nonisolated(unsafe) var isFinished = false
private nonisolated(unsafe) var typed: String?
private nonisolated(unsafe) var completion: (String, String) -> [String] = { _, _ in [] }
private nonisolated(unsafe) var candidates: [String] = []

/// Types a closing bracket: where only indentation stands before it, two spaces less of that.
private func closeBracket(_ count: Int32, _ key: Int32) -> Int32 {
  if rl_point >= 2, let line = rl_line_buffer,
    (0..<Int(rl_point)).allSatisfy({ line[$0] == CChar(UInt8(ascii: " ")) })
  {
    rl_delete_text(rl_point - 2, rl_point)
    rl_point -= 2
  }
  return rl_insert(count, key)
}

/// Candidates for the word at the cursor, as readline wants them.
private func attempt(
  _ text: UnsafePointer<CChar>?, _ start: Int32
) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
  guard let text, let line = rl_line_buffer else { return nil }
  let before = String(
    decoding: UnsafeRawBufferPointer(start: line, count: Int(max(start, 0))), as: UTF8.self)
  candidates = completion(String(cString: text), before)
  rl_attempted_completion_over = 1
  // A file's name is whole with its closing quote.
  let isWhole =
    candidates.count == 1 && candidates[0].last != "/" && FilePlace(before)?.isQuoted == true
  rl_completion_append_character = isWhole ? Int32(UInt8(ascii: "\"")) : 0
  return rl_completion_matches(text) { _, state in nextCandidate(state) }
}

private nonisolated(unsafe) var offered = 0

/// The next candidate in a copy that readline frees. `state` is 0 at the first call for a word.
private func nextCandidate(_ state: Int32) -> UnsafeMutablePointer<CChar>? {
  if state == 0 { offered = 0 }
  guard offered < candidates.count else { return nil }
  offered += 1
  return strdup(candidates[offered - 1])
}
