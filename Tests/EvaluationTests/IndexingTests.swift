import Syntax
import Testing

@testable import Evaluation

@Suite struct IndexingTests {
  @Test(arguments: [
    ("[10, 20, 30][0]", "10"), ("[10, 20, 30][-1]", "30"), ("[10, 20, 30][1..<3]", "[20, 30]"),
    ("[10, 20, 30][-2..<0]", "[20, 30]"), ("[10, 20, 30][-3..<-1]", "[10, 20]"),
    ("[10, 20, 30][0..<-1]", "[10, 20]"), ("[10, 20, 30][1...-1]", "[20, 30]"),
    ("[10, 20, 30][2..<-2]", "[]"), ("[][0..<-1]", "[]"), ("\"naïve\"[1..<-1]", "\"aïv\""),
    ("arange(5)[2..<-1]", "f32[2] [2.0, 3.0]"), ("0..<-1", "0..<-1"), ("(0..<-1).length", "0"),
    ("0...-1 == 0..<0", "false"), ("moons(count: 8)[5..<-1].count", "2"),
    ("[10, 20, 30][3..<3]", "[]"), ("\"naïve\"[2]", "\"ï\""), ("\"naïve\"[-2..<0]", "\"ve\""),
    ("(5..<10)[1]", "6"), ("(5..<10)[-1]", "9"), ("(5..<10)[1..<3]", "6..<8"),
    ("moons(count: 8)[2..<5].count", "3"), ("moons(count: 8)[\"y\"].shape", "[8]"),
  ])
  func `elements and stretches`(source: String, shown: String) throws {
    #expect(try Lab.last(source) == shown)
  }

  @Test(arguments: [
    ("[1, 2, 3][3]", "index-out-of-range"), ("[1, 2, 3][-4]", "index-out-of-range"),
    ("[1, 2, 3][0..<4]", "index-out-of-range"), ("[][0]", "index-out-of-range"),
    ("[1, 2, 3][-4..<0]", "index-out-of-range"), ("[1][9223372036854775807]", "index-out-of-range"),
    ("[1][-9223372036854775807]", "index-out-of-range"),
    ("[1][-9223372036854775807..<-1]", "index-out-of-range"),
    ("[1, 2][3..<-1]", "index-out-of-range"), ("[1, 2][-3..<-1]", "index-out-of-range"),
    ("\"abc\"[3]", "index-out-of-range"), ("(0..<3)[3]", "index-out-of-range"),
    ("[1][\"a\"]", "wrong-type"), ("[1][0, 0]", "wrong-type"), ("5[0]", "wrong-type"),
    ("zeros(2, 3)[2]", "index-out-of-range"), ("zeros(2, 3)[0, -4]", "index-out-of-range"),
    ("zeros(2, 3)[0, 0..<4]", "index-out-of-range"), ("zeros(2, 3)[[0, 2]]", "index-out-of-range"),
    ("zeros(2, 3)[[0.5]]", "wrong-type"), ("zeros(2, 3)[0.5]", "wrong-type"),
    ("zeros(2, 3)[zeros(2)]", "wrong-type"), ("zeros(2, 3)[0, 0, 0]", "invalid-shape"),
    ("zeros(2)[9223372036854775807]", "index-out-of-range"),
    ("tensor(1.0)[0]", "invalid-shape"), ("moons(count: 4)[\"z\"]", "unknown-field"),
    ("moons(count: 4)[2..<5]", "index-out-of-range"), ("moons(count: 4)[0]", "wrong-type"),
    ("(-9223372036854775807..<9223372036854775807).length", "integer-overflow"),
    ("0..<9223372036854775807 == -2..<9223372036854775807", "integer-overflow"),
  ])
  func `indices outside are refused at their place`(source: String, code: String) throws {
    let fault = try Lab.fault(source)
    #expect(fault.code == code)
    #expect(fault.range != nil)
  }

  @Test func `a fault names the axis and its length`() throws {
    let fault = try Lab.fault("zeros(2, 3)[0, 7]")
    #expect(fault.message == "index 7 is outside axis 1, which has 3 elements")
    #expect(fault.range?.text == "7")
  }

  /// Subscripts of one axis of length 4, with the places they stand for; a single place drops the
  /// axis.
  private static let subscripts: [(text: String, places: [Int], drops: Bool)] = [
    ("0", [0], true), ("-1", [3], true), ("0..<4", [0, 1, 2, 3], false), ("1..<3", [1, 2], false),
    ("-2..<0", [2, 3], false), ("2..<2", [], false), ("[3, 0, 3]", [3, 0, 3], false),
    ("tensor([-1, 1], dtype: i32)", [3, 1], false),
  ]

  @Test func `indices of a tensor pick the places that each axis names, in any combination`() throws
  {
    try Lab.session("let x = reshape(arange(64), [4, 4, 4])") { machine, _ in
      for a in Self.subscripts {
        for b in Self.subscripts {
          for c in Self.subscripts where c.text.count < 7 {
            let source = "x[\(a.text), \(b.text), \(c.text)]"
            let outcome = Lab.run(source, in: machine).last
            guard case .tensor(let part)? = outcome?.value else {
              Issue.record("\(source): \(outcome?.fault?.message ?? "no tensor")")
              continue
            }
            let expected = a.places.flatMap { i in
              b.places.flatMap { j in c.places.map { k in Double(16 * i + 4 * j + k) } }
            }
            #expect(part.doubles() == expected, "\(source)")
            let axes = [a, b, c].filter { !$0.drops }.map(\.places.count)
            #expect(part.shape.axes == axes, "\(source)")
          }
        }
      }
    }
  }

  @Test func `the gradient of a part counts how often each element was picked`() throws {
    try Lab.session("let x = reshape(arange(16), [4, 4])") { machine, _ in
      for a in Self.subscripts {
        for b in Self.subscripts {
          let source = "(gradient wrt x { sum(x[\(a.text), \(b.text)]) })[x]"
          let outcome = Lab.run(source, in: machine).last
          guard case .tensor(let gradient)? = outcome?.value else {
            Issue.record("\(source): \(outcome?.fault?.message ?? "no tensor")")
            continue
          }
          var expected = [Double](repeating: 0, count: 16)
          for i in a.places { for j in b.places { expected[4 * i + j] += 1 } }
          #expect(gradient.doubles() == expected, "\(source)")
        }
      }
    }
  }

  @Test func `gradients are found by the tensor itself, by a layer, and by name`() throws {
    let source = """
      let net = chain(dense(2, 3), relu, dense(3, 1))
      let x = randn(4, 2)
      let g = gradient wrt net { sum(net(x)) }
      """
    #expect(try Lab.last(source + "\ng[net.layers[0].w].shape") == "[2, 3]")
    #expect(try Lab.last(source + "\ng[\"layers[2].b\"]") == "f32[1] [4.0]")
    #expect(try Lab.last(source + "\ng[net.layers[2]].b") == "f32[1] [4.0]")
    #expect(try Lab.last(source + "\ng[net.parameters].length") == "4")
    #expect(try Lab.fault(source + "\ng[x]").code == "no-gradient")
    #expect(try Lab.fault(source + "\ng[net.layers[0].w * 1]").code == "no-gradient")
    #expect(try Lab.fault(source + "\ng[dense(2, 3)]").code == "no-gradient")
    #expect(try Lab.fault(source + "\ng[1]").code == "wrong-type")
  }
}
