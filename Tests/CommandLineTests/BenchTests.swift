import Foundation
import Testing

/// The scripts that the benchmarks run.
@Suite struct BenchTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("bench")

  private static func scripts(in folder: String) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: BenchTests.folder.appendingPathComponent(folder), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "cairn" }.sorted { $0.path < $1.path }
  }

  /// A script with the sizes that its line `# Tiny:` names, each of which it binds once.
  private func tiny(_ text: String) throws -> String {
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("# Tiny: ") })
    var lines = text.components(separatedBy: "\n")
    for size in line.dropFirst("# Tiny: ".count).dropLast().components(separatedBy: ", ") {
      let name = size.prefix { $0 != " " }
      let places = lines.indices.filter { lines[$0].hasPrefix("let \(name) = ") }
      #expect(places.count == 1, "\(name)")
      for place in places { lines[place] = "let " + size }
    }
    return lines.joined(separator: "\n")
  }

  @Test func `each model trains both ways at its tiny sizes`() throws {
    let models = try BenchTests.scripts(in: "models")
    #expect(models.count >= 8)
    for model in models {
      let text = try tiny(String(contentsOf: model, encoding: .utf8))
      let run = try Program.run(["run", "--json", "-"], input: text)
      #expect(run.status == 0, "\(model.lastPathComponent): \(run.output)")
      let runs = try run.objects.compactMap { $0["run"] as? [String: Any] }
      #expect(runs.count == 2, "\(model.lastPathComponent)")
      for run in runs {
        let peak = try #require(run["measured_peak"] as? Int)
        #expect(run["predicted_peak"] as? Int == peak, "\(model.lastPathComponent)")
        #expect(try #require(run["reserved"] as? Int) > 0, "\(model.lastPathComponent)")
      }
    }
  }

  @Test func `each program of plain scripting stands beside the same one in Python`() throws {
    for program in try BenchTests.scripts(in: "scripting") {
      let other = program.deletingPathExtension().appendingPathExtension("py")
      #expect(FileManager.default.fileExists(atPath: other.path), "\(other.path)")
      let run = try Program.run(["format", "--check", program.path])
      #expect(run.status == 0, "\(run.errors)")
    }
  }
}
