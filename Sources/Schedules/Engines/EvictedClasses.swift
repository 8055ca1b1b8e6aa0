/// Classes of evicted values that touch, with the sum of their costs: union-find whose members
/// leave by their cost alone, as in Kirisame et al. 2021, appendix C.1.
struct EvictedClasses {
  private var parents: [Int]
  private var costs: [Double]

  init(_ count: Int) {
    parents = Array(0..<count)
    costs = Array(repeating: 0, count: count)
  }

  mutating func root(_ value: Int) -> Int {
    var current = value
    while parents[current] != current {
      parents[current] = parents[parents[current]]
      current = parents[current]
    }
    return current
  }

  func cost(_ root: Int) -> Double { max(0, costs[root]) }

  mutating func enter(_ value: Int, cost: Int) { costs[root(value)] += Double(cost) }

  mutating func leave(_ value: Int, cost: Int) { costs[root(value)] -= Double(cost) }

  mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (root(first), root(second))
    guard a != b else { return }
    parents[b] = a
    costs[a] += costs[b]
  }
}
