import Syntax
import Tensors
import Testing

@testable import Evaluation

@Suite struct DisplayHelpTests {
  @Test func `all of the prelude has a signature, a summary, its text, and an example that runs`()
    throws
  {
    try Lab.session("let a = 0") { machine, _ in
      let layers = machine.predefined.values.filter {
        guard case .function(let function) = $0.value else { return false }
        switch function.kind {
        case .layerMaker, .closure: return true
        case .builtin, .strategyMaker, .learnerStrategy: return false
        }
      }
      #expect(Set(layers.map(\.name)) == Set(Prelude.examples.keys))
      for layer in layers {
        let entry = try #require(machine.meanings(of: layer.name).first)
        let word = try #require(entry.signature.split(separator: " ").first)
        #expect(entry.signature.hasPrefix("\(word) \(layer.name)("))
        #expect(entry.summary != "A layer." && !entry.summary.hasPrefix("A function of this"))
        let outcome = Lab.run(entry.example, in: machine).last
        #expect(outcome?.fault == nil, "\(layer.name): \(outcome?.fault?.message ?? "")")
        let text = try #require(machine.sourceText(of: layer.name))
        #expect(text.contains("\(word) \(layer.name)(") && text.hasSuffix("}"))
        // What `source` prints is a declaration that can be given back.
        let again = Lab.run(text, in: machine).last
        #expect(again?.fault == nil, "\(layer.name): \(again?.fault?.message ?? "")")
      }
    }
  }

  @Test func `a learner's function has the comment above it as its summary`() throws {
    let source = """
      # Twice x,
      # and then some.
      fn twice(x, more = 1) { 2 * x + more }
      """
    try Lab.session(source) { machine, _ in
      let entry = try #require(machine.meanings(of: "twice").first)
      #expect(entry.signature == "fn twice(x, more = 1)")
      #expect(entry.summary == "Twice x, and then some.")
      #expect(machine.sourceText(of: "twice") == source)
      #expect(machine.meanings(of: "nothing_of_that_name").isEmpty)
      #expect(machine.sourceText(of: "sum") == nil)
    }
  }

  @Test func `live tensors have paths, each storage once, and add up to the ledger`() throws {
    let source = """
      let data = moons(count: 16)
      let net = chain(dense(2, 3), relu, repeat 2 { residual(dense(3, 3)) }, batch_norm(3), \
      dense(3, 2))
      let opt = adam(lr: 0.01)
      train net for x, y in batches(data, size: 8) using opt { cross_entropy(net(x), y) }
      let g = gradient wrt net { cross_entropy(net(data.x), data.y) }
      let held = [zeros(3), [ones(2), net.layers[0].w]]
      let other = held
      let view = reshape(held[0], [3, 1])
      let deep = []
      for i in 0..<200 { deep = [zeros(1), deep] }
      """
    try Lab.session(source) { machine, outcomes in
      for outcome in outcomes { #expect(outcome.fault == nil) }
      let live = machine.liveTensors()
      let owners = Set(live.map(\.owner))
      #expect(owners.count == live.count)
      for owner in [
        "data.x", "data.y", "net.layers[0].w", "net.layers[2][1].inner.b", "net.layers[3].mean",
        "g.loss", "g[layers[0].w]", "held[0]", "held[1][0]",
      ] {
        #expect(owners.contains(owner), "\(owner)")
      }
      #expect(!owners.contains { $0.hasPrefix("other") || $0.hasPrefix("view") })
      var account = Account()
      for tensor in live { account[tensor.account] += tensor.bytes }
      #expect(account == machine.ledger.live)
      #expect(live.map(\.bytes) == live.map(\.bytes).sorted(by: >))
    }
  }

  @Test func `what a function or a layer captured has an owner too`() throws {
    let source = """
      fn keeper() {
        let inside = zeros(5)
        fn() { inside }
      }
      fn shifted() {
        let shift = zeros(7)
        layer shifting() { forward(x) { x + shift } }
        shifting()
      }
      let f = keeper()
      let l = shifted()
      """
    try Lab.session(source) { machine, _ in
      let live = machine.liveTensors()
      #expect(live.map(\.owner) == ["l (captured shift)", "f (captured inside)"])
      #expect(live.map(\.bytes) == [28, 20])
    }
  }
}
