/// The numbers of a workload laid out flat, for the inner loops of planning.
///
/// With a price of transfers each value has a *fetch*, numbered after the steps: something that an
/// order of computing may name, which reads nothing and makes the value from its copy on the slower
/// tier. Whatever an order fetches is written there once, when it is first made.
struct StepTable: StepReads, Sendable {
  /// Number of steps.
  let count: Int
  /// Number of forward steps, which come first.
  let forwardCount: Int
  /// Number of values.
  let valueCount: Int
  /// Number of values that forward steps make, which come first.
  let forwardValueCount: Int
  /// Number of steps and fetches.
  let moveCount: Int
  /// FLOPs that a byte moved is worth; `nil` where there are no fetches.
  let transfer: Double?
  /// Of each value: bytes.
  let bytes: [Int]
  /// Of each value: the step that makes it.
  let makers: [Int]
  /// Of each value: whether it outlives the run.
  let isResult: [Bool]
  /// Of each step: the bytes of all that it makes.
  let made: [Int]
  /// Of each step: bytes of scratch.
  let scratch: [Int]
  /// Of each step: FLOPs; of each fetch: what moving its bytes one way is worth.
  let cost: [Int]
  /// Of each step: where in a training step it belongs.
  let phases: [Step.Phase]
  private let valueStarts: [Int]
  private let valueEnds: [Int]
  private let inputStarts: [Int]
  private let inputList: [Int]
  private let reusableStarts: [Int]
  private let reusableList: [Int]

  /// The table of a workload; linear in its steps, values and inputs. With `transfer`, the FLOPs
  /// that a byte moved to the slower tier, or back, is worth, it has fetches.
  init(_ workload: Workload, transfer: Double? = nil) {
    let steps = workload.steps
    self.transfer = transfer
    count = steps.count
    forwardCount = workload.forwardCount
    valueCount = workload.valueCount
    forwardValueCount = workload.forwardValueCount
    let results = steps.flatMap(\.results)
    bytes = results.map(\.bytes)
    isResult = results.map(\.isResult)
    let fetched = transfer == nil ? 0..<0 : results.indices
    moveCount = steps.count + fetched.count
    made = steps.map { step in step.results.reduce(0) { $0 + $1.bytes } } + bytes[fetched]
    scratch = steps.map(\.scratch) + fetched.map { _ in 0 }
    let prices = fetched.map { (transfer ?? 0) * Double(results[$0].bytes) }
    cost = steps.map(\.cost) + prices.map { Int(min($0.rounded(), Self.dearest)) }
    phases = steps.map(\.phase) + fetched.map { _ in .forward }
    var makers: [Int] = []
    var valueStarts = [0]
    var starts = [0]
    var list: [Int] = []
    var reusableStarts = [0]
    var reusableList: [Int] = []
    makers.reserveCapacity(results.count)
    valueStarts.reserveCapacity(steps.count + 1)
    starts.reserveCapacity(steps.count + 1)
    reusableStarts.reserveCapacity(steps.count + 1)
    for number in steps.indices {
      // Reads fields of the step where it lies: copying one counts references.
      for _ in steps[number].results.indices { makers.append(number) }
      valueStarts.append(makers.count)
      list.append(contentsOf: steps[number].inputs)
      starts.append(list.count)
      if let first = steps[number].results.first?.bytes, !steps[number].reusable.isEmpty {
        for input in steps[number].inputs
        where steps[number].reusable.contains(input) && bytes[input] == first {
          reusableList.append(input)
        }
      }
      reusableStarts.append(reusableList.count)
    }
    self.makers = makers
    valueEnds = valueStarts.dropFirst() + fetched.map { $0 + 1 }
    valueStarts.removeLast()
    self.valueStarts = valueStarts + fetched
    starts += fetched.map { _ in list.count }
    reusableStarts += fetched.map { _ in reusableList.count }
    inputStarts = starts
    inputList = list
    self.reusableStarts = reusableStarts
    self.reusableList = reusableList
  }

  /// A price that no plan pays, and whose sums do not overflow.
  private static let dearest = 0x1p40

  /// The fetch of a value; `nil` where transfers have no price.
  @inline(__always)
  func fetch(of value: Int) -> Int? { count < moveCount ? count + value : nil }

  /// The step that makes a value.
  @inline(__always)
  func maker(of value: Int) -> Int { makers[value] }

  /// False for a step that computes nothing.
  func hasCost(_ step: Int) -> Bool { cost[step] > 0 }

  /// The values that a step, or a fetch, makes.
  @inline(__always)
  func values(of step: Int) -> Range<Int> { valueStarts[step]..<valueEnds[step] }

  /// Bytes of the first result of `step`, which may take over an input's storage; 0 for none.
  @inline(__always)
  func firstBytes(of step: Int) -> Int {
    let values = values(of: step)
    return values.isEmpty ? 0 : bytes[values.lowerBound]
  }

  /// Calls `body` with each value that `step` reads, in order.
  @inline(__always)
  func forEachInput(of step: Int, _ body: (Int) -> Void) {
    var place = inputStarts[step]
    let end = inputStarts[step + 1]
    while place < end {
      body(inputList[place])
      place += 1
    }
  }

  /// The values that `step` reads.
  func inputs(of step: Int) -> ArraySlice<Int> {
    inputList[inputStarts[step]..<inputStarts[step + 1]]
  }

  /// The inputs whose storage the first result of `step` may take over: permitted, and of equal
  /// bytes.
  func reusable(of step: Int) -> ArraySlice<Int> {
    reusableList[reusableStarts[step]..<reusableStarts[step + 1]]
  }

  /// True where `isFree` is of one of the inputs whose storage the first result may take over.
  @inline(__always)
  func mayReuse(in step: Int, _ isFree: (Int) -> Bool) -> Bool {
    var place = reusableStarts[step]
    let end = reusableStarts[step + 1]
    while place < end {
      if isFree(reusableList[place]) { return true }
      place += 1
    }
    return false
  }

  /// Whether a value may be forgotten and made again: it is a forward step's, takes bytes, and
  /// nothing outside needs it.
  func isEvictable(_ value: Int) -> Bool {
    value < forwardValueCount && !isResult[value] && bytes[value] > 0
  }

  /// For each value, the steps that read it, ascending: flat, with the start of each.
  func users() -> (starts: [Int], list: [Int]) {
    var starts = Array(repeating: 0, count: valueCount + 1)
    for input in inputList { starts[input + 1] += 1 }
    for value in 0..<valueCount { starts[value + 1] += starts[value] }
    var next = starts
    var list = Array(repeating: 0, count: inputList.count)
    for step in 0..<count {
      forEachInput(of: step) { input in
        list[next[input]] = step
        next[input] += 1
      }
    }
    return (starts, list)
  }
}
