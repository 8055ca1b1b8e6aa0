import Syntax
import Tensors
import Testing

@testable import Evaluation

@Suite struct IndexingElementsTests {
  @Test(arguments: [
    ("for i in 2..<5 { print(i) }", "2\n3\n4\n"), ("for c in \"añ\" { print(c) }", "a\nñ\n"),
    ("for a, b in [[1, 2], [3, 4]] { print(a + b) }", "3\n7\n"),
    ("for r in tensor([[1, 2], [3, 4]]) { print(r) }", "[1.0, 2.0]\n[3.0, 4.0]\n"),
    ("for a, b in tensor([[1, 2], [3, 4]]) { print(a + b) }", "3.0\n7.0\n"),
    (
      "for x, y in dataset(tensor([[1, 2], [3, 4]]), tensor([5, 6])) { print(x, y) }",
      "[1.0, 2.0] 5.0\n[3.0, 4.0] 6.0\n"
    ),
    (
      "for x, y in batches(moons(count: 5), size: 2) { print(x.shape, y.shape) }",
      "[2, 2] [2]\n[2, 2] [2]\n[1, 2] [1]\n"
    ),
    ("for x in [] { print(x) }", ""), ("for i in 0..<0 { print(i) }", ""),
    ("for r in zeros(0, 3) { print(r) }", ""),
    ("for i in 0..<9223372036854775807 { if i == 2 { break }\nprint(i) }", "0\n1\n"),
    ("for x in [1, 2, 3, 4] { if x == 2 { continue }\nif x == 4 { break }\nprint(x) }", "1\n3\n"),
  ])
  func `what a loop goes through`(source: String, printed: String) throws {
    try Lab.session(source) { _, outcomes in
      #expect(outcomes.last?.fault == nil, "\(outcomes.last?.fault?.message ?? "")")
      #expect(outcomes.last?.printed == printed)
    }
  }

  @Test(arguments: [
    ("for a, b in [[1, 2], [3]] { a }", "2 names are bound, but each item of the loop has 1 part"),
    ("for a, b in [1] { a }", "expected 2 values as each item of the loop, found the integer 1"),
    (
      "for a, b, c in batches(moons(count: 4), size: 2) { a }",
      "3 names are bound, but each item of the loop has 2 parts"
    ),
  ])
  func `items that do not fit the names are refused`(source: String, message: String) throws {
    #expect(try Lab.fault(source).message == message)
  }

  @Test func `what has no items is refused`() throws {
    #expect(try Lab.fault("for x in 5 { x }").kind == .type)
    #expect(try Lab.fault("for x in tensor(1.0) { x }").kind == .type)
  }

  @Test func `a loop over the rows of a traced tensor has a gradient`() throws {
    let shown = try Lab.last(
      """
      let w = tensor([[1, 2], [3, 4]])
      let g = gradient wrt w {
        let total = tensor(0.0)
        for row in w { total = total + sum(row * row) }
        total
      }
      g[w]
      """)
    #expect(shown == "f32[2, 2]\n[[2.0, 4.0],\n [6.0, 8.0]]")
  }

  @Test func `train and a loop written by hand see the same batches`() throws {
    let setUp = """
      let data = moons(count: 11)
      fn fresh() {
        let net = dense(2, 2)
        net
      }
      seed 3
      let a = fresh()
      seed 3
      let b = fresh()
      let one = sgd(0.1)
      let two = sgd(0.1)
      train a for x, y in batches(data, size: 4, epochs: 3) using one { cross_entropy(a(x), y) }
      for x, y in batches(data, size: 4, epochs: 3) {
        let g = gradient wrt b { cross_entropy(b(x), y) }
        update b along g using two
      }
      """
    #expect(try Lab.last(setUp + "\nsum(abs(a.w - b.w)) + sum(abs(a.b - b.b))") == "0.0")
  }
}
