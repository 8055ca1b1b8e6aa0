import Evaluation
import Foundation
import Syntax
import Tensors
import Testing

@Suite struct `The laws, over whole scripts` {
  /// The examples, and the first two lessons; further lessons are as many networks of the same
  /// kinds.
  static let scripts: [String] = ["lessons", "examples"].flatMap { folder in
    (FileManager.default.enumerator(atPath: "\(Lab.root)/\(folder)")?.allObjects ?? [])
      .compactMap { $0 as? String }
      .filter { $0.hasSuffix(".cairn") && !$0.contains("/items/") && !$0.hasPrefix("grading/") }
      .filter { !$0.hasSuffix("shared.cairn") }
      .filter { folder == "examples" || $0.hasPrefix("01-") || $0.hasPrefix("02-") }.sorted()
      .map { "\(folder)/\($0)" }
  }

  @Test(arguments: scripts)
  func `every strategy gives the same bits, and measures what it rehearsed, in every block of`(
    script: String
  ) throws {
    let text = try String(contentsOfFile: "\(Lab.root)/\(script)", encoding: .utf8)
    let statements = Lab.statements(text, name: script)
    #expect(!statements.isEmpty)
    onLargeStack {
      var configuration = Interpreter.Configuration()
      configuration.directory =
        URL(fileURLWithPath: "\(Lab.root)/\(script)")
        .deletingLastPathComponent().path
      let machine = Interpreter(configuration: configuration)
      for statement in statements {
        _ = machine.run(statement)
        for block in Blocks.of(statement) {
          // Where names of a loop or function are not bound at top level, the block cannot stand
          // alone.
          let plan = Lab.run(
            "budget none\nlet law_plan = plan \(block.head) \(block.body)", in: machine)
          guard plan.last?.fault == nil,
            case .plan(let value)? = machine.bindings.first(where: { $0.name == "law_plan" })?.value
          else { continue }
          StrategyLaws.hold(on: block, peak: value.peak, in: machine)
        }
      }
    }
  }

  /// A session with all that can hold bytes: tensors, a network with state, data, an optimizer with
  /// moments.
  static let setUp = """
    seed 3
    let x = randn(8, 4)
    let y = cast(arange(8) % 3, i32)
    let net = chain(dense(4, 6), batch_norm(6), relu, fn(h) { dropout(h, 0.3) }, layer_norm(6), \
      dense(6, 3))
    let opt = adam(lr: 0.01)
    let data = dataset(x, y)
    """

  static let commands = [
    "let z = x @ transpose(x) + 1",
    "let g = gradient wrt net { cross_entropy(net(x), y) }",
    "let g = gradient wrt net with keep_none { cross_entropy(net(x), y) }",
    "compare wrt net across [keep_all, sqrt_n, bisect] { cross_entropy(net(x), y) }",
    "certify wrt net { cross_entropy(net(x), y) } with sqrt_n",
    "let more = chain(repeat 3 { dense(4, 4) })",
    "let m = map(fn(i) { x * i }, 0..<4)",
    "net(x)",
  ]

  @Test(arguments: commands)
  func `a failed allocation, whichever it is, leaves the session as it was`(command: String) throws
  {
    try Lab.session(Self.setUp) { machine, outcomes in
      for outcome in outcomes { #expect(outcome.fault == nil) }
      let statement = try #require(Lab.statements(command).first)
      let before = Lab.fingerprint(machine)
      var survived = 0
      for count in 0..<500 {
        machine.ledger.allocationsBeforeFault = count
        let outcome = machine.run(statement)
        machine.ledger.allocationsBeforeFault = nil
        guard let fault = outcome.fault else { break }
        #expect(fault.kind == .memory)
        #expect(Lab.fingerprint(machine) == before, "after fault \(count) of \(command)")
        survived += 1
      }
      #expect(survived > 0 && survived < 500)
    }
  }

  @Test
  func `a training loop stopped by a fault keeps its finished steps, and says how many`() throws {
    try Lab.session(Self.setUp) { machine, _ in
      let statement = try #require(
        Lab.statements(
          """
          for a, b in batches(data, size: 2, epochs: 2, shuffle: false) {
            let g = gradient wrt net { cross_entropy(net(a), b) }
            update net along g using opt
          }
          """
        ).first)
      let live = machine.ledger.live
      machine.ledger.allocationsBeforeFault = 60
      let outcome = machine.run(statement)
      machine.ledger.allocationsBeforeFault = nil
      let fault = try #require(outcome.fault)
      #expect(fault.message.contains("finished training step"))
      var after = machine.ledger.live
      after[.optimizer] = live[.optimizer]
      #expect(after == live, "nothing but the moments of finished steps stays")
    }
  }

  @Test func `an interrupted command leaves the session as it was`() throws {
    try Lab.session(Self.setUp) { machine, _ in
      let statement = try #require(
        Lab.statements("for i in 0..<1000000000 { x = x + 1 }").first)
      let before = Lab.fingerprint(machine)
      machine.interruption.request()
      let outcome = machine.run(statement)
      machine.interruption.clear()
      #expect(outcome.fault?.kind == .interrupted)
      #expect(Lab.fingerprint(machine) == before)
    }
  }

  @Test func `live bytes return to where they were when names let go`() throws {
    try Lab.session("let a = 0") { machine, _ in
      let before = machine.ledger.live
      _ = Lab.run(Self.setUp, in: machine)
      for command in Self.commands { _ = Lab.run(command, in: machine) }
      _ = Lab.run(
        "train net for a, b in batches(data, size: 4, epochs: 2) using opt { "
          + "cross_entropy(net(a), b) }",
        in: machine)
      #expect(machine.ledger.live != before)
      machine.reset()
      #expect(machine.ledger.live == before)
    }
  }

  @Test func `undo brings back names, parameters and moments, bit for bit`() throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = true
    try Lab.session(Self.setUp, configuration: configuration) { machine, _ in
      let before = Lab.fingerprint(machine)
      _ = Lab.run(
        "train net for a, b in batches(data, size: 4, epochs: 2) using opt { "
          + "cross_entropy(net(a), b) }",
        in: machine)
      #expect(Lab.fingerprint(machine) != before)
      try machine.undo()
      #expect(Lab.fingerprint(machine) == before)
    }
  }
}

/// The gradient blocks in a statement, as text.
enum Blocks {
  struct Block {
    /// `wrt net`, or nothing.
    let head: String
    /// `{ … }`
    let body: String
  }

  static func of(_ statement: Statement) -> [Block] {
    switch statement.kind {
    case .expression(let expression), .binding(_, let expression): of(expression)
    default: []
    }
  }

  private static func of(_ expression: Syntax.Expression) -> [Block] {
    switch expression.kind {
    case .gradient(let form): [block(form.wrt, form.body)]
    case .compare(let form): [block(form.wrt, form.body)]
    case .certify(let form): [block(form.wrt, form.body)]
    case .field(let base, _): of(base)
    default: []
    }
  }

  private static func block(_ wrt: [Syntax.Expression], _ body: Syntax.Block) -> Block {
    Block(
      head: wrt.isEmpty ? "" : "wrt " + wrt.map(\.range.text).joined(separator: ", "),
      body: body.range.text)
  }
}
