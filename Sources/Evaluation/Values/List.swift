/// A list. To the language it is a value: who holds one never sees it change, since what is held
/// twice is copied before it is changed.
package final class List {
  /// The elements, and those that longer lists made by `appending` have behind them.
  private final class Buffer {
    var elements: [Value]
    /// How many lists of each length share the elements; empty while only one ever had them.
    var holders: [Int: Int] = [:]

    init(_ elements: [Value]) { self.elements = elements }

    /// A list of a length goes away: what only it reached goes with it.
    func leave(_ length: Int) {
      let left = holders[length, default: 1] - 1
      holders[length] = left > 0 ? left : nil
      var reached = elements.count
      while reached > 0, holders[reached] == nil { reached -= 1 }
      if !holders.isEmpty, reached < elements.count {
        elements.removeLast(elements.count - reached)
      }
    }
  }

  private var buffer: Buffer
  /// How often it was copied so that it could be changed.
  private(set) var copies = 0
  /// How many elements it has.
  package private(set) var count: Int
  /// How deep lists and layers are nested in it: 1 for a list of plain values.
  package private(set) var depth: Int

  /// A list that shares its elements with no other.
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

  deinit { if !buffer.holders.isEmpty { buffer.leave(count) } }

  /// The elements in order. A copy where another list has grown from this one, so loops ask once.
  package var elements: [Value] {
    count == buffer.elements.count ? buffer.elements : Array(buffer.elements[..<count])
  }

  /// The element at a place from 0 to `count` − 1.
  package subscript(place: Int) -> Value { buffer.elements[place] }

  /// The list with more elements: each in constant time over many calls, since the latest list that
  /// grew from another shares its elements.
  package func appending(_ more: [Value]) -> List {
    let isLatest = count == buffer.elements.count
    let grown = isLatest ? buffer : Buffer(elements)
    if grown.holders.isEmpty, isLatest { grown.holders[count] = 1 }
    grown.elements += more
    let length = count + more.count
    if isLatest { grown.holders[length, default: 0] += 1 }
    return List(
      grown, count: length, depth: max(depth, 1 + (more.lazy.map(\.depth).max() ?? 0)))
  }

  /// Changes the element at a place of a list that nobody else holds; where somebody does, of a
  /// copy, which takes its place. `body` leaves the element as it was where it throws.
  static func change(
    _ list: inout List, at place: Int, _ body: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    if !isKnownUniquelyReferenced(&list) || !isKnownUniquelyReferenced(&list.buffer)
      || list.count != list.buffer.elements.count
    {
      let copies = list.copies + 1
      list = List(list.elements)
      list.copies = copies
    }
    try body(&list.buffer.elements[place])
    list.depth = max(list.depth, list.buffer.elements[place].depth + 1)
  }
}
