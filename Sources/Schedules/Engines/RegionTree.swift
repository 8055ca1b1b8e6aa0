/// The regions of a workload as a tree, and what a replay of each runs.
struct RegionTree {
  private let parents: [Int?]
  private let depths: [Int]
  private let members: [[Int]]
  private let regions: [Int?]
  /// Of each forward step: how many of the regions around it, outermost first, drop its values;
  /// the next one saves them, or there is none.
  private let dropping: [Int]

  /// The tree of a workload's regions; the table is the workload's.
  init(_ workload: Workload, _ table: StepTable) {
    let parents = workload.regions.map(\.parent)
    var depths = Array(repeating: 0, count: parents.count)
    for region in parents.indices {
      depths[region] = Self.path(to: parents[region], parents).count
    }
    let forward = workload.steps[..<table.forwardCount]
    var members = Array(repeating: [Int](), count: parents.count)
    var dropping: [Int] = []
    for (number, step) in forward.enumerated() {
      let path = Self.path(to: step.region, parents)
      let dropped = path.prefix { !workload.regions[$0].saves(step) }
      for region in dropped { members[region].append(number) }
      dropping.append(dropped.count)
    }
    self.parents = parents
    self.depths = depths
    self.members = members
    self.dropping = dropping
    regions = forward.map(\.region)
  }

  /// The forward steps that a replay of a region runs, in order: all that lie in it, nested regions
  /// included, without those whose values it or a region around it saves.
  func steps(of region: Int) -> [Int] { members[region] }

  /// The regions that must have been replayed, outermost first, before the backward of something
  /// whose innermost region is `home` can read what a forward step makes: those around both, up to
  /// the first that saves it.
  func replays(toRead step: Int, from home: Int?) -> ArraySlice<Int> {
    Self.path(to: common(regions[step], home), parents).prefix(dropping[step])
  }

  /// The innermost region around both; `nil` for the outside.
  private func common(_ first: Int?, _ second: Int?) -> Int? {
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
  private static func path(to region: Int?, _ parents: [Int?]) -> [Int] {
    var path: [Int] = []
    var current = region
    while let region = current, path.count <= parents.count {
      path.append(region)
      current = parents[region]
    }
    return path.reversed()
  }
}
