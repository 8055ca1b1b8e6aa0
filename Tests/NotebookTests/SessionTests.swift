import Foundation
import Reports
import Syntax
import Testing

@testable import Evaluation
@testable import Notebook

@Suite struct SessionTests {
  private let session = Session()

  /// Runs a text and gives the reports.
  private func reports(_ text: String) -> [CommandReport] {
    var reports: [CommandReport] = []
    session.run(SourceText(name: "test", text: text), goesOn: .always) { reports.append($0) }
    return reports
  }

  /// The last command's object in machine mode.
  private func object(_ text: String) throws -> [String: Any] {
    let last = try #require(reports(text).last)
    let json = try JSONSerialization.jsonObject(with: Data(JSONValue(last).text.utf8))
    return try #require(json as? [String: Any])
  }

  private func value(_ text: String) throws -> [String: Any] {
    try #require(try object(text)["value"] as? [String: Any])
  }

  @Test func `a session that ends lets go of functions that know themselves`() {
    var session: Session? = Session()
    let ledger = session?.interpreter.ledger
    let text = "let x = ones(10)\nfn f(n) { if n > 0 { f(n - 1) } else { sum(x) } }\n"
    session?.run(SourceText(name: "test", text: text)) { #expect($0.isOK) }
    #expect(ledger?.liveTotal == 40)
    session = nil
    #expect(ledger?.liveTotal == 0)
  }

  @Test func `each command has a report with its place and its text`() {
    let reports = reports("let a = 3\n\n# A comment.\n(a *\n 2)\n")
    #expect(reports.map(\.line) == [1, 4])
    #expect(reports.map(\.source) == ["let a = 3", "(a *\n 2)"])
    #expect(reports.map(\.shown) == [nil, "6"])
  }

  @Test func `a script stops at its first failure`() {
    var count = 0
    let isOK = session.run(SourceText(name: "test", text: "1\nnonsense\n2\n")) { _ in count += 1 }
    #expect(!isOK)
    #expect(count == 2)
  }

  @Test func `a script stops at an error, whatever is recorded, and goes on behind failing tests`()
  {
    let error = "nonsense\n#> error[unknown-name]: as recorded\n#>  --> a\n6 * 7\n"
    var shown: [String?] = []
    #expect(!session.run(SourceText(name: "test", text: error)) { shown.append($0.shown) })
    #expect(shown == [nil])
    let failing = """
      test "one" { expect 1 == 2 }
      #> error[test-failed]: as recorded
      test "two" { nonsense }
      6 * 7
      """
    shown = []
    #expect(!session.run(SourceText(name: "test", text: failing)) { shown.append($0.shown) })
    #expect(shown == [nil, nil, "42"])
    shown = []
    #expect(
      !session.run(SourceText(name: "test", text: error), goesOn: .always) {
        shown.append($0.shown)
      })
    #expect(shown == [nil, "42"])
  }

  @Test func `faults of syntax, up to ten, are reported before anything runs`() {
    let reports = reports("print(\"ran\")\n" + String(repeating: "let = 3\n", count: 30))
    #expect(reports.count == 10)
    #expect(reports.allSatisfy { $0.fault?.kind == .syntax && $0.output.isEmpty })
  }

  @Test func `an object has the keys of machine mode, in their order`() throws {
    let report = try #require(reports("1 + 1").first)
    let keys = ["file", "line", "source", "ok", "output", "report", "value", "memory", "run"]
    guard case .object(let members) = JSONValue(report) else { return #expect(Bool(false)) }
    #expect(members.map(\.0) == keys)
    let failed = try object("nonsense")
    #expect(Set(failed.keys) == Set(keys + ["error"]))
    let error = try #require(failed["error"] as? [String: Any])
    #expect(
      Set(error.keys)
        == ["code", "kind", "message", "line", "column", "end_line", "end_column", "hint"])
    #expect(error["kind"] as? String == "name")
    #expect(error["end_column"] as? Int == 9)
  }

