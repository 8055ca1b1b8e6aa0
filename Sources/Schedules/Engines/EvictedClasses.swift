/// Classes of evicted values that touch, with the sum of their costs: union-find whose members
/// leave by their cost alone, as in Kirisame et al. 2021, appendix C.1.
struct EvictedClasses {
  private let table: StepTable
  private let users: (starts: [Int], list: [Int])
  private var isEvicted: [Bool]
  private var parents: [Int]
  private var costs: [Double]
  private var mark: [Int]
  private var markNow = 0

  /// Classes for the values of a table: each alone, at no cost; nothing evicted.
  init(_ table: StepTable, users: (starts: [Int], list: [Int])) {
    self.table = table
    self.users = users
    isEvicted = Array(repeating: false, count: table.valueCount)
    parents = Array(0..<table.valueCount)
    costs = Array(repeating: 0, count: table.valueCount)
    mark = Array(repeating: 0, count: table.valueCount)
  }

  /// A value was evicted: its cost joins its class, and its class those of its evicted neighbours.
  mutating func evict(_ value: Int) {
    isEvicted[value] = true
    costs[root(value)] += Double(table.cost[table.makers[value]])
    forEachNeighbour(of: value) { classes, neighbour in classes.join(value, neighbour) }
  }

  /// A value was brought back: takes its cost off its class, which it stays a member of.
  mutating func enter(_ value: Int) {
    guard isEvicted[value] else { return }
    isEvicted[value] = false
    costs[root(value)] -= Double(table.cost[table.makers[value]])
  }

  /// FLOPs of a value's own step and of the classes, each once, of its evicted neighbours.
  mutating func cost(around value: Int) -> Double {
    markNow += 1
    var sum = Double(table.cost[table.makers[value]])
    forEachNeighbour(of: value) { classes, neighbour in
      let root = classes.root(neighbour)
      guard classes.mark[root] != classes.markNow else { return }
      classes.mark[root] = classes.markNow
      sum += max(0, classes.costs[root])
    }
    return sum
  }

  /// The evicted values next to this one: those its step reads, and those made from it.
  @inline(__always)
  private mutating func forEachNeighbour(
    of value: Int, _ body: (inout EvictedClasses, Int) -> Void
  ) {
    for input in table.inputs(of: table.makers[value]) where isEvicted[input] { body(&self, input) }
    for place in users.starts[value]..<users.starts[value + 1] {
      for made in table.values(of: users.list[place]) where isEvicted[made] { body(&self, made) }
    }
  }

  /// The member that stands for the class of a value; halves the paths it walks.
  private mutating func root(_ value: Int) -> Int {
    var current = value
    while parents[current] != current {
      parents[current] = parents[parents[current]]
      current = parents[current]
    }
    return current
  }

  private mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (root(first), root(second))
    guard a != b else { return }
    parents[b] = a
    costs[a] += costs[b]
  }
}
