/// The labels of a schedule's steps, all in one block of memory: they stay while a network trains,
/// and thousands of small blocks would keep whole pages of what is gone.
package struct StepLabels: ExpressibleByArrayLiteral {
  private var bytes: [UInt8] = []
  /// Where each ends.
  private var ends: [UInt32] = []

  /// Those of no step.
  package init() {}

  /// Those of steps in the order of their numbers.
  package init(_ labels: some Collection<String>) {
    ends.reserveCapacity(labels.count)
    bytes.reserveCapacity(labels.count * 12)
    for label in labels {
      bytes.append(contentsOf: label.utf8)
      ends.append(UInt32(bytes.count))
    }
  }

  /// `["matmul#3", "relu#5"]`.
  package init(arrayLiteral labels: String...) { self.init(labels) }

  /// The label of a step; `nil` where there is no such step.
  package subscript(step: Int) -> String? {
    guard ends.indices.contains(step) else { return nil }
    let start = step == 0 ? 0 : Int(ends[step - 1])
    return String(decoding: bytes[start..<Int(ends[step])], as: UTF8.self)
  }
}
