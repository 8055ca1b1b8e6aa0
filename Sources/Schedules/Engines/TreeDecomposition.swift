import HeapModule

/// A tree decomposition of an undirected graph, by eliminating a vertex of least degree again and
/// again.
///
/// Eliminating a vertex joins all its neighbours to each other. The vertex and the neighbours that
/// it has then, which are eliminated later, are its *bag*; the bags are the nodes of the tree, and
/// the parent of a bag is that of the first of those neighbours. On a part of the graph the same
/// order gives a decomposition whose bags are the parts of these in it.
struct TreeDecomposition {
  /// When each vertex is eliminated.
  private let rank: [Int]
  /// Of each vertex: the rest of its bag.
  private let later: [[Int]]
  /// Vertices of the largest bag, less one.
  let width: Int

  /// Of a graph by the neighbours of each vertex, both ways round.
  ///
  /// Throws `.cancelled` where the planning is to stop.
  init(_ graph: [Set<Int>]) throws(ScheduleError) {
    var neighbours = graph
    var rank = Array(repeating: -1, count: graph.count)
    var later = Array(repeating: [Int](), count: graph.count)
    var queue = Heap(graph.indices.map { Candidate(degree: graph[$0].count, vertex: $0) })
    var pace = Planning.Pace()
    var next = 0
    while let candidate = queue.popMin() {
      let vertex = candidate.vertex
      // Entries whose degree has changed since have newer ones.
      guard rank[vertex] < 0, candidate.degree == neighbours[vertex].count else { continue }
      if candidate.degree == graph.count - next - 1 {
        // The least degree: all that is left is joined to all, and goes in its order.
        let rest = rank.indices.filter { rank[$0] < 0 }
        for (place, vertex) in rest.enumerated() {
          try pace.count(rest.count)
          rank[vertex] = next + place
          later[vertex] = Array(rest[(place + 1)...])
        }
        break
      }
      let bag = neighbours[vertex].sorted()
      try pace.count(bag.count * bag.count + 1)
      rank[vertex] = next
      later[vertex] = bag
      next += 1
      for neighbour in bag {
        let degree = neighbours[neighbour].count
        neighbours[neighbour].formUnion(bag)
        neighbours[neighbour].remove(neighbour)
        neighbours[neighbour].remove(vertex)
        if neighbours[neighbour].count != degree {
          queue.insert(Candidate(degree: neighbours[neighbour].count, vertex: neighbour))
        }
      }
      neighbours[vertex] = []
    }
    width = later.lazy.map(\.count).max() ?? 0
    self.rank = rank
    self.later = later
  }

  /// A vertex to eliminate, those of least degree first.
  private struct Candidate: Comparable {
    let degree: Int
    let vertex: Int

    static func < (one: Candidate, other: Candidate) -> Bool {
      (one.degree, one.vertex) < (other.degree, other.vertex)
    }
  }

  /// The vertices of a set divided by a bag.
  struct Division {
    /// The bag, as far as it lies in the set, ascending.
    var bag: [Int]
    /// The connected parts without it, each ascending.
    var parts: [[Int]]
  }

  /// Divides the largest connected part of a set, given ascending, by the bag that leaves least
  /// together: no part without it has more than half of that one. The vertices of `also` are taken
  /// out with the bag.
  func divide(_ set: [Int], also: [Int]) -> Division {
    let places = Dictionary(uniqueKeysWithValues: set.enumerated().map { ($1, $0) })
    /// The rest of each bag in the set, by places.
    let bags = set.map { vertex in later[vertex].compactMap { places[$0] } }
    let middle = center(set, bags)
    var isOut = Array(repeating: false, count: set.count)
    isOut[middle] = true
    for place in bags[middle] { isOut[place] = true }
    for vertex in also { if let place = places[vertex] { isOut[place] = true } }
    var parts = Parts(count: set.count)
    for place in set.indices where !isOut[place] {
      for other in bags[place] where !isOut[other] { parts.join(place, other) }
    }
    var numbers: [Int: Int] = [:]
    var division = Division(bag: [], parts: [])
    for place in set.indices {
      guard !isOut[place] else {
        division.bag.append(set[place])
        continue
      }
      let root = parts.root(place)
      if let number = numbers[root] {
        division.parts[number].append(set[place])
      } else {
        numbers[root] = division.parts.count
        division.parts.append([set[place]])
      }
    }
    return division
  }

  /// The place whose bag leaves least together of the largest tree; of equals the smallest bag,
  /// then the first.
  private func center(_ set: [Int], _ bags: [[Int]]) -> Int {
    let order = set.indices.sorted { rank[set[$0]] < rank[set[$1]] }
    /// The first of the bag to be eliminated; the place itself at a root.
    let parents = bags.indices.map { place in
      bags[place].min { rank[set[$0]] < rank[set[$1]] } ?? place
    }
    var below = Array(repeating: 1, count: set.count)
    var heaviest = Array(repeating: 0, count: set.count)
    for place in order where parents[place] != place {
      below[parents[place]] += below[place]
      heaviest[parents[place]] = max(heaviest[parents[place]], below[place])
    }
    var roots = parents
    for place in order.reversed() where parents[place] != place {
      roots[place] = roots[parents[place]]
    }
    let total = below.indices.lazy.filter { parents[$0] == $0 }.map { below[$0] }.max() ?? 0
    func left(_ place: Int) -> (Int, Int, Int) {
      (max(heaviest[place], total - below[place]), bags[place].count, place)
    }
    let largest = set.indices.filter { below[roots[$0]] == total }
    return largest.min { left($0) < left($1) } ?? 0
  }

  /// Places joined into connected parts.
  private struct Parts {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(_ place: Int) -> Int {
      var place = place
      while parents[place] != place {
        parents[place] = parents[parents[place]]
        place = parents[place]
      }
      return place
    }

    mutating func join(_ one: Int, _ other: Int) {
      let (one, other) = (root(one), root(other))
      parents[max(one, other)] = min(one, other)
    }
  }
}
