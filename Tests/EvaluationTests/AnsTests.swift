import Evaluation
import Testing

/// The last value is an owner like any other.
@Suite struct AnsTests {
  /// Bytes that only `ans` holds after each command, each with what is expected of it.
  private static let commands: [(command: String, bytes: Int)] = [
    ("1 + 1", 0), ("let x = zeros(4)", 0), ("x", 0), ("x + 1", 16), ("let y = ans", 0),
    ("y = none", 16), ("reshape(ans, [2, 2])", 16), ("[x, ans, zeros(2)]", 24),
    ("fn keeper() { let inside = ans\n fn() { inside } }", 24), ("let f = keeper()", 0),
    ("f = none", 24), ("nonsense", 24), ("ans = none", 0), ("dense(2, 2)", 24),
    ("let net = ans", 0), ("spirals(count: 10);", 120), ("ans = none", 0), ("zeros(3)", 12),
    ("ones(5)", 20), ("let ans = zeros(7)", 28), ("7", 0),
  ]

  @Test func `the account says what only the last value holds`() throws {
    try Lab.session(AnsTests.commands.map(\.command).joined(separator: "\n")) { _, outcomes in
      #expect(outcomes.count == AnsTests.commands.count)
      for (outcome, expected) in zip(outcomes, AnsTests.commands) {
        #expect(outcome.ans == expected.bytes, "\(expected.command)")
        #expect((outcome.fault != nil) == (expected.command == "nonsense"))
      }
    }
  }

  @Test func `what it says, letting go of the last value frees`() throws {
    for index in AnsTests.commands.indices {
      try Lab.session("") { machine, _ in
        // What an outcome holds would stay live.
        var told = 0
        for (command, _) in AnsTests.commands[...index] {
          told = Lab.run(command, in: machine).last?.ans ?? 0
        }
        let before = machine.ledger.live.total
        _ = Lab.run("ans = none", in: machine)
        #expect(machine.ledger.live.total == before - told)
      }
    }
  }

  @Test func `where another name leads to a tensor, that is its owner`() throws {
    try Lab.session("zeros(3)\nlet x = ans\n[x, ones(2)];") { machine, _ in
      #expect(machine.liveTensors().map(\.owner) == ["x", "ans[1]"])
    }
  }

  @Test func `it has help`() throws {
    try Lab.session("6 * 7") { machine, _ in
      #expect(machine.meanings(of: "ans").first?.details.contains("ans = none") == true)
    }
  }
}
