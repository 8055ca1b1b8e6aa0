/// Computes what is missing on demand: recursively, but on a list instead of the stack.
struct Rematerialization {
  private let table: StepTable
  /// Values that can be read now.
  private(set) var isAvailable: [Bool]
  /// The steps computed so far, repeats included.
  private(set) var order: [Int] = []

  /// Nothing computed, and nothing available.
  init(_ table: StepTable) {
    self.table = table
    isAvailable = Array(repeating: false, count: table.valueCount)
  }

  /// The order that computes all steps, forgets the forward values that `isSaved` is false for when
  /// the forward pass is over, and computes each again when the backward pass first reads it.
  static func order(_ table: StepTable, saving isSaved: (_ value: Int) -> Bool) -> [Int] {
    var run = Rematerialization(table)
    for step in 0..<table.forwardCount { run.compute(step) }
    for value in 0..<table.forwardValueCount where !isSaved(value) { run.drop(value) }
    for step in table.forwardCount..<table.count { run.compute(step) }
    return run.order
  }

  /// Forgets a value; the next need computes its step again.
  mutating func drop(_ value: Int) { isAvailable[value] = false }

  /// Computes the step, after whatever of its inputs is missing.
  mutating func compute(_ step: Int) {
    var pending = [step]
    while let next = pending.last {
      if next != step && table.values(of: next).allSatisfy({ isAvailable[$0] }) {
        pending.removeLast()
        continue
      }
      let missing = table.inputs(of: next).filter { !isAvailable[$0] }
      if missing.isEmpty {
        order.append(next)
        for value in table.values(of: next) { isAvailable[value] = true }
        pending.removeLast()
      } else {
        pending.append(contentsOf: missing.reversed().map { table.makers[$0] })
      }
    }
  }
}
