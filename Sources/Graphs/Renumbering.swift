/// Where nodes have moved: of each by its old number, the new one.
package struct Renumbering: Sendable {
  // Below 0 for one that is gone. Of large graphs there are many: in few bytes.
  private var numbers: [Int32] = []

  /// That of no node; room for so many.
  package init(capacity: Int = 0) { numbers.reserveCapacity(capacity) }

  /// Each of so many nodes stays where it is.
  package init(unmoved count: Int) { numbers = (0..<Int32(count)).map(\.self) }

  /// `nil` for one that is gone.
  package subscript(node: Int) -> Int? { numbers[node] < 0 ? nil : Int(numbers[node]) }

  /// The next node has this number; `nil` for none.
  package mutating func append(_ number: Int?) { numbers.append(number.map(Int32.init) ?? -1) }

  /// How many of the first so many nodes are left.
  package func remaining(ofFirst count: Int) -> Int { numbers[..<count].count { $0 >= 0 } }
}
