/// A network of edges with capacities, and a maximal flow through it: depth-first along edges with
/// room, back over those with flow.
struct MaximalFlow {
  /// Stands for no limit.
  static let unlimited = Int.max >> 8

  private struct Edge {
    var end: Int
    /// What may still flow; the flow itself is the room of the edge beside it.
    var room: Int
  }

  /// An edge and its reverse stand side by side.
  private var edges: [Edge] = []
  private var leaving: [[Int]]
  private var stamps: [Int]
  private var stamp = 0

  /// A network of so many nodes without edges.
  init(nodes: Int) {
    leaving = Array(repeating: [], count: nodes)
    stamps = Array(repeating: 0, count: nodes)
  }

  /// Adds an edge; gives its number.
  @discardableResult
  mutating func connect(_ start: Int, _ end: Int, _ capacity: Int) -> Int {
    leaving[start].append(edges.count)
    leaving[end].append(edges.count + 1)
    edges.append(Edge(end: end, room: capacity))
    edges.append(Edge(end: start, room: 0))
    return edges.count - 2
  }

  /// The flow over an edge, by its number.
  func flow(_ edge: Int) -> Int { edges[edge + 1].room }

  /// Sends what goes from one node to another; gives how much that was.
  mutating func fill(from source: Int, to sink: Int) -> Int {
    var sum = 0
    while true {
      stamp += 1
      let sent = send(Self.unlimited, source, sink)
      if sent == 0 { return sum }
      sum += sent
    }
  }

  private mutating func send(_ limit: Int, _ node: Int, _ sink: Int) -> Int {
    if node == sink { return limit }
    stamps[node] = stamp
    for edge in leaving[node] where edges[edge].room > 0 && stamps[edges[edge].end] != stamp {
      let sent = send(min(limit, edges[edge].room), edges[edge].end, sink)
      if sent > 0 {
        edges[edge].room -= sent
        edges[edge ^ 1].room += sent
        return sent
      }
    }
    return 0
  }
}
