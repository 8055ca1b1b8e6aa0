package import Graphs

/// Which values of a workload hold the results of a joint graph's nodes.
package struct ValueNumbers: Sendable {
  /// Of each node: the first; below 0 where its results stay inside of a step.
  private var firsts: [Int32]

  /// Those of the nodes of `graph` that end steps, step by step; their numbers go up with the
  /// steps.
  init(_ graph: Graph, ending steps: [Int]) {
    firsts = Array(repeating: -1, count: graph.nodes.count)
    for last in steps {
      firsts[last] = Int32(count)
      count += graph.nodes[last].results.count
    }
  }

  /// Values in all.
  private(set) var count = 0

  /// The first value of a node; `nil` for none.
  func first(of node: Int) -> Int? { firsts[node] < 0 ? nil : Int(firsts[node]) }

  /// The value that an operand reads; `nil` for an input, and inside of a step.
  package func value(of operand: Operand) -> Int? {
    operand.node.flatMap(first).map { $0 + operand.result }
  }
}
