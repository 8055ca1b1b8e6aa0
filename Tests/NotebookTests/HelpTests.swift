import Evaluation
import Foundation
import Reports
import Syntax
import Testing

@testable import Notebook

/// Every page of help has an example, and every example runs as it stands.
@Suite struct HelpTests {
  private static let topics = HelpPages(Session().interpreter).topics.filter { $0 != "strategies" }

  /// A folder with the files that examples read.
  static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cairn-help-\(UUID().uuidString)")
    let data = folder.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    try Data("fn twice(x) { 2 * x }\n".utf8).write(
      to: folder.appendingPathComponent("layers.cairn"))
    try Data("species,mass,length\nAdelie,3700,181\nGentoo,5000,217\n".utf8)
      .write(to: data.appendingPathComponent("penguins.csv"))
    var npy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }"
    header += String(repeating: " ", count: 117 - header.count) + "\n"
    npy += [UInt8(header.utf8.count), 0] + Array(header.utf8) + [0, 0, 128, 63]
    try Data(npy).write(to: folder.appendingPathComponent("x.npy"))
    try Data("To be, or not to be".utf8).write(to: folder.appendingPathComponent("book.txt"))
    try Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])
      .write(to: folder.appendingPathComponent("train-labels.idx1-ubyte"))
    return folder
  }

  /// What stands behind `Example:` on a page, page by page of a topic with several meanings.
  private static func examples(on page: Report) -> [String] {
    var examples: [String] = []
    var isExample = false
    for line in TerminalRenderer(width: 200).text(page).split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line == "Example:" {
        isExample = true
        examples.append("")
      } else if isExample, line.hasPrefix("  ") {
        examples[examples.count - 1] += line.dropFirst(2) + "\n"
      } else {
        isExample = false
      }
    }
    return examples
  }

  @Test(arguments: topics)
  func `the example of a topic runs as it stands`(topic: String) throws {
    let folder = try HelpTests.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = Interpreter.Configuration()
    configuration.directory = folder.path
    let page = try #require(HelpPages(Session().interpreter).page(on: topic))
    for example in HelpTests.examples(on: page) {
      let session = Session(configuration: configuration)
      session.run(SourceText(name: topic, text: example), goesOn: .always) { report in
        // What comes with a later version has help already.
        guard report.fault?.code != "not-available-yet" else { return }
        #expect(report.fault == nil, "\(topic): \(report.fault?.message ?? "")\n\(example)")
      }
    }
  }

  @Test func `a name with several meanings has a page with each`() throws {
    let session = Session()
    session.run(SourceText(name: "t", text: "fn drop(x) { x }\nlet depth = 3")) { _ in }
    let pages = HelpPages(session.interpreter)
    let drop = TerminalRenderer().text(try #require(pages.page(on: "drop")))
    #expect(drop.contains("fn drop(x)"))
    #expect(drop.contains("drop(boundary)"))
    let depth = TerminalRenderer().text(try #require(pages.page(on: "depth")))
    #expect(depth.contains("A name of this session: the integer 3."))
    let budget = TerminalRenderer().text(try #require(pages.page(on: "budget")))
    #expect(budget.contains("a word of the language") && budget.contains("a trap"))
  }
}
