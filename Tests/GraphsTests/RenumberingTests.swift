import Graphs
import Testing

struct RenumberingTests {
  /// A node that reads nodes 0 and 2 and differentiates node 2.
  private func node() -> Node {
    Node(
      operation: .binary(.add),
      operands: [0, 2].map { Operand(.node($0), shape: [4], dtype: .f32) },
      results: [], differentiates: 2)
  }

  /// Node 0 stays, node 1 is gone, node 2 moves.
  private var renumbering: Renumbering {
    var renumbering = Renumbering()
    for number in [0, nil, 5] { renumbering.append(number) }
    return renumbering
  }

  @Test func `a node follows those that it reads`() {
    var node = node()
    Node.renumber(&node, renumbering)
    #expect(node.operands.map(\.node) == [0, 5])
    #expect(node.differentiates == 5)
  }

  @Test func `one that is held elsewhere stays there as it was`() {
    var node = node()
    let held = node
    Node.renumber(&node, renumbering)
    #expect(node.operands.map(\.node) == [0, 5])
    #expect(held.operands.map(\.node) == [0, 2])
    #expect(held.differentiates == 2)
  }

  @Test func `nodes that are left are counted`() {
    #expect(renumbering.remaining(ofFirst: 2) == 1)
    #expect(renumbering.remaining(ofFirst: 3) == 2)
    #expect(Renumbering(unmoved: 3)[2] == 2)
  }
}
