import Foundation
import Testing

/// Calls of the system that a subcommand makes fail, one in each run: the run ends with a message
/// and a status, or as if nothing had been; no file is half written, nothing is left beside it, and
/// nothing hangs. `make faults` fails each of them, `make test` some.
@Suite struct FaultTests {
  /// A command on a file `f`, and what that holds before.
  struct Subject: CustomTestStringConvertible {
    let command: String
    var before: String?
    /// True where `f` has a second name, `g`.
    var hasTwoNames = false

    var testDescription: String {
      command + (before == nil ? "" : ", f is there") + (hasTwoNames ? ", two names" : "")
    }
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
    Subject(command: "format --check s"), Subject(command: "-e 'idx(\"i.gz\")'"),
    Subject(command: "-e 'load(\"a.npz\").w'"), Subject(command: "-e 'text_corpus(\"s\")'"),
  ]

  /// A kind of call, and the number of the error (`errno`) that it fails with.
  private struct Kind {
    let name: String
    let code: Int32
  }

  /// In the order of the library.
  private static let kinds =
    [
      "open", "write", "read", "fsync", "rename", "close", "fchmod", "ftruncate", "lseek", "flock",
      "stat", "fstat", "readlink", "poll",
    ].map { Kind(name: $0, code: EIO) } + [
      Kind(name: "mmap", code: ENOMEM), Kind(name: "pthread_create", code: EAGAIN),
      Kind(name: "block", code: ENOMEM), Kind(name: "malloc", code: ENOMEM),
    ]

  /// One call that fails, or all from it on.
  private struct Fault {
    let kind: Kind
    let number: Int
    var lasts = false

    var environment: [String: String] {
      [
        "FAULT_CALL": kind.name, "FAULT_NUMBER": "\(number)", "FAULT_ERRNO": "\(kind.code)",
        "FAULT_LASTS": lasts ? "1" : "0",
      ]
    }
  }

  /// True where every call is failed, else some of them that lie evenly among all.
  private static let areAllFailed =
    ProcessInfo.processInfo.environment["CAIRN_FAULTS"] == "all"

  /// Files that lie in the folder of each run.
  private static let given = ["f", "g", "s", "save", "r", "t", "c.csv", "i.gz", "a.npz"]

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

  /// An idx file of two bytes, compressed.
  private static let numbers =
    Data(
      base64Encoded: "H4sIAAAAAAACA2Ng4GBkYGBgYmUHAP/Nj3YKAAAA") ?? Data()

  /// An archive of one array of two numbers, deflated.
  private static let archive =
    Data(
      base64Encoded:
        "UEsDBBQAAAAIAAAAIVxFc/KbSQAAAEwAAAAFAAAAdy5ucHmb7BfqGxDJyGDFUK2eklqcXKRupaBuk2ai"
        + "rqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrVcDAwN9gwMDA4AUEsBAhQDFAAAAAgA"
        + "AAAhXEVz8ptJAAAATAAAAAUAAAAAAAAAAAAAAIABAAAAAHcubnB5UEsFBgAAAAABAAEAMwAAAGwAAAAA"
        + "AA==") ?? Data()

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

  /// What the library counted in a run.
  private struct Log {
    /// Of each kind.
    let calls: [Int]
    /// Copies of the process in which a call failed.
    let copies: Int
    /// The calls whose copies ended otherwise than is usual, and how many those are.
    let unusual: [Int]
    let unusualCount: Int
  }

