import Experiments
import Schedules
import Syntax
import Tensors
import Testing

@testable import Evaluation

/// Reversible blocks, from the language down to the ledger.
struct ReversibleTests {
  private let machine = Interpreter()

  /// Runs a text; gives the last command's outcome. Faults before it fail the test.
  private func outcome(_ text: String) throws -> Outcome {
    let parsed = Parser.parse(SourceText(name: "test", text: text))
    try #require(parsed.faults.isEmpty)
    var last: Outcome?
    for statement in parsed.script.statements {
      #expect(last?.fault == nil)
      last = machine.run(statement)
    }
    return try #require(last)
  }

  private func value(_ text: String) throws -> Value {
    let outcome = try outcome(text)
    #expect(outcome.fault == nil)
    return try #require(outcome.value)
  }

  private func plan(_ text: String) throws -> Plan {
    guard case .plan(let plan) = try value(text) else { throw Unexpected() }
    return plan
  }

  private func gradients(_ text: String) throws -> GradientsValue {
    guard case .gradients(let gradients) = try value(text) else { throw Unexpected() }
    return gradients
  }

  private struct Unexpected: Error {}

  private static let setup = """
    seed 3
    let x = randn(40, 6)
    let y = tensor(repeat 40 { 1 }, dtype: i32)
    fn part() { chain(dense(4, 4), tanh) }
    fn blocks(n) { repeat n { reversible(part(), part()) } }
    fn model(n) { chain(dense(6, 8), blocks(n), dense(8, 3)) }

    """

  /// The same function, written without the block.
  private static let plainly = """
    fn half(x, from) { x[0..<x.shape[0], from..<from + 4] }
    layer plainly(block) {
      forward(x) {
        let y1 = half(x, 0) + block.f(half(x, 4))
        let y2 = half(x, 4) + block.g(y1)
        concat([y1, y2], axis: 1)
      }
    }
    fn unrolled(net) {
      let plain = map(fn(block) { plainly(block) }, net.layers[1])
      chain(net.layers[0], plain, net.layers[2])
    }

    """

