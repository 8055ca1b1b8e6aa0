import Evaluation
import Foundation
import Syntax
import Testing

@testable import Notebook

/// Code that a hint shows works when it is typed where the error came up.
@Suite struct HintTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Transcripts")

  /// The transcripts that record a hint with code in it.
  private static let scripts: [String] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".cairn") }.sorted().filter { name in
      let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      return (text ?? "").split(separator: "\n").contains {
        $0.hasPrefix("#> hint: ") && ($0.contains("`") || $0.contains("for example:"))
      }
    }
  }()

  /// The code that a hint shows: between backquotes, or behind "for example:". What begins with a
  /// hyphen is for the shell.
  private static func code(in hint: String) -> [String] {
    var code = hint.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    if let example = hint.range(of: "for example: ") {
      code.append(String(hint[example.upperBound...]))
    }
    return code.filter { !$0.hasPrefix("--") }
  }

  /// True where a text parses and runs in the session; what it did is undone.
  private static func runs(_ text: String, in session: Session) -> Bool {
    let result = session.parse(SourceText(name: "<hint>", text: text))
    guard result.faults.isEmpty, let statement = result.script.statements.first else {
      return false
    }
    if case .success = session.type(of: statement) { return true }
    return false
  }

  /// The ways to type what a hint shows: as it stands, in the place at fault, where it is an
  /// option, among the arguments, and where it names a strategy, in front of the block.
  private static func ways(_ code: String, _ fault: Diagnostic, of report: CommandReport)
    -> [String]
  {
    var ways = [code]
    if let place = fault.range {
      let bytes = Array(report.source.utf8)
      let start = place.source.bounds(ofLine: report.line).lowerBound
      if place.lower >= start, place.upper <= start + bytes.count {
        ways.append(
          String(decoding: bytes[..<(place.lower - start)], as: UTF8.self) + code
            + String(decoding: bytes[(place.upper - start)...], as: UTF8.self))
      }
    }
    if let colon = code.firstIndex(of: ":"), code[..<colon].allSatisfy(\.isLetter),
      let end = report.source.lastIndex(of: ")")
    {
      ways.append(report.source[..<end] + ", " + code + report.source[end...])
    }
    if code.hasPrefix("with ") {
      for brace in report.source.indices where report.source[brace] == "{" {
        ways.append(report.source[..<brace] + code + " " + report.source[brace...])
      }
    }
    return ways
  }

  @Test(arguments: scripts)
  func `what a hint shows works when it is typed`(script: String) throws {
    let file = HintTests.folder.appendingPathComponent(script)
    var configuration = Interpreter.Configuration()
    configuration.directory = file.deletingLastPathComponent().path
    let session = Session(configuration: configuration)
    session.run(try ScriptFile.read(file.path), goesOn: .always) { report in
      guard let fault = report.fault, let hint = fault.hint else { return }
      for code in HintTests.code(in: hint) {
        let works = HintTests.ways(code, fault, of: report).contains {
          HintTests.runs($0, in: session)
        }
        #expect(works, "\(report.file):\(report.line): \(report.source)\n\(hint)\n\(code)")
      }
    }
  }
}
