import Gradients
import Graphs
import Schedules

/// The nodes of a joint graph as steps, one each, of which only is asked what they read and make.
struct NodeSteps: StepReads {
  private let joint: JointGraph
  /// The first value of each node, and the number of values at the end.
  private var firstValues: [Int32] = [0]
  private var makers: [Int32] = []

  /// Those of a joint graph: a step for each node.
  init(_ joint: JointGraph) {
    self.joint = joint
    firstValues.reserveCapacity(joint.graph.nodes.count + 1)
    makers.reserveCapacity(joint.graph.nodes.reduce(0) { $0 + $1.results.count })
    for (number, node) in joint.graph.nodes.enumerated() {
      for _ in node.results { makers.append(Int32(number)) }
      firstValues.append(Int32(makers.count))
    }
  }

  var count: Int { joint.graph.nodes.count }
  var forwardCount: Int { joint.forwardCount }
  var valueCount: Int { makers.count }

  /// Where the elements of chains, and turns of loops, end.
  var marks: [Workload.Mark] {
    joint.graph.marks.map { Workload.Mark(step: $0.node, label: "", isElement: $0.isElement) }
  }

  func maker(of value: Int) -> Int { Int(makers[value]) }

  func values(of step: Int) -> Range<Int> {
    Int(firstValues[step])..<Int(firstValues[step + 1])
  }

  func forEachInput(of step: Int, _ body: (Int) -> Void) {
    for operand in joint.graph.nodes[step].operands {
      if let node = operand.node { body(Int(firstValues[node]) + operand.result) }
    }
  }

  func hasCost(_ step: Int) -> Bool {
    let node = joint.graph.nodes[step]
    return node.operation.cost(operands: node.operands, results: node.results) > 0
  }
}