  @Test func `outside a traced block it computes, and its parameters have paths`() throws {
    guard
      case .tensor(let difference) = try value(
        Self.setup + Self.plainly + """
          let block = reversible(part(), part())
          let h = randn(5, 8)
          sum(abs(block(h) - plainly(block)(h)))
          """)
    else { throw Unexpected() }
    #expect(difference.doubles() == [0])
    guard case .layer(let layer) = try value("block") else { throw Unexpected() }
    #expect(
      layer.parameters().map(\.name) == [
        "f.layers[0].w", "f.layers[0].b", "g.layers[0].w", "g.layers[0].b",
      ])
    #expect(
      machine.display(.layer(layer)).split(separator: "\n").first == "reversible(chain, chain)")
  }

  @Test func `gradients agree with the plain ones to rounding`() throws {
    let reversed = try gradients(
      Self.setup + Self.plainly
        + "let net = model(8)\ngradient wrt net { cross_entropy(net(x), y) }")
    let plain = try gradients(
      "let other = unrolled(net)\ngradient wrt net { cross_entropy(other(x), y) }")
    #expect(reversed.loss.doubles() == plain.loss.doubles())
    #expect(reversed.entries.count == plain.entries.count)
    for (a, b) in zip(reversed.entries, plain.entries) {
      #expect(a.name == b.name)
      for (left, right) in zip(a.gradient.doubles(), b.gradient.doubles()) {
        #expect(abs(left - right) <= 1e-4 * max(0.01, abs(right)))
      }
    }
  }

  @Test func `a further block keeps nothing: the peak grows by its gradients alone`() throws {
    // A step of several operations needs all that they read at once.
    machine.fuses = false
    let text = "plan wrt net with keep_all { cross_entropy(net(x), y) }"
    _ = try outcome(Self.setup + Self.plainly)
    var peaks: [Int] = []
    var kept: [Int] = []
    var plainPeaks: [Int] = []
    for depth in [2, 3, 12] {
      let plan = try plan("let net = model(\(depth))\n" + text)
      peaks.append(plan.rehearsal.peak)
      kept.append(plan.rehearsal.timeline.map(\.during.kept).max() ?? 0)
      let plain = try self.plan(
        "let other = unrolled(net)\n" + text.replacing("net(x)", with: "other(x)"))
      plainPeaks.append(plain.rehearsal.peak)
    }
    let parameterBytes = 2 * (16 + 4) * 4
    #expect(Set(kept).count == 1)
    #expect(peaks[1] - peaks[0] == parameterBytes)
    #expect(peaks[2] - peaks[0] == 10 * parameterBytes)
    // Written plainly, each block keeps at least what both tanh give and both products read.
    #expect(plainPeaks[2] - plainPeaks[0] >= 10 * 4 * 40 * 4 * 4)
  }

  @Test(arguments: [
    "keep_none", "marked", "every(2)", "sqrt_n", "bisect", "revolve(slots: 2)", "mixed(slots: 2)",
    "optimal(budget: 1 MiB)", "dtr(budget: 16 KiB)",
  ])
  func `every strategy gives the bits of the plain run, masks included`(strategy: String) throws {
    let outcome = try outcome(
      Self.setup + """
        layer counted(inner) {
          state mean = zeros(4)
          forward(h) {
            mean = 0.9 * mean + 0.1 * average(h, axis: 0)
            inner(dropout(h, 0.3)) + mean
          }
        }
        fn noisy() { reversible(counted(part()), chain(fn(h) { dropout(h, 0.3) }, part())) }
        let net = chain(dense(6, 8), relu, repeat 4 { noisy() }, tanh, blocks(2), dense(8, 3))
        certify { cross_entropy(checkpoint { net(x) }, y) } with \(strategy)
        """)
    #expect(outcome.fault == nil)
    let run = try #require(outcome.run)
    #expect(run.predictedPeak == run.measuredPeak)
    guard case .record(let certificate) = outcome.value else { throw Unexpected() }
    #expect(machine.display(.record(certificate)).contains("certified"))
  }

  @Test func `a chain sees a block as one stage`() throws {
    let plan = try plan(
      Self.setup + """
        let net = model(5)
        plan wrt net with every(1) { cross_entropy(net(x), y) }
        """)
    let labels = plan.schedule.chain?.chain.stages.map(\.label) ?? []
    #expect(labels.count == 8)
    #expect(labels[1...5] == ArraySlice((1...5).map { "\($0) reversible" }))
    // A recording of a block holds none of its values.
    #expect(plan.schedule.chain?.chain.stages[2].recordedBytes == 0)
  }

  @Test func `training moves every parameter as gradients and updates by hand do`() throws {
    _ = try outcome(Self.setup + "let net = model(3)\nlet twin = model(3)")
    func layer(_ name: String) throws -> Layer {
      guard case .layer(let layer) = machine.knownCell(name)?.value else { throw Unexpected() }
      return layer
    }
    guard case .tensor(let x) = machine.knownCell("x")?.value,
      case .tensor(let y) = machine.knownCell("y")?.value
    else { throw Unexpected() }
    let (net, twin) = (try layer("net").parameters(), try layer("twin").parameters())
    for (a, b) in zip(net, twin) {
      try #require(b.tensor.tensor).overwrite(with: try #require(a.tensor.tensor))
    }
    let before = net.map { $0.tensor.doubles() }
    let data = DataSet(name: "data", columns: [DataColumn("x", x), DataColumn("y", y)])
    machine.write(
      .batches(
        Batches(
          data: data,
          order: BatchOrder(
            rows: data.count, size: 40, epochs: nil, steps: 3, isShuffled: false, seed: 0))),
      to: machine.bindingCell("rows"))
    let trained = try outcome(
      "train net for a, b in rows using adam(lr: 0.01) with sqrt_n { cross_entropy(net(a), b) }")
    #expect(trained.fault == nil)
    #expect(trained.run?.predictedPeak == trained.run?.measuredPeak)
    let byHand = try outcome(
      """
      let opt = adam(lr: 0.01)
      for step in 0..<3 {
        let g = gradient wrt twin { cross_entropy(twin(x), y) }
        update twin along g using opt
      }
      """)
    #expect(byHand.fault == nil)
    let after = try layer("net").parameters().map { $0.tensor.doubles() }
    #expect(after == (try layer("twin").parameters().map { $0.tensor.doubles() }))
    for (old, new) in zip(before, after) { #expect(old != new) }
  }

  @Test(arguments: [
    ("reversible(relu, 3)", "wrong-type", "found the integer 3"),
    ("reversible([relu], relu)", "wrong-type", "`f` of reversible"),
    ("reversible(relu, dense)", "wrong-type", "`g` of reversible"),
    ("reversible(relu, relu)(zeros(2, 3))", "reversible-input", "f32[2, 3]: 3 is odd"),
    ("reversible(relu, relu)(sum(zeros(2)))", "reversible-input", "f32[]: it has no axes"),
    ("reversible(relu, relu)(4)", "wrong-type", "the input of reversible"),
    ("reversible(relu, relu)(zeros(2), zeros(2))", "argument-count", "takes (x)"),
    (
      "reversible(dense(2, 3), relu)(zeros(5, 4))", "reversible-part",
      "`f` of reversible is given f32[5, 2] and gives f32[5, 3]"
    ),
    (
      "reversible(relu, fn(h) { cast(h, f64) })(zeros(5, 4))", "reversible-part",
      "is given f32[5, 2] and gives f64[5, 2]"
    ),
    ("reversible(relu, fn(h) { 1 })(zeros(5, 4))", "wrong-type", "the value of `g`"),
  ])
  func `what does not fit is refused in words`(text: String, code: String, part: String) throws {
    let fault = try #require(try outcome(text).fault)
    #expect(fault.code == code)
    #expect(fault.message.contains(part))
  }
}
