import Foundation
import Testing

/// Law 3: what the ledger says is what the process uses.
@Suite struct ProcessMemoryTests {
  /// Eight activations of 32 MiB are kept, two more are in hand.
  static let script = """
    let x = randn(2048, 4096)
    let g = gradient wrt x { sum(tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(x))))))))) }
    """

  @Test
  func `the process's own peak is the ledger's, within 4 % and 8 MiB, at several hundred MiB`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "cairn-peak-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("big.cairn")
    try Self.script.write(to: file, atomically: true, encoding: .utf8)
    let bare = try Self.peak(of: ["-e", "randn(4, 4) @ randn(4, 4)"])
    let run = try Self.peak(of: ["run", "--json", file.path])
    let last = try #require(run.objects.last)
    #expect(last["ok"] as? Bool == true)
    let memory = try #require(last["memory"] as? [String: Any])
    let ledger = try #require((memory["peak"] as? [String: Any])?["total"] as? Int)
    #expect(ledger > 300 << 20)
    let process = run.bytes - bare.bytes
    #expect(
      abs(process - ledger) <= ledger / 25 + (8 << 20), "process \(process), ledger \(ledger)")
  }

  /// The most memory that the program held, in bytes, and what it printed: the system's high-water
  /// mark, read while the program runs, since the other tests have children of their own at the
  /// same time.
  private static func peak(
    of arguments: [String]
  ) throws -> (bytes: Int, objects: [[String: Any]]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.environment = Program.environment(with: [:])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var peak = 0
    let status = "/proc/\(process.processIdentifier)/status"
    while process.isRunning {
      if let text = try? String(contentsOfFile: status, encoding: .utf8),
        let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(separator: " ").compactMap({ Int($0) }).first
      {
        peak = max(peak, kilobytes << 10)
      }
      usleep(500)
    }
    let text = String(
      decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let objects = text.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    return (peak, objects)
  }
}
