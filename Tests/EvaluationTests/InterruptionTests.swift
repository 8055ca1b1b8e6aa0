import Syntax
import Testing

@testable import Evaluation

/// What has no loop of the language in it, and goes through much all the same. The request to stop
/// comes from the listener, in the midst of the command and before it: no clock decides.
@Suite struct `A request to stop is heard in the midst of a command` {
  private static let setUp = """
    let xs = [3, 1, 2]
    let ys = [3, 1, 2]
    let words = ["b", "a"]
    let pairs = [["a", 1], ["b", 2]]
    let d = dictionary(pairs)
    let e = dictionary(pairs)
    let a = ones(3)
    let b = ones(3)
    let tensors = [a, b]
    """

  private func fault(of expression: String) -> Diagnostic? {
    let machine = Machine()
    #expect(machine.fault(Self.setUp) == nil)
    let interpreter = machine.interpreter
    interpreter.listener = { [unowned interpreter] _ in interpreter.interruption.request() }
    return machine.fault("(fn() {\n  print(\"now\")\n  \(expression)\n})()")
  }

  @Test(arguments: [
    "sort(xs)", "sort(words)", "sort(xs, descending: true)", "sort(xs, by: float)", "xs == ys",
    "words == words + []", "d == e", "a == b", "a ~= b", "xs ~= ys", "zip(xs, ys)", "sum(xs)",
    "average(tensors)", "max(tensors)", "min(xs)", "join(xs)", "tensor(xs)", "tensor(tensors)",
    "dictionary(pairs)", "map(text, xs)", "filter(fn(x) { true }, xs)",
    "fold(fn(x, y) { x }, 0, xs)", "exp(a)", "softmax(a)", "gradient wrt a { sum(a) }",
    "plan wrt a { sum(a) }", "import \"nothing.cairn\"",
  ])
  func `by whatever goes through many elements`(expression: String) {
    onLargeStack {
      #expect(fault(of: expression)?.kind == .interrupted, "\(expression)")
    }
  }

  @Test func `and what is done at once is finished`() {
    onLargeStack { #expect(fault(of: "1 + 1") == nil) }
  }
}
