import Evaluation
import Execution
import Foundation
import Notebook
import Reports
import Synchronization
import Syntax
import Tensors

/// Whatever program comes, under a limit of steps and a budget: it ends soon after it is asked to,
/// what schedules take is what was rehearsed, a command that fails changes no byte, and at the end
/// nothing is live.
enum ProgramRoom {
  /// Seconds after which a command is asked to stop.
  private static let patience = 2.0

  static func enter(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    // A fuzzer must not write where it likes: what names a path is left alone.
    guard !text.contains("save(") || !text.contains("/") else { return }
    var configuration = Interpreter.Configuration()
    configuration.stepLimit = 200
    configuration.budget = 1 << 20
    configuration.threads = 1
    configuration.directory = folder
    let session = Session(configuration: configuration)
    let before = session.interpreter.ledger.liveTotal
    watch(session) {
      session.run(SourceText(name: "fuzz", text: text), goesOn: .always, each: look)
    }
    session.reset()
    let after = session.interpreter.ledger.liveTotal
    hold(after == before, "\(after - before) bytes stay live")
  }

  private static func look(_ report: CommandReport) {
    hold(!JSONValue(report).text.isEmpty, "no JSON")
    hold(report.text.utf8.count < 1 << 24, "too many words")
    if let fault = report.fault {
      hold(!DiagnosticRenderer().text(fault).isEmpty, "a fault without words")
    }
    guard let run = report.memory.run, report.isOK else { return }
    hold(
      run.predictedPeak == run.measuredPeak,
      "rehearsed \(run.predictedPeak), measured \(run.measuredPeak): \(report.source)")
  }

  /// Asks the session to stop, again and again, once its time is over.
  private static func watch(_ session: Session, _ body: () -> Void) {
    let watch = Watch(session.interpreter.interruption)
    let thread = Thread { watch.run(patience) }
    thread.start()
    body()
    watch.end()
  }

  private final class Watch: @unchecked Sendable {
    private let interruption: Interruption
    private let isDone = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ interruption: Interruption) { self.interruption = interruption }

    func run(_ seconds: Double) {
      let start = Date()
      while !isDone.load(ordering: .acquiring) {
        if Date().timeIntervalSince(start) > seconds { interruption.request() }
        usleep(1000)
      }
      ended.signal()
    }

    func end() {
      isDone.store(true, ordering: .releasing)
      ended.wait()
    }
  }

  /// Where programs find files, and write them.
  private static let folder: String = {
    let path = FileManager.default.temporaryDirectory.path + "/cairn-fuzz-\(getpid())"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()
}
