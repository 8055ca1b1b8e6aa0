import Glibc

/// What stands before what is typed.
enum Prompt {
  /// A word as readline wants a prompt: coloured where the terminal and the options allow it.
  static func text(_ word: String, _ options: CommonOptions) -> String {
    guard !options.noColor, Terminal.showsColour(STDOUT_FILENO) else { return word }
    return "\u{1}\u{1B}[1;36m\u{2}\(word)\u{1}\u{1B}[0m\u{2}"
  }
}
