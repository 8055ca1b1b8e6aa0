import Glibc
import Lessons
import Notebook
import Syntax

/// `cairn learn --watch FILE`: runs a student's own script on every save.
struct FileWatch {
  private let path: String
  private let options: CommonOptions
  private let isPlain: Bool

  /// Milliseconds between two looks at the file.
  private static let pause: Int32 = 200

  /// - Parameter isPlain: True for those who hear what is printed: nothing is cleared.
  init(_ path: String, _ options: CommonOptions, isPlain: Bool) {
    (self.path, self.options, self.isPlain) = (path, options, isPlain)
  }

  /// Runs the file now and each time that it holds something else, until it is asked to stop.
  func run() {
    Signals.watch(endsAtSecond: true)
    var last: [UInt8]?
    var isFirst = true
    while !Signals.interruption.isRequested {
      let found = Result { () throws(Diagnostic) in try ScriptFile.read(path) }
      let bytes = (try? found.get().bytes) ?? []
      // An editor that saves may have taken the file away for a moment.
      let isThere = (try? found.get()) != nil
      if isFirst || isThere && bytes != last {
        show(found, isFirst: isFirst)
        (last, isFirst) = (isThere ? bytes : nil, false)
      }
      rest()
    }
    Signals.endIfAsked()
  }

  /// Waits a little, or until something is asked.
  private func rest() {
    var source = pollfd(fd: Signals.descriptor, events: Int16(POLLIN), revents: 0)
    if poll(&source, 1, FileWatch.pause) > 0 { _ = Signals.next() }
  }

  private func show(_ found: Result<SourceText, Diagnostic>, isFirst: Bool) {
    let screen = Screen(options, isPlain: isPlain)
    if !isPlain, isatty(STDOUT_FILENO) == 1 {
      screen.put("\u{1B}[H\u{1B}[2J")
    } else if !isFirst {
      screen.put("\n")
    }
    switch found {
    case .failure(let fault): screen.show(fault, file: path)
    case .success(let source): run(source, screen)
    }
    screen.put(WatchText.waits)
  }

  private func run(_ source: SourceText, _ screen: Screen) {
    let session = Session(
      configuration: options.interpreterConfiguration(directory: RunCommand.directory(of: path)))
    session.width = min(Terminal.width, 100)
    session.isInWords = isPlain
    screen.follow(session)
    var (commands, passed, first) = (0, 0, Diagnostic?.none)
    session.run(source) { report in
      commands += 1
      passed += report.tests.count { $0.message == nil }
      if first == nil { screen.show(.command(report)) }
      first = first ?? report.fault
    }
    screen.put(WatchText.outcome(source.name, first: first, commands: commands, passed: passed))
  }
}