  @Test func `an object has the tests that its own command ran, and only then`() throws {
    let tests = try object(
      """
      fn checks(n) {
        test "first" (points: 3, hint: "look") { expect n > 0 }
        test "second" (points: 0.5, hint: "look here") { expect n > 1 }
      }
      checks(1)
      """)["tests"]
    #expect(
      try #require(tests as? [NSDictionary]) == [
        [
          "name": "first", "outcome": "passed", "points": 3, "of": 3, "message": NSNull(),
          "hint": NSNull(),
        ],
        [
          "name": "second", "outcome": "failed", "points": 0, "of": 0.5,
          "message": "expected n > 1, but 1 > 1 is false", "hint": "look here",
        ],
      ])
    #expect(try object("checks(2)").keys.contains("tests"))
    #expect(try !object("1 + 1").keys.contains("tests"))
  }

  @Test func `a test that goes wrong is an error, and one that never ends meets its limit`() throws
  {
    var configuration = Interpreter.Configuration()
    configuration.stepLimit = 1000
    let session = Session(configuration: configuration)
    var tests: [TestResult] = []
    let text = "test \"wrong\" { expect nonsense }\ntest \"endless\" { while true { } }\n"
    session.run(SourceText(name: "test", text: text), goesOn: .always) { tests += $0.tests }
    #expect(tests.map(\.outcome) == [.error, .limit])
    #expect(tests.allSatisfy { $0.points == 0 && $0.of == 1 && $0.message != nil })
  }

  @Test func `memory has every class, the change, and the peak with its step`() throws {
    let memory = try #require(
      try object("let x = tensor([1.0, 2.0, 3.0])")["memory"] as? [String: Any])
    let live = try #require(memory["live"] as? [String: Any])
    #expect(live.count == 12)
    #expect(live["total"] as? Int == 12)
    #expect(memory["change"] as? Int == 12)
    let peak = try #require(memory["peak"] as? [String: Any])
    #expect(peak.count == 13)
    #expect(peak["step"] is NSNull)
  }

  @Test func `plain values are JSON's own`() throws {
    #expect(try object("1 + 1")["value"] as? Int == 2)
    #expect(try object("0.5")["value"] as? Double == 0.5)
    #expect(try object("true")["value"] as? Bool == true)
    #expect(try object("\"a\"")["value"] as? String == "a")
    #expect(try object("let a = 1")["value"] is NSNull)
    #expect(try object("[1, [2]]")["value"] as? NSArray == [1, [2]])
  }

  @Test func `bytes and tensors are objects`() throws {
    #expect(try value("64 KiB")["bytes"] as? Int == 65_536)
    let tensor = try value("tensor([0.1, 0.2])")
    #expect(tensor["type"] as? String == "tensor")
    #expect(tensor["dtype"] as? String == "f32")
    #expect(tensor["shape"] as? [Int] == [2])
    #expect(tensor["values"] as? [Double] == [0.1, 0.2])
    #expect(try value("fn(x) { x }")["type"] as? String == "function")
  }

  @Test func `gradients carry the loss and each gradient, and the run its counts`() throws {
    let object = try object("let x = tensor([1.0, 2.0])\ngradient wrt x { sum(x * x) }")
    let value = try #require(object["value"] as? [String: Any])
    #expect(value["type"] as? String == "gradients")
    #expect(value["loss"] as? Double == 5)
    let entry = try #require((value["gradients"] as? [[String: Any]])?.first)
    #expect(entry["name"] as? String == "x")
    #expect(entry["values"] as? [Double] == [2, 4])
    let run = try #require(object["run"] as? [String: Any])
    #expect(
      Set(run.keys) == [
        "strategy", "predicted_peak", "measured_peak", "forward_steps", "replayed_steps",
        "backward_steps", "reserved", "forward_flops", "replayed_flops", "backward_flops",
      ])
    #expect(run["predicted_peak"] as? Int == run["measured_peak"] as? Int)
  }

  @Test func `a schedule carries its actions, and its chain where it has one`() throws {
    let block = "{ sum(tanh(tanh(x))) }"
    let plain = try value("let x = tensor([1.0, 2.0])\nplan wrt x \(block)")
    #expect(plain["type"] as? String == "schedule")
    let actions = try #require(plain["actions"] as? [[String]])
    #expect(actions.first?.first == "compute")
    #expect(
      Set((plain["steps"] as? [String: Int] ?? [:]).keys) == ["forward", "replayed", "backward"])
    let chained = try value("plan wrt x with keep_none(stages: \"operations\") \(block)")
    let chain = try #require(chained["chain"] as? [String: Any])
    let counts = ["stages", "slots", "forward_stages", "replayed_stages"]
    #expect(Set(chain.keys) == Set(counts + ["actions"]))
    #expect(counts.allSatisfy { chain[$0] is Int })
    #expect((chain["actions"] as? [[Any]])?.first?.first is String)
  }

  @Test func `a semicolon silences the value, but not machine mode`() throws {
    let report = try #require(reports("1 + 1;").first)
    #expect(report.shown == nil)
    #expect(try object("1 + 1;")["value"] as? Int == 2)
  }

  @Test(arguments: [
    ("timeline 3", "not-a-schedule"), ("explain \"p\"", "not-a-schedule"),
    ("step 1.5", "not-a-schedule"),
    ("let x = tensor([1.0])\nlet p = plan wrt x { sum(x) }\nwhy p", "missing-argument"),
    ("let x = tensor([1.0])\nlet p = plan wrt x { sum(x) }\nwhy p, 3", "not-a-tensor"),
    ("source nonsens", "unknown-name"), ("account loud", "unknown-detail"),
    ("help nonsens", "unknown-topic"),
  ])
  func `a command that is not given what it needs says so`(text: String, code: String) throws {
    let fault = try #require(reports(text).last?.fault)
    #expect(fault.code == code)
    #expect(fault.range != nil)
  }

  @Test func `why is told of an unknown label, with the nearest`() throws {
    let fault = try #require(
      reports("let x = tensor([1.0, 2.0])\nlet p = plan wrt x { sum(tanh(x)) }\nwhy p, \"tanh#7\"")
        .last?.fault)
    #expect(fault.code == "unknown-step")
    #expect(fault.hint?.contains("tanh#0") == true)
  }

  @Test func `account sets how much is told`() {
    _ = reports("account full")
    #expect(session.detail == .full)
    let full = reports("let x = tensor([1.0, 2.0])").last?.account ?? ""
    #expect(full.hasPrefix("memory"))
    #expect(full.contains("total"))
    #expect(reports("account").last?.output == "account full\n")
    _ = reports("account off")
    #expect(reports("let y = tensor([1.0, 2.0])").last?.account == "")
  }

  @Test(arguments: ["gradient", "sqrt_n", "|>", "train", "every"])
  func `help has a page with an example`(topic: String) throws {
    let page = TerminalRenderer().text(
      try #require(HelpPages(session.interpreter).page(on: topic)))
    #expect(page.hasPrefix(topic))
    #expect(page.contains("Example:"))
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func `every help page renders in all three renderers`() throws {
    let pages = HelpPages(session.interpreter)
    for topic in pages.topics {
      guard let page = pages.page(on: topic) else { continue }
      #expect(TerminalRenderer().text(page).contains(topic), "\(topic)")
      #expect(JSONRenderer.value(page).text.hasPrefix(#"[{"type":"section""#), "\(topic)")
      #expect(HTMLRenderer.fragment(page).contains("<h1>"), "\(topic)")
    }
  }

  @Test func `the overview names every word, operator and strategy`() throws {
    let text = try #require(reports("help").last?.output)
    for name in Keywords.all + Keywords.operators { #expect(text.contains(name)) }
    #expect(text.contains("sqrt_n"))
  }

  @Test func `a walker takes the place of the printed steps`() {
    var walked = 0
    session.walker = { walked = $0.count }
    let output = reports("let x = tensor([1.0])\nlet p = plan wrt x { sum(x * x) }\nstep p").last?
      .output
    #expect(walked > 0)
    #expect(output == "")
  }

  @Test func `an undone command leaves the saved script`() throws {
    _ = reports("let a = 3\nnonsense\n1 + 1;")
    #expect(try session.history() == ["let a = 3", "1 + 1;"])
  }
}
