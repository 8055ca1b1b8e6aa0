/// Classes of evicted values that touch, with the sum of their costs: union-find whose members
/// leave by their cost alone, as in Kirisame et al. 2021, appendix C.1.
struct EvictedClasses {
  private var parents: [Int]
  private var costs: [Double]

  /// Classes for the values below `count`: each alone, at no cost.
  init(_ count: Int) {
    parents = Array(0..<count)
    costs = Array(repeating: 0, count: count)
  }

  /// The member that stands for the class of a value; halves the paths it walks.
  mutating func root(_ value: Int) -> Int {
    var current = value
    while parents[current] != current {
      parents[current] = parents[parents[current]]
      current = parents[current]
    }
    return current
  }

  /// Sum of the costs, in FLOPs, of the members of a class that are evicted; `root` stands for it.
  func cost(_ root: Int) -> Double { max(0, costs[root]) }

  /// Adds an evicted value's cost, in FLOPs, to its class.
  mutating func enter(_ value: Int, cost: Int) { costs[root(value)] += Double(cost) }

  /// Takes the cost of a value that was computed again off its class, which it stays a member of.
  mutating func leave(_ value: Int, cost: Int) { costs[root(value)] -= Double(cost) }

  /// Makes one class of the classes of two values.
  mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (root(first), root(second))
    guard a != b else { return }
    parents[b] = a
    costs[a] += costs[b]
  }
}
