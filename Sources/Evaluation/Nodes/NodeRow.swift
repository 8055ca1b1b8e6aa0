/// Nodes in a row, such as the statements of a block: read without counting references, which in a
/// row of Swift costs more than evaluating a small node does.
final class NodeRow {
  /// The nodes, which somebody else holds.
  struct Nodes {
    /// How many there are.
    let count: Int
    fileprivate let base: UnsafeMutablePointer<Unmanaged<CodeNode>>

    /// Evaluates the node at a place from 0 to `count` − 1.
    @inline(__always)
    func evaluate(_ place: Int, _ frame: Frame) throws(Fault) -> Value {
      try base[place].evaluate(frame)
    }
  }

  /// The nodes, as long as the row is there.
  let nodes: Nodes
  private let held: [CodeNode]

  /// The nodes in their order.
  init(_ nodes: [CodeNode]) {
    held = nodes
    let base = UnsafeMutablePointer<Unmanaged<CodeNode>>.allocate(capacity: nodes.count)
    for (place, node) in nodes.enumerated() {
      (base + place).initialize(to: .passUnretained(node))
    }
    self.nodes = Nodes(count: nodes.count, base: base)
  }

  deinit { nodes.base.deallocate() }

  /// How many there are.
  var count: Int { nodes.count }

  /// Evaluates the node at a place from 0 to `count` − 1.
  @inline(__always)
  func evaluate(_ place: Int, _ frame: Frame) throws(Fault) -> Value {
    try nodes.evaluate(place, frame)
  }
}

extension Unmanaged {
  /// Calls `body` with the object, which somebody else holds meanwhile: it is not counted.
  @inline(__always)
  func borrow<Success>(
    _ body: (Instance) throws(Fault) -> Success
  ) throws(Fault) -> Success {
    let result = _withUnsafeGuaranteedRef { object -> Result<Success, Fault> in
      do throws(Fault) {
        return .success(try body(object))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

extension Unmanaged<CodeNode> {
  /// Evaluates the node, which somebody else holds.
  @inline(__always)
  func evaluate(_ frame: Frame) throws(Fault) -> Value {
    try borrow { (node) throws(Fault) in try node.evaluate(frame) }
  }
}