  /// Runs the subject in a fresh folder; also gives what it said on standard error.
  private func run(
    _ subject: Subject, in scratch: Scratch, _ faults: [String: String] = [:], seconds: Int = 60
  ) throws -> (Outcome, errors: String) {
    let folder = scratch.path + "/w"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    _ = try scratch.file("w/s", "print(1)\nprint(2)\n")
    _ = try scratch.file("w/save", "print(1)\n:save f\n")
    _ = try scratch.file("w/r", "1 + 1\n#> 2\n")
    _ = try scratch.file("w/t", FaultTests.training)
    _ = try scratch.file("w/c.csv", "x,y,kind\n1,0.5,b\n2,2,a\n3,4,a\n4,4,b\n")
    try FaultTests.numbers.write(to: URL(fileURLWithPath: folder + "/i.gz"))
    try FaultTests.archive.write(to: URL(fileURLWithPath: folder + "/a.npz"))
    if let before = subject.before { _ = try scratch.file("w/f", before) }
    if subject.hasTwoNames { link(folder + "/f", folder + "/g") }
    // A run that hangs is ended by a signal, which is a status of its own. Runs of a subject
    // make nearly the same allocations: sets are in one order, and little else differs.
    let variables = faults.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let result = try Program.shell(
      "exec timeout \(seconds) env ASAN_OPTIONS=verify_asan_link_order=0 "
        + "SWIFT_DETERMINISTIC_HASHING=1 \(variables) "
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

  /// The same, and what the library counted.
  private func logged(
    _ subject: Subject, in scratch: Scratch, _ faults: [String: String] = [:], seconds: Int = 60
  ) throws -> (Outcome, errors: String, Log) {
    let path = scratch.path + "/log"
    try? FileManager.default.removeItem(atPath: path)
    let (outcome, errors) = try run(
      subject, in: scratch, faults.merging(["FAULT_LOG": path]) { $1 }, seconds: seconds)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let words = bytes.withUnsafeBytes { Array($0.bindMemory(to: Int.self)) }
    let (calls, rest) = (
      Array(words[..<FaultTests.kinds.count]), words[FaultTests.kinds.count...]
    )
    let unusual = rest.dropFirst(2)
    let count = rest[rest.startIndex + 1]
    let log = Log(
      calls: calls, copies: rest[rest.startIndex],
      unusual: Array(unusual.prefix(count)), unusualCount: count)
    return (outcome, errors, log)
  }

  /// Some of all, evenly among them; all where all calls are failed.
  ///
  /// - Parameter count: How many, where it is not all.
  private func chosen<Element>(
    _ all: [Element], _ count: Int, of subject: Subject
  ) -> [Element] {
    guard !FaultTests.areAllFailed, all.count > count else { return all }
    let shift = FaultTests.subjects.firstIndex { $0.testDescription == subject.testDescription }
    return (0..<count).map { all[($0 * all.count / count + (shift ?? 0)) % all.count] }
  }

  /// Runs the subject with a fault, and checks what is left; true where it was told, false where
  /// the run ended as if nothing had been.
  private func tells(
    _ fault: Fault, _ subject: Subject, in scratch: Scratch, instead good: Outcome
  ) throws -> Bool {
    let (outcome, errors) = try run(subject, in: scratch, fault.environment)
    if outcome == good { return false }
    let place: Comment =
      "\(subject.testDescription): \(fault.kind.name) \(fault.number): \(outcome) \(errors)"
    let ends: [Int32] = fault.kind.code == EIO ? [1, 74] : [1, 71, 74]
    #expect(ends.contains(outcome.status), place)
    let isTold =
      errors.contains("error[") || outcome.output.contains(#","error":{"code":"#)
      || outcome.output.contains("does not reproduce itself")
      || errors.contains(FaultTests.outOfMemory)
    #expect(isTold, place)
    #expect(outcome.file == subject.before || outcome.file == good.file, place)
    #expect(outcome.isOneFile, place)
    #expect(outcome.others.isEmpty, place)
    let isPart = good.output.hasPrefix(outcome.output) || subject.command.contains("json")
    #expect(isPart, place)
    return true
  }

  /// How the line begins that ends the program where it bears no refusal.
  private static let outOfMemory = "cairn: out of memory: the system refused "

  @Test(arguments: subjects) func `a call that fails leaves all whole`(
    subject: Subject
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let (good, _, log) = try logged(subject, in: scratch)
    #expect(good.status == 0 && good.others.isEmpty && good.isOneFile)
    let all = zip(FaultTests.kinds, log.calls).dropLast().flatMap { kind, count in
      (0..<count).map { Fault(kind: kind, number: $0 + 1) }
    }
    var rows: [String: (tried: Int, told: Int)] = [:]
    for fault in chosen(all, 8, of: subject) {
      let isTold = try tells(fault, subject, in: scratch, instead: good)
      rows[fault.kind.name, default: (0, 0)].tried += 1
      if isTold { rows[fault.kind.name, default: (0, 0)].told += 1 }
    }
    #expect(!rows.isEmpty)
    for kind in FaultTests.kinds where FaultTests.areAllFailed {
      guard let row = rows[kind.name] else { continue }
      report(subject, kind.name, tried: row.tried, told: row.told)
    }
  }

  /// A row of the table that `make faults` prints.
  private func report(_ subject: Subject, _ kind: String, tried: Int, told: Int) {
    print("faults | \(subject.testDescription) | \(kind) | \(tried) | \(told) | \(tried - told)")
  }

  /// Tens of thousands of allocations a run are made by the runtime of the language: each is failed
  /// in a copy of the process, which ends by a line; where it would do more, in a run of its own.
  @Test(arguments: subjects) func `memory that is refused ends the program by a line`(
    subject: Subject
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let (good, _, log) = try logged(subject, in: scratch)
    let kind = FaultTests.kinds[FaultTests.kinds.count - 1]
    let count = log.calls[FaultTests.kinds.count - 1]
    let each = FaultTests.areAllFailed ? 1 : max(1, count / 24)
    let (outcome, errors, copies) = try logged(
      subject, in: scratch,
      [
        "FAULT_CALL": kind.name, "FAULT_EACH": "\(each)", "FAULT_USUAL": "71",
        "FAULT_ERRNO": "\(kind.code)",
      ], seconds: 1800)
    #expect(outcome == good, "\(subject.testDescription): \(errors.suffix(1000))")
    #expect(copies.copies >= min(count, 20) && copies.unusual.count == copies.unusualCount)
    let lines = errors.split(separator: "\n").filter { $0.hasPrefix(FaultTests.outOfMemory) }
    var told = copies.copies - copies.unusualCount
    #expect(lines.count >= told, "\(subject.testDescription): \(errors.suffix(1000))")
    for number in copies.unusual {
      let fault = Fault(kind: kind, number: number)
      if try tells(fault, subject, in: scratch, instead: good) { told += 1 }
    }
    if FaultTests.areAllFailed { report(subject, kind.name, tried: copies.copies, told: told) }
    let lasting = (0..<min(count, FaultTests.areAllFailed ? 40 : 2)).map {
      Fault(kind: kind, number: 1 + $0 * count / (FaultTests.areAllFailed ? 40 : 2), lasts: true)
    }
    for fault in lasting { _ = try tells(fault, subject, in: scratch, instead: good) }
  }

  @Test(arguments: subjects) func `a signal that comes during a call changes nothing`(
    subject: Subject
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let (good, _, log) = try logged(subject, in: scratch)
    let all = zip(FaultTests.kinds, log.calls)
      .filter { ["open", "write", "read", "fsync", "poll"].contains($0.0.name) }
      .flatMap { kind, count in
        (0..<count).map { Fault(kind: Kind(name: kind.name, code: EINTR), number: $0 + 1) }
      }
    for fault in chosen(all, 2, of: subject) {
      let (outcome, errors) = try run(subject, in: scratch, fault.environment)
      #expect(
        outcome == good,
        "\(subject.testDescription): \(fault.kind.name) \(fault.number): \(errors)")
    }
  }
}
