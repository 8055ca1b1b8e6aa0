import Foundation
import Testing

/// Where the system gives no thread, and what is said where a request to stop comes too late: with
/// the library of `Tests/Faults`, which decides both without a clock.
@Suite struct ThreadTests {
  private func run(
    _ command: String, _ faults: [String: String], in scratch: Scratch
  ) throws -> Program.Result {
    let variables = faults.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    return try Program.shell(
      "exec timeout 60 env ASAN_OPTIONS=verify_asan_link_order=0 \(variables) "
        + "LD_PRELOAD=\(try FaultTests.library.get()) \(Program.path) \(command)",
      directory: scratch.path)
  }

  private static let noThreads = [
    "FAULT_CALL": "pthread_create", "FAULT_NUMBER": "1", "FAULT_LASTS": "1",
    "FAULT_ERRNO": "\(EAGAIN)",
  ]

  @Test(arguments: ["-e '1 + 1'", "run s", "< s"])
  func `where the system gives no thread, an error says so`(command: String) throws {
    try Scratch.with { scratch in
      _ = try scratch.file("s", "1 + 1\n")
      let result = try run(command, Self.noThreads, in: scratch)
      #expect(result.status == 1)
      #expect(result.output.isEmpty)
      #expect(result.errors.hasPrefix("error[no-thread]: "))
      #expect(result.errors.components(separatedBy: "error[").count == 2)
    }
  }

  @Test func `a session goes on behind a command for which there was no thread`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("s", "1\n:type 1\n")
      let result = try run("--json < s", Self.noThreads, in: scratch)
      let objects = try result.objects
      #expect(
        objects.map { ($0["error"] as? [String: Any])?["code"] as? String }
          == ["no-thread", "no-thread"])
      #expect(result.status == 1)
    }
  }

  @Test func `where there is no room for a whole stack, a smaller one does`() throws {
    try Scratch.with { scratch in
      let result = try run(
        "-e '1 + 1'",
        ["FAULT_CALL": "pthread_create", "FAULT_NUMBER": "1", "FAULT_ERRNO": "\(EAGAIN)"],
        in: scratch)
      #expect(result.status == 0)
      #expect(result.output == "2\n")
    }
  }

  /// The last thing that `save` does is to give the file its name: a signal comes just then.
  private static let late = [
    "FAULT_CALL": "rename", "FAULT_NUMBER": "1", "FAULT_SIGNAL": "\(SIGINT)",
  ]

  @Test(arguments: ["-e 'save(ones(2), \"f\")'", "run s"])
  func `a command that was finished before it could be stopped says so`(command: String) throws {
    try Scratch.with { scratch in
      _ = try scratch.file("s", "save(ones(2), \"f\")\n")
      let result = try run(command, Self.late, in: scratch)
      #expect(result.errors == "note: asked to stop, the command had finished already\n")
      #expect(result.status == 0)
      #expect(FileManager.default.contents(atPath: scratch.path + "/f")?.isEmpty == false)
    }
  }

  @Test func `in machine mode too, and the session goes on`() throws {
    try Scratch.with { scratch in
      _ = try scratch.file("s", "save(ones(2), \"f\")\n1 + 1\n")
      let objects = try run("--json < s", Self.late, in: scratch).objects
      #expect(objects.allSatisfy { $0["ok"] as? Bool == true })
      let notes = objects.flatMap { $0["report"] as? [[String: Any]] ?? [] }
        .filter { $0["type"] as? String == "note" }.compactMap { $0["text"] as? String }
      #expect(notes == ["asked to stop, the command had finished already"])
      #expect(objects.last?["value"] as? Int == 2)
    }
  }
}
