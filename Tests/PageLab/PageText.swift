/// A check that elements are closed in the order in which they are opened.
package enum PageText {
  private static let void: Set<Substring> = ["meta", "br", "path", "circle", "polygon", "polyline"]

  /// True where every element of an HTML text is closed.
  package static func isClosed(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: /<(\/?)([a-z][a-z0-9]*)[^>]*>/) {
      let name = tag.2
      if void.contains(name) { continue }
      if tag.1.isEmpty { open.append(name) } else if open.popLast() != name { return false }
    }
    return open.isEmpty
  }
}
