/// A list. To the language it is a value: who holds one never sees it change, since what is held
/// twice is copied before it is changed.
package final class List: Owned {
  /// The elements, and those that longer lists made by `appending` have behind them.
  private final class Buffer {
    var elements: [Value]
    /// How many lists of each length share the elements; empty while only one ever had them.
    var holders = LengthCounts()
    /// How many lists of each length names lead to.
    var owned = LengthCounts()
    /// The length of the longest of those: so many elements are counted, once for all the lists.
    var ownedLength = 0
    /// The search of `AnsShare` that met a list of these elements last.
    var ansSearch: Int32 = 0

    init(_ elements: [Value]) { self.elements = elements }

    /// A list of a length goes away: what only it reached goes with it.
    func leave(_ length: Int) {
      holders.remove(length)
      guard !holders.isEmpty, case let reached = holders.longest, reached < elements.count else {
        return
      }
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
    let behind = elements.behind
    depth = 1 + behind.depth
    mayLeadToVariables = behind.mayLeadToVariables
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

  /// The elements of a stretch of it.
  func part(_ stretch: Range<Int>) -> List { List(Array(buffer.elements[stretch])) }

  /// The list with more elements: each in constant time over many calls, since the latest list that
  /// grew from another shares its elements.
  package func appending(_ more: [Value]) -> List {
    let behind = more.behind
    return appending(
      more.count, depth: behind.depth, mayLeadToVariables: behind.mayLeadToVariables
    ) { $0 += more }
  }

  /// The same with one more.
  func appending(_ element: Value) -> List {
    appending(1, depth: element.depth, mayLeadToVariables: element.mayLeadToVariables) {
      $0.append(element)
    }
  }

  private func appending(
    _ more: Int, depth deepest: Int, mayLeadToVariables leads: Bool, _ grow: (inout [Value]) -> Void
  ) -> List {
    let isLatest = count == buffer.elements.count
    let grown = isLatest ? buffer : Buffer(elements)
    if grown.holders.isEmpty, isLatest { grown.holders.add(count) }
    grow(&grown.elements)
    if isLatest { grown.holders.add(count + more) }
    return List(
      grown, count: count + more, depth: max(depth, 1 + deepest),
      mayLeadToVariables: mayLeadToVariables || leads)
  }

  /// Changes the element at a place of a list that nobody else holds; where somebody does, of a
  /// copy, which takes its place. `body` leaves the element as it was where it throws.
  static func change(
    _ list: inout List, at place: Int, _ body: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    makeOurs(&list)
    try body(&list.buffer.elements[place])
    list.look(at: place)
  }

  /// Puts a plain value at a place of such a list; false outside it.
  @inline(__always)
  static func replace(_ list: inout List, at place: Int, by value: Value) -> Bool {
    guard place >= 0, place < list.count else { return false }
    makeOurs(&list)
    Unmanaged.passUnretained(list.buffer)._withUnsafeGuaranteedRef { $0.elements[place] = value }
    return true
  }

  /// The same of what cannot fail, and may do nothing: `body` gives false then.
  @inline(__always)
  static func change(
    _ list: inout List, at place: Int, _ body: (inout Value) -> Bool
  ) -> Bool {
    makeOurs(&list)
    let isDone = Unmanaged.passUnretained(list.buffer)._withUnsafeGuaranteedRef {
      body(&$0.elements[place])
    }
    list.look(at: place)
    return isDone
  }

  /// Another value may stand at a place: what is behind it is behind the list.
  @inline(__always)
  private func look(at place: Int) {
    if !buffer.elements[place].isPlain { lookBehind(buffer.elements[place]) }
  }

  private func lookBehind(_ element: Value) {
    depth = max(depth, element.depth + 1)
    mayLeadToVariables = mayLeadToVariables || element.mayLeadToVariables
  }

  /// One more element, where nobody else holds the list, none that shares its elements has as many,
  /// and it stays within so many; false where that is not so, and nothing is done.
  static func append(_ element: Value, to list: inout List, most: Int) -> Bool {
    guard isKnownUniquelyReferenced(&list), list.owners == 0, list.count < most,
      list.count == list.buffer.elements.count, list.buffer.owned[list.count] == 0,
      list.buffer.holders.isEmpty || list.buffer.holders.countOfLongest == 1
    else { return false }
    if !list.buffer.holders.isEmpty { list.buffer.holders.lengthenLast() }
    Unmanaged.passUnretained(list.buffer)._withUnsafeGuaranteedRef { $0.elements.append(element) }
    list.count += 1
    if !element.isPlain { list.lookBehind(element) }
    return true
  }

  /// The list at a place, not counted: it lives as long as this one is held and not changed; `nil`
  /// where something else stands there.
  @inline(__always)
  func inner(_ place: Int) -> Unmanaged<List>? {
    if case .list(let list) = buffer.elements[place] { .passUnretained(list) } else { nil }
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
    buffer.owned.add(count)
    guard count > buffer.ownedLength else { return }
    parts(buffer.ownedLength..<count, visit)
    buffer.ownedLength = count
  }

  override func lose(_ visit: (Owned) -> Void) {
    buffer.owned.remove(count)
    while buffer.ownedLength > buffer.owned.longest {
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
  var ansSearchOfShare: Int32 {
    get { buffer.ansSearch }
    set { buffer.ansSearch = newValue }
  }

  /// A search takes the list off the count: hands over what the elements of the lists that it took
  /// hold and no other list that names lead to has.
  func take(from reach: inout Reach, _ visit: (Owned) -> Void) {
    var length = reach.length ?? buffer.ownedLength
    reach.taken[count, default: 0] += 1
    while length > 0, buffer.owned[length] <= reach.taken[length, default: 0] {
      length -= 1
      parts(length..<length + 1, visit)
    }
    reach.length = length
  }
}
