/// The numbers of a workload laid out flat, for the inner loops of planning.
struct StepTable: Sendable {
  let count: Int
  let forwardCount: Int
  let bytes: [Int]
  let scratch: [Int]
  let cost: [Int]
  let phases: [Step.Phase]
  let isResult: [Bool]
  private let inputStarts: [Int]
  private let inputList: [Int]
  private let reusableStarts: [Int]
  private let reusableList: [Int]

  init(_ workload: Workload) {
    let steps = workload.steps
    count = steps.count
    forwardCount = workload.forwardCount
    bytes = steps.map(\.bytes)
    scratch = steps.map(\.scratch)
    cost = steps.map(\.cost)
    phases = steps.map(\.phase)
    isResult = steps.map { $0.isResult && $0.phase != .update }
    var starts = [0]
    var list: [Int] = []
    var reusableStarts = [0]
    var reusableList: [Int] = []
    starts.reserveCapacity(steps.count + 1)
    reusableStarts.reserveCapacity(steps.count + 1)
    for step in steps {
      list.append(contentsOf: step.inputs)
      starts.append(list.count)
      if step.phase != .update {
        for input in step.inputs
        where step.reusable.contains(input) && steps[input].bytes == step.bytes {
          reusableList.append(input)
        }
      }
      reusableStarts.append(reusableList.count)
    }
    inputStarts = starts
    inputList = list
    self.reusableStarts = reusableStarts
    self.reusableList = reusableList
  }

  /// Calls `body` with each input of `step`, in order.
  @inline(__always)
  func forEachInput(of step: Int, _ body: (Int) -> Void) {
    var place = inputStarts[step]
    let end = inputStarts[step + 1]
    while place < end {
      body(inputList[place])
      place += 1
    }
  }

  /// The inputs of `step`.
  func inputs(of step: Int) -> ArraySlice<Int> {
    inputList[inputStarts[step]..<inputStarts[step + 1]]
  }

  /// The inputs whose storage `step` may take over: permitted, and of equal bytes.
  func reusable(of step: Int) -> ArraySlice<Int> {
    reusableList[reusableStarts[step]..<reusableStarts[step + 1]]
  }

  /// For each step, the last forward step that reads its value; the step itself where none does.
  func lastForwardUses() -> [Int] {
    var last = Array(0..<count)
    for step in 0..<forwardCount {
      forEachInput(of: step) { last[$0] = step }
    }
    return last
  }

  /// For each step, the steps that read its value, ascending: flat, with the start of each.
  func users() -> (starts: [Int], list: [Int]) {
    var starts = Array(repeating: 0, count: count + 1)
    for input in inputList { starts[input + 1] += 1 }
    for step in 0..<count { starts[step + 1] += starts[step] }
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
