/// The regions of a workload as a tree.
struct RegionTree {
  private let parents: [Int?]
  private let depths: [Int]
  private let members: [[Int]]

  /// The tree of a workload's regions; the table is the workload's.
  init(_ workload: Workload, _ table: StepTable) {
    let parents = workload.regions.map(\.parent)
    var depths = Array(repeating: 0, count: parents.count)
    for region in parents.indices {
      var depth = 0
      var above = parents[region]
      while let parent = above, depth <= parents.count {
        depth += 1
        above = parents[parent]
      }
      depths[region] = depth
    }
    var members = Array(repeating: [Int](), count: parents.count)
    for step in 0..<table.forwardCount {
      var region = workload.steps[step].region
      while let current = region {
        members[current].append(step)
        region = parents[current]
      }
    }
    self.parents = parents
    self.depths = depths
    self.members = members
  }

  /// The forward steps of a region, its nested regions' included, in order.
  func steps(of region: Int) -> [Int] { members[region] }

  /// The innermost region around both; `nil` for the outside.
  func common(_ first: Int?, _ second: Int?) -> Int? {
    guard var first, var second else { return nil }
    while first != second {
      if depths[first] >= depths[second] {
        guard let parent = parents[first] else { return nil }
        first = parent
      } else {
        guard let parent = parents[second] else { return nil }
        second = parent
      }
    }
    return first
  }

  /// The regions around and with this one, outermost first.
  func path(to region: Int?) -> [Int] {
    var path: [Int] = []
    var current = region
    while let region = current {
      path.append(region)
      current = parents[region]
    }
    return path.reversed()
  }
}
