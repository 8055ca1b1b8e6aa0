import Syntax
import Testing

@testable import Evaluation

@Suite struct FieldsTests {
  @Test(arguments: [
    ("zeros(2, 3).shape", "[2, 3]"), ("zeros(2, 3).dtype", "\"f32\""), ("zeros(2, 3).rank", "2"),
    ("zeros(2, 3).count", "6"), ("zeros(2, 3).bytes", "24 B"), ("zeros(2, 3).T.shape", "[3, 2]"),
    ("[1, 2].length", "2"), ("\"naïve\".length", "5"), ("(2..<7).length", "5"),
    ("(2..<7).start", "2"), ("(2..<7).end", "7"),
    ("revolve(slots: 2).name", "\"revolve(slots: 2)\""),
    ("relu.name", "\"relu\""), ("adam(lr: 0.1).updates", "0"), ("adam(lr: 0.1).name", "\"adam\""),
    ("dense(2, 3).inputs", "2"), ("dense(2, 3).w.shape", "[2, 3]"), ("dense(2, 3).bytes", "36 B"),
    ("dense(2, 3).name", "\"dense\""), ("residual(dense(2, 2)).inner.b.shape", "[2]"),
    ("chain(relu, [tanh, chain(relu)]).layers.length", "2"),
    ("chain(relu, [tanh, chain(relu)]).length", "3"),
    ("chain(dense(1, 2), dense(2, 1)).parameters.length", "4"),
    ("penguins().count", "342"), ("penguins().columns", "[\"x\", \"y\"]"),
    ("batches(moons(count: 10), size: 4).size", "4"),
    ("batches(moons(count: 10), size: 4, epochs: 2).total", "6"),
  ])
  func `what a field gives`(source: String, shown: String) throws {
    #expect(try Lab.last(source) == shown)
  }

  private static let planned = """
    let net = chain(repeat 6 { chain(dense(4, 4), tanh) })
    let x = randn(2, 4)
    let p = plan wrt net with revolve(slots: 3) { sum(net(x)) }
    let q = plan wrt net { sum(net(x)) }
    let g = gradient wrt net with revolve(slots: 3) { sum(net(x)) }
    """

  @Test(arguments: [
    ("p.strategy", "\"revolve(slots: 3)\""),
    ("p.steps == p.forward + p.replayed + p.backward", "true"),
    ("p.chain.slots", "3"), ("p.chain.forward_stages == p.chain.length", "true"),
    ("p.chain.stages.length == p.chain.length", "true"), ("p.replayed > q.replayed", "true"),
    ("q.replayed", "0"), ("p.kept < q.kept", "true"), ("p.peak > p.outside", "true"),
    ("type(p.actions[0])", "\"action\""), ("p.actions.length > q.actions.length", "true"),
    ("g.plan.peak >= p.peak", "true"), ("type(g.loss)", "\"float\""), ("g.names.length", "12"),
    ("g.names[0]", "\"layers[0][0].layers[0].w\""),
  ])
  func `what a schedule and gradients tell`(source: String, shown: String) throws {
    #expect(try Lab.last(Self.planned + "\n" + source) == shown)
  }

  @Test func `what a schedule keeps is what predict and compare call kept`() throws {
    let kept = try Lab.last(Self.planned + "\np.kept")
    let row = try Lab.last(
      Self.planned
        + "\n(compare wrt net across [revolve(slots: 3)] { sum(net(x)) }).rows[0].kept")
    #expect(kept == row)
  }

  /// One value of every type.
  private static let values = [
    "zeros(2, 3)", "dense(2, 3)", "chain(dense(2, 3), relu)", "g", "p", "moons(count: 4)",
    "p.chain", "sgd(0.1)", "batches(moons(count: 4), size: 2)", "[1]", "\"a\"", "0..<2", "relu",
    "revolve(slots: 2)", "1", "1.5", "true", "64 KiB",
  ]

  @Test func `every field that completion offers is there, and no other`() throws {
    try Lab.session(Self.planned) { machine, _ in
      for source in Self.values {
        _ = Lab.run("let v = \(source)", in: machine)
        let value = try #require(machine.bindings.first { $0.name == "v" }?.value)
        for field in machine.fieldNames(of: value) {
          let outcome = Lab.run("v.\(field)", in: machine).last
          #expect(outcome?.fault == nil, "\(source).\(field): \(outcome?.fault?.message ?? "")")
        }
        let fault = Lab.run("v.no_such_field", in: machine).last?.fault
        #expect(fault?.code == "unknown-field", "\(source)")
        #expect(fault?.range?.text == "no_such_field", "\(source)")
      }
    }
  }

  @Test func `a mistyped field gets its neighbour as a hint`() throws {
    #expect(try Lab.fault("zeros(2).shpae").hint == "did you mean `shape`?")
    #expect(try Lab.fault("[1].lenght").hint == "did you mean `length`?")
    #expect(try Lab.fault("zeros(2, 2, 2).T").kind == .shape)
  }
}
