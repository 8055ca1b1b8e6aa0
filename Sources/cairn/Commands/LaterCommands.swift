import ArgumentParser
import Glibc

/// `cairn render`, not available yet.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Render scripts as pages (not available yet).")
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
  func run() throws { throw unavailable("render") }
}

/// Says so, and gives the status of wrong usage: nothing was done, and nothing passed.
private func unavailable(_ name: String) -> ExitCode {
  Output.put("cairn \(name) is not available yet\n", to: STDERR_FILENO)
  return .validationFailure
}
