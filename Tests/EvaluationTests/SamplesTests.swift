import DataFiles
import Foundation
import Samples
import Testing

@Suite struct SamplesTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("data")

  @Test(
    arguments: [
      ("penguins.csv", Samples.penguins), ("digits.csv.gz", Samples.digits),
      ("sonnets.txt", Samples.sonnets),
    ])
  func `what is built in is what the folder has`(name: String, bytes: [UInt8]) throws {
    let file = SamplesTests.folder.appendingPathComponent(name)
    #expect(try Data(contentsOf: file) == Data(bytes))
    // Each has its source and its licence.
    let text = try String(
      contentsOf: SamplesTests.folder.appendingPathComponent("README.md"), encoding: .utf8)
    let parts = text.components(separatedBy: "\n## ").filter { $0.hasPrefix(name) }
    #expect(parts.count == 1)
    #expect(parts.first?.contains("Source: ") == true && parts.first?.contains("Licence: ") == true)
  }

  @Test func `nothing else lies in the folder`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: SamplesTests.folder.path)
    #expect(names.sorted() == ["README.md", "digits.csv.gz", "penguins.csv", "sonnets.txt"])
  }
}
