/// Whole numbers along a row of places, of which each may be linked to the next: sums over linked
/// places, and where they end, in steps that grow with the logarithm of the row.
struct LinkedSums {
  private let leaves: Int
  /// Of each node of a binary tree over the row: the sum from its first place to the first that is
  /// not linked, and whether all its places are linked.
  private var sums: [Int]
  private var isLinked: [Bool]

  /// A row of so many places: zeros, unlinked.
  init(_ count: Int) {
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    sums = Array(repeating: 0, count: 2 * leaves)
    isLinked = Array(repeating: false, count: 2 * leaves)
  }

  /// Sets the number of a place, and whether it is linked to the next.
  mutating func set(_ place: Int, _ number: Int, isLinked linked: Bool) {
    var node = leaves + place
    var (sum, all) = (number, linked)
    while sums[node] != sum || isLinked[node] != all {
      sums[node] = sum
      isLinked[node] = all
      node /= 2
      guard node > 0 else { return }
      let (left, right) = (2 * node, 2 * node + 1)
      sum = sums[left] + (isLinked[left] ? sums[right] : 0)
      all = isLinked[left] && isLinked[right]
    }
  }

  /// The sum from a place to the first, from there on, that is not linked; both ends count.
  func sum(from place: Int) -> Int {
    var node = leaves + place
    var total = sums[node]
    guard isLinked[node] else { return total }
    while node > 1 {
      if node % 2 == 0 {
        total += sums[node + 1]
        if !isLinked[node + 1] { break }
      }
      node /= 2
    }
    return total
  }

  /// The first place, from this one on, that is not linked; past the row where all are.
  func end(from place: Int) -> Int {
    var node = leaves + place
    guard isLinked[node] else { return place }
    while node > 1 {
      if node % 2 == 0, !isLinked[node + 1] {
        node += 1
        while node < leaves { node = isLinked[2 * node] ? 2 * node + 1 : 2 * node }
        return node - leaves
      }
      node /= 2
    }
    return leaves
  }
}
