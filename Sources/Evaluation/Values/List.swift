/// A list. To the language it is a value: who holds one never sees it change, since what is held
/// twice is copied before it is changed.
package final class List {
  /// The elements, and those that lists made by `appending` have behind them.
  private final class Buffer {
    var elements: [Value]

    init(_ elements: [Value]) { self.elements = elements }
  }

  private var buffer: Buffer
  /// How many elements it has.
  package private(set) var count: Int
  /// How deep lists and layers are nested in it: 1 for a list of plain values.
  package private(set) var depth: Int

  package init(_ elements: [Value]) {
    buffer = Buffer(elements)
    count = elements.count
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
  }

  private init(_ buffer: Buffer, count: Int, depth: Int) {
    self.buffer = buffer
    self.count = count
    self.depth = depth
  }

  /// The elements in order. A copy where another list has grown from this one, so loops ask once.
  package var elements: [Value] {
    count == buffer.elements.count ? buffer.elements : Array(buffer.elements[..<count])
  }

  /// The element at a place from 0 to `count` − 1.
  package subscript(place: Int) -> Value { buffer.elements[place] }

  /// The list with one more element: in constant time over many calls, since the latest list that
  /// grew from another shares its elements.
  package func appending(_ element: Value) -> List {
    let grown = count == buffer.elements.count ? buffer : Buffer(elements)
    grown.elements.append(element)
    return List(grown, count: count + 1, depth: max(depth, element.depth + 1))
  }

  /// Changes the element at a place of a list that nobody else holds; where somebody does, of a
  /// copy, which takes its place. `body` leaves the element as it was where it throws.
  static func change(
    _ list: inout List, at place: Int, _ body: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    if !isKnownUniquelyReferenced(&list) || !isKnownUniquelyReferenced(&list.buffer)
      || list.count != list.buffer.elements.count
    {
      list = List(list.elements)
    }
    try body(&list.buffer.elements[place])
    list.depth = max(list.depth, list.buffer.elements[place].depth + 1)
  }
}
