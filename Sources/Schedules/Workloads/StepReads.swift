/// What steps read and make, by their numbers: all that crosses a point of the forward steps
/// follows from it.
package protocol StepReads {
  /// Number of steps.
  var count: Int { get }
  /// Number of the forward ones, which come first.
  var forwardCount: Int { get }
  /// Number of values.
  var valueCount: Int { get }
  /// The step that makes a value.
  func maker(of value: Int) -> Int
  /// The values that a step makes.
  func values(of step: Int) -> Range<Int>
  /// Calls `body` with each value that a step reads, once or more often.
  func forEachInput(of step: Int, _ body: (Int) -> Void)
  /// False for a step that computes nothing; asked of steps that read nothing.
  func hasCost(_ step: Int) -> Bool
}

extension StepReads {
  /// For each value, the last forward step that reads it; its maker where none does.
  func lastForwardUses() -> [Int32] {
    var last = (0..<valueCount).map { Int32(maker(of: $0)) }
    for step in 0..<forwardCount {
      forEachInput(of: step) { last[$0] = Int32(step) }
    }
    return last
  }
}

extension Workload: StepReads {
  package var count: Int { steps.count }

  package func forEachInput(of step: Int, _ body: (Int) -> Void) {
    for input in steps[step].inputs { body(input) }
  }

  package func hasCost(_ step: Int) -> Bool { steps[step].cost > 0 }
}
