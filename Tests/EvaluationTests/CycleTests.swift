import Evaluation
import Testing

/// What functions, layers and variables hold in a circle is let go of, and all that is live has an
/// owner.
@Suite struct CycleTests {
  /// Runs commands one by one; after each, what `tensors` names is what is live.
  private func expectOwned(
    _ text: String, configuration: Interpreter.Configuration = .init()
  ) throws -> [Int] {
    try Lab.session("", configuration: configuration) { machine, _ in
      Lab.statements(text).map { statement in
        _ = machine.run(statement)
        let owned = machine.liveTensors().reduce(0) { $0 + $1.bytes }
        #expect(owned == machine.ledger.live.total, "\(statement.range.text)")
        return machine.ledger.live.total
      }
    }
  }

  @Test(
    arguments: [
      // A function that finds itself.
      """
      let t = ones(2000)
      fn go(n) { if n == 0 { length([t]) } else { go(n - 1) } }
      go(3)
      """,
      // Two that find one another.
      """
      let t = ones(2000)
      let odd = none
      fn even(n) { if n == 0 { length([t]) } else { odd(n - 1) } }
      odd = fn(n) { if n == 0 { 0 } else { even(n - 1) } }
      even(4)
      """,
      // Lists, dictionaries and layers in the circle.
      """
      let xs = [ones(500)]
      let look = fn() { length(xs) }
      xs = [ones(500), look]
      look()
      """,
      """
      let d = ["t": ones(500)]
      fn look() { length(d) }
      d["f"] = look
      look()
      """,
      """
      let me = none
      layer odd() {
        param w = ones(300)
        forward(x) { if length([me]) == 1 { x * w } else { x } }
      }
      me = [odd()]
      length(me)
      """,
      // A variable that was something else before.
      """
      let f = fn() { 1 }
      let t = ones(10)
      f = fn() { if true { length([t]) } else { f() } }
      f()
      """,
    ], [false, true])
  func `a circle is freed when the command ends`(body: String, keepsUndo: Bool) throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = keepsUndo
    let indented = body.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    let live = try expectOwned(
      "fn run() {\n\(indented)\n}\nrun()\nfor i in 0..<100 { run() }\nrun()\nrun() + missing",
      configuration: configuration)
    #expect(live.allSatisfy { $0 == 0 })
  }

  @Test func `a circle that a name leads to works on, and goes with the name`() throws {
    let made = """
      fn make() {
        let t = ones(1000)
        fn go(n) { if n == 0 { sum(t) } else { go(n - 1) } }
        go
      }
      let f = make()
      f(3)
      let list = [1, f]
      f = make()
      list[1](2)
      list = none
      f(2)
      f = none
      ans = none
      """
    #expect(
      try expectOwned(made) == [0, 4000, 4004, 4004, 8004, 8004, 4004, 4004, 4, 0])
  }

  @Test func `undo brings a circle back whole`() throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = true
    let text = """
      fn make() {
        let t = ones(1000)
        fn go(n) { if n == 0 { 7 } else { go(n - 1) + length([t]) } }
        go
      }
      let f = make()
      f = none
      """
    try Lab.session(text, configuration: configuration) { machine, _ in
      #expect(machine.ledger.live.total == 0)
      try machine.undo()
      #expect(machine.ledger.live.total == 4000)
      #expect(Lab.run("f(3)", in: machine).last?.value.map(machine.display) == "10")
      machine.reset()
      #expect(machine.ledger.live.total == 0)
    }
  }

  @Test func `what stands beside has an owner too`() throws {
    _ = try expectOwned(
      """
      let x = ones(100)
      let g = gradient wrt x { sum(x * x) }
      x = none
      let net = dense(2, 2)
      let opt = adam()
      update net along (gradient wrt net { sum(net(ones(1, 2))) }) using opt
      net = none
      g = none
      fn maker() {
        let start = ones(3)
        layer l() {
          param w = start
          forward(y) { y * w }
        }
        l()
      }
      let l = maker()
      let kept = none
      gradient wrt l { kept = l(ones(3)); sum(kept) }
      l = none
      strategy s(t) on chain { record(0) }
      let st = s(ones(50))
      fn nest(n, f) { if n == 0 { f } else { nest(n - 1, fn() { f }) } }
      let deep = nest(3000, ones(20))
      let data = spirals(count: 10, classes: 2)
      let b = batches(data, size: 5)
      data = none
      """)
  }

  @Test func `a name that was reset is let go of, also where a function names itself`() throws {
    try Lab.session("let t = ones(9)\nfn f(n) { if n == 0 { 7 } else { f(n - 1) } }\nf(2)") {
      machine, _ in
      machine.reset()
      #expect(machine.ledger.live.total == 0)
    }
  }
}
