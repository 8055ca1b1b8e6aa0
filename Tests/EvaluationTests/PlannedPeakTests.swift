import Evaluation
import GraphLab
import Testing

/// Small programs at random: nets in loops over parts of data, with masks, quotients, transposes,
/// creations, draws and targets that the loss may not depend on.
@Suite struct PlannedPeakTests {
  private static let strategies = [
    "keep_all", "keep_none", "every(2)", "sqrt_n", "revolve(slots: 2)", "bisect", "marked",
    "mixed(slots: 2)", "every(1, stages: operations)", "optimal(budget: base.plan.peak)",
    "auto(budget: base.plan.peak)", "offload(budget: base.plan.peak)",
  ]

  /// What one turn of the loop does to the state `h` of shape [4, 6].
  private static func turn(_ t: Int, using random: inout SplitMix) -> String {
    let part = pick(["x[\(t)]", "z[0..<4, \(t)]", "transpose(x[\(t)], [0, 1])"], &random)
    let turns = [
      "tanh(\(part) @ u + h @ w[\(t)])", "h * (h > 0) + \(part)", "where(h > 0.1, h, \(part))",
      "1 / (1 + exp(-h))", "h / (1 + h * h)", "sigmoid(h @ transpose(u)) * \(part)",
      "transpose(transpose(h) * 0.5) + h", "concat([h[0..<1], h[1..<4]])", "dropout(h, 0.2)",
      "checkpoint { tanh(h @ u) * \(part) }", "square(\(part)) + h", "h + arange(6)",
      "h - max(h, axis: 1, keepdims: true)", "net(h)", "h + w[\(t), 0]",
    ]
    return pick(turns, &random)
  }

  private static func pick(_ texts: [String], _ random: inout SplitMix) -> String {
    texts[Int.random(in: texts.indices, using: &random)]
  }

  private static func block(using random: inout SplitMix) -> String {
    var lines = ["let z = transpose(x, [1, 0, 2])"]
    lines.append("let h = " + pick(["zeros(4, 6)", "x[0]", "ones(4, 6) * c"], &random))
    for t in 0..<3 {
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        lines.append("h = \(turn(t, using: &random))")
      }
    }
    lines.append(pick(["sum(h @ u)", "[sum(square(h @ u)), transpose(h)]"], &random))
    return "{\n" + lines.joined(separator: "\n") + "\n}"
  }

  @Test(arguments: 0..<40)
  func `a run peaks where its plan says, to the byte`(seed: Int) throws {
    var random = SplitMix(seed: UInt64(seed))
    let block = Self.block(using: &random)
    let targets = Self.pick(
      ["u", "[u, w]", "[net, u]", "[x, u]", "[u, c, w, net]"], &random)
    let strategies = Self.strategies.shuffled(using: &random).prefix(3)
    let text = """
      let x = randn(3, 4, 6)
      let w = randn(3, 6, 6)
      let u = randn(6, 6)
      let c = randn(6)
      let net = chain(dense(6, 6), tanh, dropout(0.2), batch_norm(6), dense(6, 6))
      let base = gradient wrt \(targets) \(block)
      """
    try Lab.session(text) { machine, outcomes in
      for outcome in outcomes { #expect(outcome.fault == nil, "\(text)") }
      for strategy in strategies {
        let clause = "wrt \(targets) with \(strategy) \(block)"
        let planned = Lab.run("(plan \(clause)).peak", in: machine)[0]
        let run = Lab.run("let g = gradient \(clause)", in: machine)[0]
        guard case .bytes(let peak)? = planned.value else {
          #expect(planned.fault?.code == run.fault?.code, "\(strategy)")
          continue
        }
        #expect(run.fault == nil)
        #expect(run.peak.total == peak, "\(strategy) of \(block)")
      }
    }
  }
}
