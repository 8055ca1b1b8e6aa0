import Evaluation
import Foundation
import Syntax
import Testing

@testable import Notebook

/// Every script of the project that holds its own output reproduces it.
@Suite struct TranscriptFilesTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Paths of the scripts from the root, sorted.
  private static let scripts: [String] = ["Tests/Transcripts", "lessons", "examples"].flatMap {
    folder -> [String] in
    let place = root.appendingPathComponent(folder).path
    let files = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
    // Items of a course hold answers, right and wrong ones, and no output: LessonsTests prove them.
    // Nor do submissions: GradingTests try them.
    return files.filter {
      $0.hasSuffix(".cairn") && !$0.contains("/items/") && !$0.hasPrefix("grading/")
    }.sorted().map { folder + "/" + $0 }
  }

  @Test(arguments: scripts)
  func `a script reproduces its recorded output`(script: String) throws {
    let file = TranscriptFilesTests.root.appendingPathComponent(script)
    let source = try ScriptFile.read(file.path)
    var configuration = Interpreter.Configuration()
    configuration.directory = file.deletingLastPathComponent().path
    var sessions: [Session] = []
    let transcript = Transcript(name: file.lastPathComponent) {
      let session = Session(configuration: configuration)
      sessions.append(session)
      return session
    }
    #expect(transcript.check(source.text).difference == "")
    for interpreter in sessions.map(\.interpreter) {
      let owned = interpreter.liveTensors().reduce(0) { $0 + $1.bytes }
      #expect(owned == interpreter.ledger.live.total, "every live byte has an owner")
    }
  }

  /// The blocks of Cairn in a page.
  private static func blocks(of page: String) throws -> [String] {
    let text = try ScriptFile.read(root.appendingPathComponent(page).path).text
    return text.components(separatedBy: "```cairn\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  @Test func `what README shows is what Cairn prints`() throws {
    let blocks = try TranscriptFilesTests.blocks(of: "README.md")
    #expect(!blocks.isEmpty)
    var configuration = Interpreter.Configuration()
    configuration.directory = TranscriptFilesTests.root.path
    for block in blocks {
      let transcript = Transcript(name: "README.md") { Session(configuration: configuration) }
      #expect(transcript.check(block).difference == "")
    }
  }
}
