import Foundation
import Testing

/// Each call of the system that a subcommand makes fails once, one run after the other: the run
/// ends with a message and a status, or as if nothing had been; no file is half written, nothing is
/// left beside it, and nothing hangs.
@Suite struct FaultTests {
  /// A command on a file `f`, and what that holds before.
  struct Subject: CustomTestStringConvertible {
    let command: String
    var before: String?
    /// True where `f` has a second name, `g`.
    var hasTwoNames = false

    var testDescription: String { command + (hasTwoNames ? ", two names" : "") }
  }

  private static let subjects = [
    Subject(command: "-e 'save(ones(1000), \"f\")'"),
    Subject(command: "-e 'save(ones(1000), \"f\")'", before: "old"),
    Subject(command: "-e 'save(ones(1000), \"f\")'", before: "old", hasTwoNames: true),
    Subject(command: "run --record f", before: "print(1)\nprint(2)\n"),
    Subject(command: "run --record f", before: "print(1)\nprint(2)\n", hasTwoNames: true),
    Subject(command: "format f", before: "let   a=1\n"),
    Subject(command: "< save", before: "old"),
    Subject(command: "run s"), Subject(command: "--json run s"), Subject(command: "run - < s"),
    Subject(command: "-e 'import \"s\"'"), Subject(command: "--help"),
    Subject(command: "run t"), Subject(command: "run --check r"), Subject(command: "strategies"),
  ]

  private static let calls = [
    "open", "write", "read", "fsync", "rename", "close", "fchmod", "ftruncate", "lseek", "flock",
    "stat", "fstat", "readlink", "poll",
  ]

  /// Files that lie in the folder of each run.
  private static let given = ["f", "g", "s", "save", "r", "t", "c.csv"]

  /// A script that reads a table, trains on it, saves what it learnt and loads it again.
  private static let training = """
    let data = csv("c.csv", label: "kind")
    let net = chain(dense(2, 8), tanh, dense(8, 2))
    train net for x, y in batches(data, size: 2, steps: 3) using adam(lr: 0.01) with sqrt_n {
      cross_entropy(net(x), y)
    }
    save(net, "f")
    load(net, "f")
    sum(randn(600, 600) @ ones(600, 600)) < 0
    """

  /// The preloaded library, built once.
  static let library = Result {
    let folder = try Scratch()
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Faults/faults.c").path
    let built = try Program.shell(
      "$(command -v clang || command -v cc) -shared -fPIC -O1 -Wall -Wextra -Werror "
        + "-o faults.so '\(source)' -ldl",
      directory: folder.path)
    try #require(built.status == 0, "\(built.errors)")
    return folder.path + "/faults.so"
  }

  /// What a run left.
  private struct Outcome: Equatable {
    var status: Int32
    var output: String
    var file: String?
    var isOneFile = true
    var others: [String] = []
  }

  /// Runs the subject in a fresh folder; also gives what it said on standard error.
  private func run(
    _ subject: Subject, in scratch: Scratch, _ faults: [String: String] = [:]
  ) throws -> (Outcome, errors: String) {
    let folder = scratch.path + "/w"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    _ = try scratch.file("w/s", "print(1)\nprint(2)\n")
    _ = try scratch.file("w/save", "print(1)\n:save f\n")
    _ = try scratch.file("w/r", "1 + 1\n#> 2\n")
    _ = try scratch.file("w/t", FaultTests.training)
    _ = try scratch.file("w/c.csv", "x,y,kind\n1,0.5,b\n2,2,a\n3,4,a\n4,4,b\n")
    if let before = subject.before { _ = try scratch.file("w/f", before) }
    if subject.hasTwoNames { link(folder + "/f", folder + "/g") }
    // A run that hangs is ended by a signal, which is a status of its own.
    let variables = faults.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let result = try Program.shell(
      "exec timeout 60 env ASAN_OPTIONS=verify_asan_link_order=0 \(variables) "
        + "LD_PRELOAD=\(try FaultTests.library.get()) "
        + "\(Program.path) \(subject.command)", directory: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    var outcome = Outcome(status: result.status, output: result.output)
    outcome.file = try? String(contentsOfFile: folder + "/f", encoding: .isoLatin1)
    outcome.others = names.filter { !FaultTests.given.contains($0) }.sorted()
    if subject.hasTwoNames {
      outcome.isOneFile =
        (try? String(contentsOfFile: folder + "/g", encoding: .isoLatin1)) == outcome.file
    }
    return (outcome, result.errors)
  }

  /// How many calls a run makes.
  private func count(_ call: String, of subject: Subject, in scratch: Scratch) throws -> Int {
    let log = scratch.path + "/log"
    try? FileManager.default.removeItem(atPath: log)
    _ = try run(subject, in: scratch, ["FAULT_CALL": call, "FAULT_LOG": log])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: log))
    return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  @Test(arguments: subjects) func `a call that fails leaves all whole`(
    subject: Subject
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let good = try run(subject, in: scratch)
    #expect(good.0.status == 0 && good.0.others.isEmpty && good.0.isOneFile)
    var runs = 0
    for call in FaultTests.calls {
      let count = try count(call, of: subject, in: scratch)
      for number in 1..<(count + 1) {
        runs += 1
        let place = "\(subject.testDescription): \(call) \(number)"
        let (outcome, errors) = try run(
          subject, in: scratch, ["FAULT_CALL": call, "FAULT_NUMBER": "\(number)"])
        if outcome == good.0 { continue }
        #expect([1, 74].contains(outcome.status), "\(place): \(outcome) \(errors)")
        let isTold =
          errors.hasPrefix("error[") || outcome.output.contains(#","error":{"code":"#)
          || outcome.output.contains("does not reproduce itself")
        #expect(isTold, "\(place): \(outcome) \(errors)")
        #expect(outcome.file == subject.before || outcome.file == good.0.file, "\(place)")
        #expect(outcome.isOneFile, "\(place)")
        #expect(outcome.others.isEmpty, "\(place): \(outcome.others)")
        let isPart = good.0.output.hasPrefix(outcome.output) || subject.command.contains("json")
        #expect(isPart, "\(place): \(outcome)")
      }
    }
    #expect(runs > 0)
  }

  @Test(arguments: subjects) func `a signal that comes during a call changes nothing`(
    subject: Subject
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let good = try run(subject, in: scratch)
    for call in ["open", "write", "read", "fsync", "poll"] {
      for number in 1..<(try count(call, of: subject, in: scratch) + 1) {
        let (outcome, errors) = try run(
          subject, in: scratch,
          ["FAULT_CALL": call, "FAULT_NUMBER": "\(number)", "FAULT_ERRNO": "\(EINTR)"])
        #expect(outcome == good.0, "\(subject.testDescription): \(call) \(number): \(errors)")
      }
    }
  }
}
