import Foundation
import FoundationXML
import Grading
import Testing

/// By the rules of junit-10.xsd of Jenkins' xUnit plugin (docs/formats.md).
@Suite struct JUnitFormatTests {
  /// An element with its attributes and children.
  final class Element {
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    init(_ name: String, _ attributes: [String: String]) {
      (self.name, self.attributes) = (name, attributes)
    }
    func all(_ name: String) -> [Element] { children.filter { $0.name == name } }
  }

  final class Reader: NSObject, XMLParserDelegate {
    let root = Element("", [:])
    lazy var open = [root]
    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      let element = Element(name, attributes)
      open[open.count - 1].children.append(element)
      open.append(element)
    }
    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) { open.removeLast() }
  }

  /// Which attributes an element may have, which it must have, and its children.
  static let rules: [String: (may: Set<String>, must: Set<String>, children: Set<String>)] = [
    "testsuites": (["name", "time", "tests", "failures", "errors"], [], ["testsuite"]),
    "testsuite": (
      [
        "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname",
        "id", "package", "file", "log", "url",
      ], ["name", "tests", "failures", "errors"],
      ["testsuite", "properties", "testcase", "system-out", "system-err"]
    ),
    "properties": ([], [], ["property"]),
    "property": (["name", "value"], ["name", "value"], []),
    "testcase": (
      ["name", "time", "classname", "group"], ["name"],
      ["skipped", "error", "failure", "system-out", "system-err"]
    ),
    "failure": (["type", "message"], [], []), "error": (["type", "message"], [], []),
    "skipped": (["type", "message"], [], []),
  ]

  func root(_ grades: [SubmissionGrade]) throws -> Element {
    let text = GradeFormat.junit.text(
      of: AssignmentGrade(assignment: "thirds", submissions: grades))
    let parser = XMLParser(data: Data(text.utf8))
    let reader = Reader()
    parser.delegate = reader
    #expect(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
    return try #require(reader.root.children.first)
  }

  func problems(_ element: Element) -> [String] {
    guard let rule = Self.rules[element.name] else { return ["\(element.name) is unknown"] }
    let names = Set(element.attributes.keys)
    return names.subtracting(rule.may).map { "\(element.name) has \($0)" }
      + rule.must.subtracting(names).map { "\(element.name) lacks \($0)" }
      + element.children.filter { !rule.children.contains($0.name) }
      .map { "\($0.name) in \(element.name)" }
      + element.children.flatMap(problems)
  }

  @Test func `JUnit XML keeps the schema, and its counts are those of its cases`() throws {
    let root = try root(SampleGrades.all)
    #expect(problems(root) == [])
    #expect(root.all("testsuite").count == SampleGrades.all.count)
    for suite in root.all("testsuite") {
      let cases = suite.all("testcase")
      #expect(suite.attributes["tests"] == String(cases.count))
      for (attribute, child) in [
        ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"),
      ] {
        #expect(suite.attributes[attribute] == String(cases.count { !$0.all(child).isEmpty }))
      }
      #expect(cases.allSatisfy { $0.children.count <= 1 })
    }
  }

  @Test func `A suite whose hidden tests alone fail has a failure that says only how many`() throws
  {
    let suite = try #require(try root([SampleGrades.fullVisible]).all("testsuite").first)
    #expect(suite.attributes["failures"] == "1")
    let hidden = try #require(suite.all("testcase").last)
    #expect(hidden.attributes["name"] == "hidden tests")
    #expect(
      hidden.all("failure").map(\.attributes) == [["message": "hidden tests: 0 of 1 passed"]])
  }

  @Test(arguments: SampleGrades.failing)
  func `A suite of a submission that is no pass has a failure or an error`(
    _ grade: SubmissionGrade
  ) throws {
    let suite = try #require(try root([grade]).all("testsuite").first)
    #expect(suite.attributes["failures"] != "0" || suite.attributes["errors"] != "0")
  }
}
