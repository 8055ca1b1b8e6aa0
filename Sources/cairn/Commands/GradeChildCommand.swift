import ArgumentParser
import Grading

/// The process that runs one submission for `cairn grade`; nobody calls it by hand.
struct GradeChildCommand: ParsableCommand {
  static let name = "grade-one"
  static let configuration = CommandConfiguration(commandName: name, shouldDisplay: false)
  func run() throws { throw ExitCode(SubmissionChild.main()) }
}
