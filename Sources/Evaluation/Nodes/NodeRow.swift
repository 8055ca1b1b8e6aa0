/// Nodes in a row, such as the statements of a block: read without counting references, which in a
/// row of Swift costs more than evaluating a small node does.
final class NodeRow {
  /// How many there are.
  let count: Int
  /// Holds them.
  private let nodes: [CodeNode]
  private let base: UnsafeMutablePointer<Unmanaged<CodeNode>>

  /// The nodes in their order.
  init(_ nodes: [CodeNode]) {
    self.nodes = nodes
    count = nodes.count
    base = .allocate(capacity: nodes.count)
    for (place, node) in nodes.enumerated() {
      (base + place).initialize(to: .passUnretained(node))
    }
  }

  deinit { base.deallocate() }

  /// Evaluates the node at a place from 0 to `count` − 1.
  @inline(__always)
  func evaluate(_ place: Int, _ frame: Frame) throws(Fault) -> Value {
    try base[place].evaluate(frame)
  }
}

extension Unmanaged<CodeNode> {
  /// Evaluates the node, which somebody else holds.
  @inline(__always)
  func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let result = _withUnsafeGuaranteedRef { node -> Result<Value, Fault> in
      do throws(Fault) {
        return .success(try node.evaluate(frame))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
