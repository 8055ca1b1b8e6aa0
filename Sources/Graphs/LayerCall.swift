/// A call of a layer, around what it computes.
///
/// What is computed in it holds it, and it holds the call around it: to say where a node comes from
/// is one reference, however deep the layers are nested.
package final class LayerCall: Sendable {
  /// The name that the layer was declared with: `attention`; empty for a function in a chain.
  package let kind: String
  /// From 1, in the order of the calls of a block.
  package let number: Int
  /// The call around it; `nil` for none.
  package let outer: LayerCall?
  /// How the layer is reached, or the chain whose element it is.
  private let root: String
  /// Below 0 where it is no element.
  private let element: Int

  /// A call of this number in its block, of a layer that is reached by `path`; of its element
  /// `element` where that is a function.
  package init(
    kind: String, path: String, element: Int? = nil, number: Int, in outer: LayerCall?
  ) {
    self.kind = kind
    self.number = number
    self.outer = outer
    root = path
    self.element = element ?? -1
  }

  /// The layer as a learner reaches it: `net.layers[3]`; empty where no name leads to it.
  package var path: String { element < 0 ? root : "\(root).layers[\(element)]" }
}

extension LayerCall: Hashable {
  package static func == (a: LayerCall, b: LayerCall) -> Bool {
    a === b
      || a.number == b.number && a.kind == b.kind && a.root == b.root && a.element == b.element
        && a.outer == b.outer
  }

  /// Of the calls around it only the number: nearly always it tells them apart.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(number)
    hasher.combine(kind)
    hasher.combine(root)
    hasher.combine(element)
    hasher.combine(outer?.number)
  }
}
