import Foundation

/// The built program, run as a person or a script runs it.
enum Program {
  /// `cairn` beside the test bundle.
  static let path: String = {
    let executable =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(fileURLWithPath: executable).deletingLastPathComponent().path + "/cairn"
  }()

  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Each line of the output as a JSON object.
    var objects: [[String: Any]] {
      get throws {
        try output.split(separator: "\n").map { line in
          try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        }
      }
    }
  }

  /// Runs the program to its end.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    directory: String? = nil
  ) throws -> Result {
    try launch(path, arguments, input, environment, directory)
  }

  /// Runs a script of bash to its end; `cairn` in it is the program.
  static func shell(
    _ script: String, environment: [String: String] = [:], directory: String
  ) throws -> Result {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let known = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try launch(
      "/bin/bash", ["-c", script], "",
      ["PATH": folder + ":" + known].merging(environment) { _, new in new }, directory)
  }

  private static func launch(
    _ executable: String, _ arguments: [String], _ input: String, _ environment: [String: String],
    _ directory: String?
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = self.environment(with: environment)
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try unblocking { try process.run() }
    try? stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try? stdin.fileHandleForWriting.close()
    nonisolated(unsafe) var errors = Data()
    let done = DispatchSemaphore(value: 0)
    DispatchQueue(label: "errors").async {
      errors = stderr.fileHandleForReading.readDataToEndOfFile()
      done.signal()
    }
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    done.wait()
    process.waitUntilExit()
    return Result(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  /// Calls `body` with no signal blocked: a child inherits what the thread that starts it blocks,
  /// and those of a test block all.
  private static func unblocking(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// This process's environment without what would colour or keep the program's doings, and with
  /// `changes`.
  static func environment(with changes: [String: String]) -> [String: String] {
    var environment = ProcessInfo.processInfo.environment
    environment["NO_COLOR"] = nil
    environment["TERM"] = "xterm"
    environment["INPUTRC"] = "/dev/null"
    environment["CAIRN_HISTORY"] = ""
    // Nothing is kept where a test names no place for it, and nothing is found there.
    environment["XDG_STATE_HOME"] = "/dev/null/none"
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return environment.merging(changes) { _, new in new }
  }
}

/// A directory for one test, which removes it at its end.
struct Scratch {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/cairn-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Calls a body with a directory that is gone when it is done.
  static func with<Result>(_ body: (Scratch) throws -> Result) throws -> Result {
    let scratch = try Scratch()
    defer { scratch.remove() }
    return try body(scratch)
  }

  /// Writes a file and gives its path.
  func file(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path + "/" + name), encoding: .utf8)
  }
}
