/// A list. To the language it is a value: who holds one never sees it change, since what is held
/// twice is copied before it is changed.
package final class List: Owned {
  /// The elements, and those that longer lists made by `appending` have behind them.
  private final class Buffer {
    var elements: [Value]
    /// How many lists of each length share the elements; empty while only one ever had them.
    var holders: [Int: Int] = [:]
    /// How many lists of each length names lead to.
    var owned: [Int: Int] = [:]
    /// The length of the longest of those: so many elements are counted, once for all the lists.
    var ownedLength = 0
    /// The search of `AnsShare` that met a list of these elements last.
    var ansSearch = 0

    init(_ elements: [Value]) { self.elements = elements }

    /// A list of a length goes away: what only it reached goes with it.
    func leave(_ length: Int) {
      let left = holders[length, default: 1] - 1
      holders[length] = left > 0 ? left : nil
      var reached = elements.count
      while reached > 0, holders[reached] == nil { reached -= 1 }
      guard !holders.isEmpty, reached < elements.count else { return }
      // What goes may be a list of these very elements: it goes once they are as they will be.
      let gone = Array(elements[reached...])
      elements.removeLast(gone.count)
      withExtendedLifetime(gone) {}
    }
  }

  private var buffer: Buffer
  /// How often it was copied so that it could be changed.
  private(set) var copies = 0
  /// How many elements it has.
  package private(set) var count: Int
  /// How deep lists and layers are nested in it: 1 for a list of plain values.
  package private(set) var depth: Int
  /// True where a variable may be behind an element.
  private(set) var mayLeadToVariables: Bool

  /// A list that shares its elements with no other.
  package init(_ elements: [Value]) {
    buffer = Buffer(elements)
    count = elements.count
    depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
    mayLeadToVariables = elements.contains(where: \.mayLeadToVariables)
  }

  private init(_ buffer: Buffer, count: Int, depth: Int, mayLeadToVariables: Bool) {
    self.buffer = buffer
    self.count = count
    self.depth = depth
    self.mayLeadToVariables = mayLeadToVariables
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
      grown, count: length, depth: max(depth, 1 + (more.lazy.map(\.depth).max() ?? 0)),
      mayLeadToVariables: mayLeadToVariables || more.contains(where: \.mayLeadToVariables))
  }

  /// Changes the element at a place of a list that nobody else holds; where somebody does, of a
  /// copy, which takes its place. `body` leaves the element as it was where it throws.
  static func change(
    _ list: inout List, at place: Int, _ body: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    makeOurs(&list)
    try body(&list.buffer.elements[place])
    let element = list.buffer.elements[place]
    list.depth = max(list.depth, element.depth + 1)
    list.mayLeadToVariables = list.mayLeadToVariables || element.mayLeadToVariables
  }

  /// Gives the element at a place another value, both plain; of a copy where somebody else holds
  /// the list, which takes its place.
  static func replace(_ list: inout List, at place: Int, by value: Value) {
    makeOurs(&list)
    list.buffer.elements[place] = value
  }

  /// One more element, where nobody else holds the list and it stays within so many; false where
  /// that is not so, and nothing is done. The element is no list.
  static func append(_ element: Value, to list: inout List, most: Int) -> Bool {
    guard isKnownUniquelyReferenced(&list), isKnownUniquelyReferenced(&list.buffer),
      list.owners == 0, list.buffer.ownedLength == 0,
      list.count == list.buffer.elements.count, list.count < most
    else { return false }
    if !list.buffer.holders.isEmpty { list.buffer.holders = [:] }
    list.buffer.elements.append(element)
    list.count += 1
    list.mayLeadToVariables = list.mayLeadToVariables || element.mayLeadToVariables
    return true
  }

  /// Puts a copy in the place of a list that somebody else holds, or that shares its elements.
  @inline(__always)
  private static func makeOurs(_ list: inout List) {
    if !isKnownUniquelyReferenced(&list) || !isKnownUniquelyReferenced(&list.buffer)
      || list.count != list.buffer.elements.count
    {
      let copies = list.copies + 1
      list = List(list.elements)
      list.copies = copies
    }
  }

  // MARK: Owners

  override func forEachPart(_ visit: (Owned) -> Void) { parts(0..<count, visit) }

  private func parts(_ places: Range<Int>, _ visit: (Owned) -> Void) {
    for place in places { if let part = buffer.elements[place].owned { visit(part) } }
  }

  override func gain(_ visit: (Owned) -> Void) {
    buffer.owned[count, default: 0] += 1
    guard count > buffer.ownedLength else { return }
    parts(buffer.ownedLength..<count, visit)
    buffer.ownedLength = count
  }

  override func lose(_ visit: (Owned) -> Void) {
    let left = buffer.owned[count, default: 1] - 1
    buffer.owned[count] = left > 0 ? left : nil
    while buffer.ownedLength > 0, buffer.owned[buffer.ownedLength] == nil {
      buffer.ownedLength -= 1
      parts(buffer.ownedLength..<buffer.ownedLength + 1, visit)
    }
  }

  override func forEachUnownedPart(_ visit: (Owned) -> Void) {
    parts(min(buffer.ownedLength, count)..<count, visit)
  }

  /// How far a search has come in the elements that lists share.
  struct Reach {
    fileprivate var taken: [Int: Int] = [:]
    fileprivate var length: Int?
  }

  /// What it shares with other lists, which is one object.
  var share: ObjectIdentifier { ObjectIdentifier(buffer) }

  /// The search of `AnsShare` that met it, or a list that shares its elements, last.
  var ansSearchOfShare: Int {
    get { buffer.ansSearch }
    set { buffer.ansSearch = newValue }
  }

  /// A search takes the list off the count: hands over what the elements of the lists that it took
  /// hold and no other list that names lead to has.
  func take(from reach: inout Reach, _ visit: (Owned) -> Void) {
    var length = reach.length ?? buffer.ownedLength
    reach.taken[count, default: 0] += 1
    while length > 0, buffer.owned[length, default: 0] <= reach.taken[length, default: 0] {
      length -= 1
      parts(length..<length + 1, visit)
    }
    reach.length = length
  }
}
