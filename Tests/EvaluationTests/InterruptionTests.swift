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
    "plan wrt a { sum(a) }",
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

@Test func `copies for undo that take several pieces hear a request to stop between them`() throws {
  var (asked, mayAsk) = (0, 1)
  let file = SpillFile(limit: 1 << 30, folders: SpillFile.usualFolders) {
    asked += 1
    return asked > mayAsk
  }
  let bytes = [UInt8]((0..<(20 << 20)).map { UInt8(truncatingIfNeeded: $0 / 4099) })
  #expect(throws: SpillFile.Problem.stopped) { try file.store(bytes, bytes.count) }
  #expect(file.byteCount == 0)
  #expect(try file.store(bytes, 1000).range.count == 1000)
  mayAsk = .max
  let stretch = try file.store(bytes, bytes.count)
  mayAsk = asked
  var copy = [UInt8](repeating: 0, count: bytes.count)
  try copy.withUnsafeMutableBytes { room in
    let pointer = try #require(room.baseAddress)
    #expect(throws: SpillFile.Problem.stopped) { try stretch.load(into: pointer, mayStop: true) }
    try stretch.load(into: pointer, mayStop: false)
  }
  #expect(copy == bytes)
}
