import Foundation
import Testing

/// Sentences stand where the floor that speaks has its catalogues: the floors below give facts.
@Suite struct WordingTests {
  /// Floors without words of their own, and what of `Schedules` is no catalogue.
  private static let floors = [
    "Experiments", "Execution", "Gradients", "Schedules/Chains", "Schedules/Engines",
    "Schedules/Rehearsals", "Schedules/Workloads",
  ]

  /// Calls whose texts no learner sees.
  private static let unseen = ["preconditionFailure(", "precondition(", ".asserted(", "assert("]

  @Test(arguments: floors)
  func `a floor that gives facts has no sentences`(floor: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent("Sources/" + floor).path
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") }
    #expect(!files.isEmpty)
    for file in files {
      let text = try String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      for line in text.split(separator: "\n") {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") || Self.unseen.contains(where: { code.contains($0) }) { continue }
        let sentence = code.firstMatch(of: /"[^"]*[a-z]+ [a-z]+ [a-z]+[^"]*"/)
        #expect(sentence == nil, "\(floor)/\(file): \(sentence.map { String($0.0) } ?? "")")
      }
    }
  }
}
