/// A dictionary: values by key, in the order in which the keys came. To the language it is a value,
/// as a list is.
package final class DictionaryValue: Owned {
  /// What a key can be; a count of bytes and the integer of as many are one key.
  package enum Key {
    case string(Text)
    case integer(Int)
    case boolean(Bool)

    /// `nil` for a value that cannot be a key.
    package init?(_ value: Value) {
      switch value {
      case .string(let text): self = .string(text)
      case .integer(let number), .bytes(let number): self = .integer(number)
      case .boolean(let flag): self = .boolean(flag)
      case .none, .float, .list, .dictionary, .range, .function, .layer, .tensor, .dataSet,
        .batches,
        .optimizer, .strategy, .gradients, .plan, .record:
        return nil
      }
    }

    /// The key as a value.
    package var value: Value {
      switch self {
      case .string(let text): .string(text)
      case .integer(let number): .integer(number)
      case .boolean(let flag): .boolean(flag)
      }
    }
  }

  /// How often it was copied so that it could be changed.
  private(set) var copies = 0
  package private(set) var entries: DictionaryEntries
  /// How deep lists, dictionaries and layers are nested in it: 1 for a dictionary of plain values.
  package private(set) var depth: Int
  /// True where a variable may be behind a value.
  private(set) var mayLeadToVariables: Bool

  /// How deep the values are nested is found out, not bounded: see `Interpreter.dictionary`.
  package init(_ entries: DictionaryEntries) {
    self.entries = entries
    let behind = entries.values.behind
    depth = 1 + behind.depth
    mayLeadToVariables = behind.mayLeadToVariables
  }

  /// The value of what may be a key and is one; `nil` for all else.
  @inline(__always)
  func value(of key: UnsafePointer<Value>) -> Value? {
    guard let place = place(of: key) else { return nil }
    return entries[place: place]
  }

  /// The place of what may be a key and is one; `nil` for all else.
  @inline(__always)
  func place(of key: UnsafePointer<Value>) -> Int? {
    if let number = key.integer { return entries.place(of: number) }
    if let text = key.text { return text._withUnsafeGuaranteedRef { entries.place(of: $0) } }
    return otherPlace(of: key)
  }

  @inline(never)
  private func otherPlace(of key: UnsafePointer<Value>) -> Int? {
    Key(key.pointee).flatMap { entries.place(of: $0) }
  }

  /// Changes what stands at a key (`nil` where nothing does) of a dictionary that nobody else
  /// holds; where somebody does, of a copy, which takes its place. `body` leaves it as it was where
  /// it throws.
  static func change(
    _ dictionary: inout DictionaryValue, at key: Key,
    _ body: (inout Value?) throws(Fault) -> Void
  ) throws(Fault) {
    makeOurs(&dictionary)
    guard let place = dictionary.entries.place(of: key) else {
      var value: Value?
      try body(&value)
      if let value { dictionary.add(key, value) }
      return
    }
    try change(&dictionary, at: place) { (value) throws(Fault) in
      var found: Value? = value
      value = .none
      defer { value = found ?? .none }
      try body(&found)
    }
  }

  /// Changes the value at a place, in the same way.
  static func change(
    _ dictionary: inout DictionaryValue, at place: Int, _ body: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    makeOurs(&dictionary)
    try dictionary.entries.change(at: place, body)
    dictionary.look(at: place)
  }

  /// The same of what cannot fail, and may do nothing: `body` gives false then.
  @inline(__always)
  static func change(
    _ dictionary: inout DictionaryValue, at place: Int, _ body: (inout Value) -> Bool
  ) -> Bool {
    makeOurs(&dictionary)
    let isDone = dictionary.entries.change(at: place, body)
    dictionary.look(at: place)
    return isDone
  }

  /// Adds a key that is not there, with its value, to a dictionary that nobody else holds; where
  /// somebody does, to a copy, which takes its place.
  static func add(_ key: Key, _ value: Value, to dictionary: inout DictionaryValue) {
    makeOurs(&dictionary)
    dictionary.add(key, value)
  }

  private func add(_ key: Key, _ value: Value) {
    entries.append(key, value)
    if !value.isPlain { lookBehind(value) }
  }

  /// Another value may stand at a place: what is behind it is behind the dictionary.
  @inline(__always)
  private func look(at place: Int) {
    if !entries.isPlain(at: place) { lookBehind(entries[place: place]) }
  }

  private func lookBehind(_ value: Value) {
    depth = max(depth, value.depth + 1)
    mayLeadToVariables = mayLeadToVariables || value.mayLeadToVariables
  }

  /// Puts a copy in the place of a dictionary that somebody else holds.
  @inline(__always)
  private static func makeOurs(_ dictionary: inout DictionaryValue) {
    guard !isKnownUniquelyReferenced(&dictionary) else { return }
    let copies = dictionary.copies + 1
    dictionary = DictionaryValue(dictionary.entries)
    dictionary.copies = copies
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for (_, value) in entries { if let part = value.owned { visit(part) } }
  }
}
