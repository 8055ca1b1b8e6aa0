/// Values by key, in the order in which the keys came.
///
/// A table of places is searched from where the hash of a key points to, one place after the other;
/// nothing is ever taken out of it. The standard library's dictionary does not keep the order, and
/// one that does makes a key of each value that is looked up, which costs more than the search.
package struct DictionaryEntries {
  package typealias Key = DictionaryValue.Key

  private var storage = EntryStorage(capacity: 0)

  /// Without any.
  package init() {}

  /// How many there are.
  package var count: Int { storage.count }

  /// The keys, in order.
  package var keys: [Key] { Array(UnsafeBufferPointer(start: storage.keys, count: count)) }

  /// The values, in the order of the keys.
  package var values: [Value] { Array(UnsafeBufferPointer(start: storage.values, count: count)) }

  /// The value at a place from 0 to `count` − 1.
  @inline(__always)
  subscript(place place: Int) -> Value {
    Unmanaged.passUnretained(storage)._withUnsafeGuaranteedRef { $0.values[place] }
  }

  /// The value of a key; `nil` where it is not there.
  package subscript(key: Key) -> Value? { place(of: key).map { storage.values[$0] } }

  /// The place of a key; `nil` where it is not there.
  func place(of key: Key) -> Int? {
    switch key {
    case .string(let text): place(of: text)
    case .integer(let number): place(of: number)
    case .boolean(let flag): storage.find(EntryStorage.hash(flag)) { $0.isBoolean(flag) }
    }
  }

  /// The place of an integer among the keys.
  @inline(__always)
  func place(of number: Int) -> Int? {
    Unmanaged.passUnretained(storage)._withUnsafeGuaranteedRef {
      $0.find(EntryStorage.hash(number)) { $0.isInteger(number) }
    }
  }

  /// The place of a string among the keys.
  @inline(__always)
  func place(of text: Text) -> Int? {
    Unmanaged.passUnretained(storage)._withUnsafeGuaranteedRef {
      $0.find(text.hash) { $0.isString(text) }
    }
  }

  /// Adds a key that is not there, with its value.
  mutating func append(_ key: Key, _ value: Value) {
    makeOurs(capacity: count + 1)
    storage.append(key, value, EntryStorage.hash(key))
  }

  /// Lets `body` change the value at a place.
  @inline(__always)
  mutating func change<Result, Failure>(
    at place: Int, _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    makeOurs(capacity: count)
    let values = storage.values
    return try body(&values[place])
  }

  /// Them without the key at a place.
  func removing(_ place: Int) -> DictionaryEntries {
    var rest = DictionaryEntries()
    for other in 0..<count where other != place {
      rest.append(storage.keys[other], storage.values[other])
    }
    return rest
  }

  /// True where the value at a place is plain.
  @inline(__always)
  func isPlain(at place: Int) -> Bool {
    Unmanaged.passUnretained(storage)._withUnsafeGuaranteedRef { $0.values[place].isPlain }
  }

  @inline(__always)
  private mutating func makeOurs(capacity: Int) {
    if !isKnownUniquelyReferenced(&storage) || storage.capacity < capacity {
      storage = storage.copy(capacity: capacity > storage.capacity ? 2 * capacity : capacity)
    }
  }
}

extension DictionaryEntries: Sequence {
  /// Goes through the entries as they are when it is made.
  package struct Iterator: IteratorProtocol {
    private let entries: DictionaryEntries
    private var place = 0

    fileprivate init(_ entries: DictionaryEntries) { self.entries = entries }

    /// The next key and its value; `nil` behind the last.
    package mutating func next() -> (key: Key, value: Value)? {
      guard place < entries.count else { return nil }
      defer { place += 1 }
      return (entries.storage.keys[place], entries.storage.values[place])
    }
  }

  /// Keys with their values, in order.
  package func makeIterator() -> Iterator { Iterator(self) }
}

/// What entries lie in: keys, values and hashes one behind the other, and the table of places.
private final class EntryStorage {
  /// Entries that there is room for.
  let capacity: Int
  private(set) var count = 0
  let keys: UnsafeMutablePointer<DictionaryValue.Key>
  let values: UnsafeMutablePointer<Value>
  private let hashes: UnsafeMutablePointer<Int>
  /// Places of keys, counted from 1, and 0 where there is none: a power of two of them, of which a
  /// third at least is free.
  private let table: UnsafeMutablePointer<UInt32>
  /// One less than its slots.
  private let mask: Int

  init(capacity: Int) {
    self.capacity = capacity
    keys = .allocate(capacity: capacity)
    values = .allocate(capacity: capacity)
    hashes = .allocate(capacity: capacity)
    var slots = 1
    while 2 * slots < 3 * capacity + 1 { slots *= 2 }
    table = .allocate(capacity: slots)
    table.initialize(repeating: 0, count: slots)
    mask = slots - 1
  }

  deinit {
    keys.deinitialize(count: count)
    values.deinitialize(count: count)
    keys.deallocate()
    values.deallocate()
    hashes.deallocate()
    table.deallocate()
  }

  /// The same entries with room for so many.
  func copy(capacity: Int) -> EntryStorage {
    let copy = EntryStorage(capacity: capacity)
    for place in 0..<count { copy.append(keys[place], values[place], hashes[place]) }
    return copy
  }

  /// Adds a key that is not there, for which there is room.
  func append(_ key: DictionaryValue.Key, _ value: Value, _ hash: Int) {
    (keys + count).initialize(to: key)
    (values + count).initialize(to: value)
    hashes[count] = hash
    count += 1
    var slot = hash & mask
    while table[slot] != 0 { slot = (slot + 1) & mask }
    table[slot] = UInt32(count)
  }

  /// The place of a key by its hash; `nil` where it is not there.
  @inline(__always)
  func find(
    _ hash: Int, _ isWanted: (UnsafePointer<DictionaryValue.Key>) -> Bool
  ) -> Int? {
    var slot = hash & mask
    while table[slot] != 0 {
      let place = Int(table[slot]) - 1
      if hashes[place] == hash, isWanted(keys + place) { return place }
      slot = (slot + 1) & mask
    }
    return nil
  }

  static func hash(_ key: DictionaryValue.Key) -> Int {
    switch key {
    case .string(let text): text.hash
    case .integer(let number): hash(number)
    case .boolean(let flag): hash(flag)
    }
  }

  static func hash(_ flag: Bool) -> Int { flag ? 0x5555 : 0x3333 }

  /// Neighbours and multiples of a power of two lie apart: the upper bits of a product with the
  /// golden ratio (Knuth 1998, section 6.4).
  @inline(__always)
  static func hash(_ number: Int) -> Int {
    let product = UInt(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
    return Int(bitPattern: product ^ (product >> 32))
  }
}

/// Looks at a key where it lies.
extension UnsafePointer<DictionaryValue.Key> {
  @inline(__always)
  fileprivate func isInteger(_ number: Int) -> Bool {
    if case .integer(let mine) = pointee { mine == number } else { false }
  }

  @inline(__always)
  fileprivate func isBoolean(_ flag: Bool) -> Bool {
    if case .boolean(let mine) = pointee { mine == flag } else { false }
  }

  @inline(__always)
  fileprivate func isString(_ text: Text) -> Bool {
    self.text?._withUnsafeGuaranteedRef { $0.equals(text) } ?? false
  }

  @inline(__always)
  private var text: Unmanaged<Text>? {
    if case .string(let text) = pointee { .passUnretained(text) } else { nil }
  }
}
