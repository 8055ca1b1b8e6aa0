import Evaluation
import Glibc
import Notebook
import Syntax

/// The side of the process that runs one submission: it is told the submission, shuts itself in,
/// runs it, and only then is told the checks.
package enum SubmissionChild {
  /// Speaks over standard input and output until all is done, and gives the process's status.
  package static func main() -> Int32 {
    // What anything prints by itself goes nowhere, and is no message.
    let frames = Frames(input: dup(0), output: dup(1))
    let nowhere = open("/dev/null", O_RDWR)
    for descriptor: Int32 in 0...2 { dup2(nowhere, descriptor) }
    close(nowhere)
    do throws(Frames.Failure) {
      let order = try frames.receive(SubmissionOrder.self)
      try run(order, frames)
      return 0
    } catch {
      return 1
    }
  }

  private static func run(_ order: SubmissionOrder, _ frames: Frames) throws(Frames.Failure) {
    var configuration = Interpreter.Configuration()
    configuration.threads = order.threads
    let run = SubmissionRun(
      SourceText(name: order.name, text: order.text), files: order.files, limits: order.limits,
      configuration: configuration)
    try frames.send(Shelter.enter(bytes: order.limits.bytes))
    let fault = run.load()
    try frames.send(SubmissionAnswer(fault: fault, output: run.output, steps: run.steps))
    guard fault == nil else { return }
    let checks = try frames.receive(ChecksOrder.self)
    guard let file = try? ChecksFile(SourceText(name: checks.name, text: checks.text)),
      checks.seeds.count == file.tests.count
    else { throw .malformed }
    var failure: Frames.Failure?
    run.grade(file, seeds: checks.seeds, refuted: checks.refuted) { grade in
      guard failure == nil else { return }
      do throws(Frames.Failure) { try frames.send(ChecksAnswer.grade(grade)) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    try frames.send(ChecksAnswer.done(steps: run.steps))
  }
}
