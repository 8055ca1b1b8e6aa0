import Glibc
import Syntax
import Writing

/// Lines of an input that is no terminal; one has at most as many bytes as a script.
final class PlainLines: LineSource {
  private let lines = InputLines(STDIN_FILENO, longest: ScriptFile.limit)

  func next(prompt: String, indentation: Int) -> LineInput {
    do throws(FileFailure) {
      return try lines.next().map(LineInput.line) ?? .end
    } catch {
      return .failed(.unreadableInput(error))
    }
  }

  func remember(_ entry: String) {}
}
