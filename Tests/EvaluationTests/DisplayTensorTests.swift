import Execution
import Tensors
import Testing

@testable import Evaluation

@Suite struct DisplayTensorTests {
  private static func text(
    _ values: [Double], _ shape: Shape, _ dtype: DType = .f64
  ) throws -> String {
    let ledger = Ledger(budget: nil)
    let tensor = try Tensor(
      values: values, shape: shape, dtype: dtype, account: .values, ledger: ledger)
    return TensorText(tensor).text
  }

  @Test func `decimals are as many as are needed, at most four, and the same everywhere`() throws {
    #expect(try Self.text([1, 2], [2]) == "[1.0, 2.0]")
    #expect(try Self.text([1, 2.25], [2]) == "[1.00, 2.25]")
    #expect(try Self.text([1.0 / 3, 2], [2]) == "[0.3333, 2.0000]")
    #expect(try Self.text([-0.00001, 1], [2]) == "[0.0, 1.0]")
    #expect(try Self.text([14], []) == "14.0")
  }

  @Test func `powers of ten where numbers are large, small, or range widely`() throws {
    #expect(try Self.text([1e-7, 2e-8], [2]) == "[1.000e-07, 2.000e-08]")
    #expect(try Self.text([1, 2e6], [2]) == "[1.000e+00, 2.000e+06]")
    #expect(try Self.text([0, 1e9], [2]) == "[0.000e+00, 1.000e+09]")
  }

  @Test func `what is no number says so`() throws {
    let values = [Double.nan, .infinity, -.infinity, 0.5]
    #expect(try Self.text(values, [4]) == "[nan, inf, -inf, 0.5]")
    #expect(try Self.text(values, [2, 2]) == "[[ nan,  inf],\n [-inf,  0.5]]")
  }

  @Test func `integers have no point`() throws {
    #expect(try Self.text([1, -20, 300], [3], .i32) == "[1, -20, 300]")
    #expect(try Self.text([1, -20], [2, 1], .i32) == "[[  1],\n [-20]]")
  }

  @Test func `columns are aligned, and blocks have a line between them`() throws {
    let values = (0..<8).map(Double.init)
    #expect(
      try Self.text(values, [2, 2, 2]) == """
        [[[0.0, 1.0],
          [2.0, 3.0]],

         [[4.0, 5.0],
          [6.0, 7.0]]]
        """)
  }

  @Test func `long axes show three at either end`() throws {
    let values = (0..<400).map(Double.init)
    #expect(try Self.text(values, [400]) == "[0.0, 1.0, 2.0, …, 397.0, 398.0, 399.0]")
    let rows = try Self.text(values, [20, 20]).split(separator: "\n")
    #expect(rows.count == 7)
    #expect(rows[3] == " …,")
    #expect(rows.allSatisfy { $0.contains("…") })
  }

  @Test func `a tensor of 120 elements is shown whole, one of 121 is not`() throws {
    #expect(try !Self.text(Array(repeating: 0, count: 120), [120]).contains("…"))
    #expect(try Self.text(Array(repeating: 0, count: 121), [121]).contains("…"))
  }

  @Test func `empty tensors show their rows`() throws {
    #expect(try Self.text([], [0]) == "[]")
    #expect(try Self.text([], [0, 3]) == "[]")
    #expect(try Self.text([], [2, 0]) == "[[],\n [],\n".prefix(5) + " []]")
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      [3_000_000_000, 0], [100, 100, 100, 100, 100, 0], [1 << 40, 1 << 40, 0],
    ])
  func `axes around an empty one may be as long as they like`(axes: [Int]) throws {
    let text = try Self.text([], Shape(axes))
    #expect(text.contains("[]") && text.count < 60_000)
  }

  @Test func `many axes show less at either end, and very many nothing`() throws {
    let six = try Self.text(
      Array(repeating: 1, count: 1 << 12), Shape(Array(repeating: 4, count: 6)))
    #expect(six.count { $0 == "1" } == 64 && six.contains("…"))
    let twelve = Shape(Array(repeating: 2, count: 13))
    #expect(try Self.text(Array(repeating: 1, count: 1 << 13), twelve) == "[…]")
    let ones = Shape(Array(repeating: 1, count: 40))
    let brackets = String(repeating: "[", count: 40)
    #expect(try Self.text([7], ones) == brackets + "7.0" + String(repeating: "]", count: 40))
  }
}
