/// Grows a graph, one operation at a time. Each is checked by the shape rule as it arrives.
package struct GraphBuilder {
  package private(set) var graph = Graph()
  /// The region that new nodes belong to.
  package private(set) var region: Int?

  package init() {}
}
