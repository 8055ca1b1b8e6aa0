/// What steps read and make, by their numbers: all that crosses a point of the forward steps
/// follows from it.
protocol StepReads {
  /// Number of steps, and of the forward ones, which come first.
  var count: Int { get }
  var forwardCount: Int { get }
  /// Number of values.
  var valueCount: Int { get }
  /// The step that makes a value.
  func maker(of value: Int) -> Int
  /// The values that a step makes.
  func values(of step: Int) -> Range<Int>
  /// Calls `body` with each value that a step reads.
  func forEachInput(of step: Int, _ body: (Int) -> Void)
  /// False for a step that computes nothing; asked of steps that read nothing.
  func hasCost(_ step: Int) -> Bool
}

extension StepReads {
  /// For each value, the last forward step that reads it; its maker where none does.
  func lastForwardUses() -> [Int] {
    var last = (0..<valueCount).map(maker)
    for step in 0..<forwardCount {
      forEachInput(of: step) { last[$0] = step }
    }
    return last
  }
}

/// Steps of which nothing is known but what they read and make, and where elements of chains end.
/// It takes few bytes: it is made of graphs of any size, and looked at once.
package struct StepOutline: StepReads {
  /// Forward steps so far.
  package private(set) var forwardCount = 0
  /// Where the elements of chains, and turns of loops, end: as those of a workload, without labels.
  package let marks: [Workload.Mark]
  private var makers: [Int32] = []
  private var firstValues: [Int32] = [0]
  private var firstInputs: [Int32] = [0]
  private var inputs: [Int32] = []
  private var costs: [Bool] = []

  /// No step yet.
  package init(marks: [Workload.Mark]) { self.marks = marks }

  /// Steps so far.
  package var count: Int { costs.count }

  /// Values so far, which is the number of the next step's first.
  package var valueCount: Int { makers.count }

  /// A step more, which makes so many values and reads these, in any order, each once or more
  /// often. Forward steps come first. Of what reads nothing, `hasCost` says whether it computes.
  package mutating func append(
    reading values: some Sequence<Int>, making results: Int, isForward: Bool, hasCost: Bool
  ) {
    if isForward { forwardCount += 1 }
    for _ in 0..<results { makers.append(Int32(count)) }
    inputs.append(contentsOf: values.lazy.map { Int32($0) })
    costs.append(hasCost)
    firstValues.append(Int32(makers.count))
    firstInputs.append(Int32(inputs.count))
  }

  /// The step that makes a value.
  package func maker(of value: Int) -> Int { Int(makers[value]) }

  /// The values that a step makes.
  package func values(of step: Int) -> Range<Int> {
    Int(firstValues[step])..<Int(firstValues[step + 1])
  }

  func forEachInput(of step: Int, _ body: (Int) -> Void) {
    for place in Int(firstInputs[step])..<Int(firstInputs[step + 1]) { body(Int(inputs[place])) }
  }

  func hasCost(_ step: Int) -> Bool { costs[step] }
}

extension Workload {
  /// Its steps in outline.
  package var outline: StepOutline {
    var outline = StepOutline(marks: marks)
    for step in steps {
      outline.append(
        reading: step.inputs, making: step.results.count, isForward: step.phase == .forward,
        hasCost: step.cost > 0)
    }
    return outline
  }
}
