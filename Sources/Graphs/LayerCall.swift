/// A call of a layer, around what it computes.
package struct LayerCall: Hashable, Sendable {
  /// The name that the layer was declared with: `attention`; empty for a function in a chain.
  package let kind: String
  /// The layer as a learner reaches it: `net.layers[3]`; empty where no name leads to it.
  package let path: String
  /// From 1, in the order of the calls of a block.
  package let number: Int

  /// The call of this number in its block.
  package init(kind: String, path: String, number: Int) {
    self.kind = kind
    self.path = path
    self.number = number
  }
}
