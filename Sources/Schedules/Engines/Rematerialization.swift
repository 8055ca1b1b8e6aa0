/// Computes what is missing on demand: recursively, but on a list instead of the stack.
struct Rematerialization {
  private let table: StepTable
  /// Values that can be read now.
  private(set) var isAvailable: [Bool]
  private(set) var order: [Int] = []

  init(_ table: StepTable) {
    self.table = table
    isAvailable = Array(repeating: false, count: table.count)
  }

  /// Forgets a value; the next need computes it again.
  mutating func drop(_ step: Int) { isAvailable[step] = false }

  /// Computes the step, after whatever of its inputs is missing.
  mutating func compute(_ step: Int) {
    var pending = [step]
    while let next = pending.last {
      if next != step && isAvailable[next] {
        pending.removeLast()
        continue
      }
      let missing = table.inputs(of: next).filter { !isAvailable[$0] }
      if missing.isEmpty {
        order.append(next)
        isAvailable[next] = table.phases[next] != .update
        pending.removeLast()
      } else {
        pending.append(contentsOf: missing.reversed())
      }
    }
  }
}
