import Foundation
import Syntax
import Testing

@testable import Grading

/// What the grader believes of a process, shown with processes that do what a submission cannot.
@Suite struct SubmissionProcessTests {
  private static let checks = """
    test "one" (points: 2) { expect submission.one == 1 }
    test "two" (points: 3, hidden: true) { expect submission.two == 2 }
    """

  /// The grade that a shell script speaks for.
  private func grade(
    _ script: String, submission: String = "let one = 1", patience: Int = 60
  ) throws -> SubmissionGrade {
    let checks = try GradingLab.checks(Self.checks)
    let process = SubmissionProcess(
      ["/bin/sh", "-c", script], checks: checks, patience: patience)
    return SubmissionProcessTests.withoutBrokenPipes {
      process.grade(
        SourceText(name: "ada.cairn", text: submission), of: "ada", digest: "",
        seeds: [[1], [2]])
    }
  }

  /// Calls a body on whose thread a process that is gone does not end this one. The program ignores
  /// the signal as a whole; here other tests' processes would inherit that.
  private static func withoutBrokenPipes<Result>(_ body: () -> Result) -> Result {
    var (pipe, before) = (sigset_t(), sigset_t())
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    let result = body()
    // What is still waiting for this thread is taken before it could be delivered.
    var now = timespec(tv_sec: 0, tv_nsec: 0)
    while sigtimedwait(&pipe, nil, &now) > 0 {}
    pthread_sigmask(SIG_SETMASK, &before, nil)
    return result
  }

  /// A command that says a message in JSON.
  private func saying(_ message: String) -> String {
    let count = message.utf8.count
    let header = (0..<4).map { "\\" + String(count >> (8 * $0) & 0xff, radix: 8) }.joined()
    return "printf '\(header)'; printf '%s' '\(message)'; "
  }

  /// Hears of the submission, and says that all shuts it in.
  private var shut: String { "head -c 1 > /dev/null; " + saying("7") }
  private var ran: String { saying(#"{"output":"","steps":1}"#) }

  private func saying(_ grade: TestGrade) throws -> String {
    let message = try JSONEncoder().encode(ChecksAnswer.grade(grade))
    return saying(String(decoding: message, as: UTF8.self))
  }

  private func one(points: Double, outcome: Outcome = .passed, number: Int = 1) -> TestGrade {
    TestGrade(
      number: number, name: "any", isHidden: false, outcome: outcome, points: points, of: 1000)
  }

  @Test(arguments: ["KILL", "TERM", "HUP"])
  func `A process that somebody else ends says nothing of the submission`(signal: String) throws {
    let grade = try grade(shut + "kill -\(signal) $$")
    #expect(grade.fault?.outcome == .faultOfChecks)
    #expect(grade.fault?.isCertain == false)
    #expect(grade.fault?.message.contains("ended from outside") == true)
    #expect(grade.points == 0)
  }

  @Test(arguments: ["XCPU", "XFSZ"])
  func `A process that meets a limit of the system is told so, and not kept`(
    signal: String
  ) throws {
    let grade = try grade(shut + "kill -\(signal) $$")
    #expect(grade.fault?.outcome == .limitHit)
    #expect(grade.fault?.isCertain == false)
  }

  @Test func `A process that ends by itself is not gradable`() throws {
    let grade = try grade(shut + "exit 3")
    #expect(grade.fault?.outcome == .notGradable)
    #expect(grade.fault?.message == "it ended the process that ran it: status 3")
    #expect(grade.tests.map(\.points) == [0, 0])
  }

  @Test func `Nothing runs without the whole shelter, and the report says what there is`() throws {
    let grade = try grade("head -c 1 > /dev/null; " + saying("1") + "sleep 60")
    #expect(grade.fault?.outcome == .faultOfChecks)
    #expect(grade.fault?.message.contains("limits on memory") == true)
  }

  @Test func `A process that does not read holds nothing up`() throws {
    let began = ContinuousClock.now
    let grade = try grade(
      "exec sleep 60", submission: String(repeating: "# long\n", count: 200_000), patience: 1)
    #expect(ContinuousClock.now - began < .seconds(30))
    #expect(grade.points == 0)
    #expect(grade.fault?.isCertain == false)
  }

  @Test func `A process that says nothing is ended by the clock, which is not kept`() throws {
    let grade = try grade(shut + "exec sleep 60", patience: 1)
    #expect(grade.fault?.outcome == .limitHit)
    #expect(grade.fault?.isCertain == false)
  }

  @Test func `What is believed of a test is its outcome, and never what it is worth`() throws {
    let second = one(points: 0, outcome: .wrong, number: 2)
    let honest = try grade(
      shut + ran + saying(one(points: 2)) + saying(second) + saying(#"{"done":{"steps":9}}"#)
        + "cat > /dev/null")
    #expect(honest.fault == nil)
    #expect(honest.tests.map(\.points) == [2, 0])
    #expect(honest.tests.map(\.of) == [2, 3])
    #expect(honest.tests.map(\.name) == ["one", "two"])
    #expect(honest.tests.map(\.isHidden) == [false, true])
    #expect(honest.steps == 9)
  }

  @Test func `Points that no outcome has are no result`() throws {
    let forged = [
      one(points: 1000), one(points: -1), one(points: 1), one(points: 2, number: 2),
      one(points: 1, outcome: .wrong), one(points: 0, outcome: .partly),
    ]
    for each in forged {
      let grade = try grade(shut + ran + saying(each) + "sleep 60")
      #expect(grade.points == 0, "\(each)")
      #expect(grade.fault?.message == "what its process said is no result", "\(each)")
    }
  }

  @Test(arguments: ["7x", "\"7\"", "{}", ""])
  func `What is no message is no result`(text: String) throws {
    let grade = try grade(saying(text) + "sleep 60")
    #expect(grade.points == 0)
    #expect(grade.fault != nil)
  }

  @Test func `A message that says it is endless is not waited for`() throws {
    let grade = try grade("printf '\\377\\377\\377\\377'; exec sleep 60")
    #expect(grade.fault != nil)
  }

  @Test func `The process has no environment, and a directory that is gone`() throws {
    let grade = try grade(
      shut + """
        [ "$(/usr/bin/wc -c < /proc/$$/environ)" = 0 ] || exit 7
        ( : > file ) 2> /dev/null && exit 8
        exit 9
        """)
    #expect(grade.fault?.message == "it ended the process that ran it: status 9")
  }
}
