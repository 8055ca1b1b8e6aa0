package import OrderedCollections

/// A dictionary: values by key, in the order in which the keys came. To the language it is a value,
/// as a list is.
package final class DictionaryValue: Owned {
  /// What a key can be; a count of bytes and the integer of as many are one key.
  package enum Key: Hashable {
    case string(String)
    case integer(Int)
    case boolean(Bool)

    /// `nil` for a value that cannot be a key.
    package init?(_ value: Value) {
      switch value {
      case .string(let text): self = .string(text.string)
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
      case .string(let text): .string(Text(text))
      case .integer(let number): .integer(number)
      case .boolean(let flag): .boolean(flag)
      }
    }
  }

  /// How often it was copied so that it could be changed.
  private(set) var copies = 0
  package private(set) var entries: OrderedDictionary<Key, Value>
  /// How deep lists, dictionaries and layers are nested in it: 1 for a dictionary of plain values.
  package private(set) var depth: Int
  /// True where a variable may be behind a value.
  private(set) var mayLeadToVariables: Bool

  /// How deep the values are nested is found out, not bounded: see `Interpreter.dictionary`.
  package init(_ entries: OrderedDictionary<Key, Value>) {
    self.entries = entries
    depth = 1 + (entries.values.lazy.map(\.depth).max() ?? 0)
    mayLeadToVariables = entries.values.contains(where: \.mayLeadToVariables)
  }

  /// Changes what stands at a key (`nil` where nothing does) of a dictionary that nobody else
  /// holds; where somebody does, of a copy, which takes its place. `body` leaves it as it was where
  /// it throws.
  static func change(
    _ dictionary: inout DictionaryValue, at key: Key,
    _ body: (inout Value?) throws(Fault) -> Void
  ) throws(Fault) {
    makeOurs(&dictionary)
    try body(&dictionary.entries[key])
    guard let value = dictionary.entries[key] else { return }
    dictionary.depth = max(dictionary.depth, value.depth + 1)
    dictionary.mayLeadToVariables = dictionary.mayLeadToVariables || value.mayLeadToVariables
  }

  /// Gives the entry at a place another value, both plain; of a copy where somebody else holds the
  /// dictionary, which takes its place.
  static func replace(_ dictionary: inout DictionaryValue, at place: Int, by value: Value) {
    makeOurs(&dictionary)
    dictionary.entries.values[place] = value
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
    for value in entries.values { if let part = value.owned { visit(part) } }
  }
}
