package import Experiments
package import Reports

/// Anything a name can be bound to.
package enum Value {
  case none
  case integer(Int)
  case float(Double)
  case boolean(Bool)
  /// A count of bytes: `64 KiB`.
  case bytes(Int)
  case string(Text)
  case list(List)
  /// `["a": 1]`: values by key, in the order in which the keys came.
  case dictionary(DictionaryValue)
  /// `0..<n`: integers from `lower` up to, not including, `upper`.
  case range(IntegerRange)
  case function(Function)
  case layer(Layer)
  case tensor(TensorValue)
  case dataSet(DataSet)
  case batches(Batches)
  case optimizer(Optimizer)
  case strategy(StrategyValue)
  case gradients(GradientsValue)
  /// What `plan` gives: a rehearsed schedule.
  case plan(Plan)
  /// Named fields in order: a chain, a stage, a row of a comparison.
  case record(Record)
}

/// A string in a box, so that a `Value` stays two words.
package final class Text {
  /// Its characters, as they print.
  package private(set) var string: String
  /// Strings are compared by their characters, not by their box.
  package init(_ string: String) { self.string = string }

  /// The characters one by one, once they were asked for by number.
  private var knownCharacters: [Character]?
  /// Whether each byte is a character, once that was asked for.
  private var knownPlainness: Bool?

  private var characters: [Character] {
    if let knownCharacters { return knownCharacters }
    let characters = Array(string)
    knownCharacters = characters
    return characters
  }

  private var isPlain: Bool {
    if let knownPlainness { return knownPlainness }
    let isPlain = Text.isPlain(string)
    knownPlainness = isPlain
    return isPlain
  }

  private static func isPlain(_ string: String) -> Bool {
    string.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\r") }
  }

  /// How many characters it has.
  var count: Int { isPlain ? string.utf8.count : characters.count }

  /// The characters of a stretch of it.
  subscript(stretch: Range<Int>) -> String {
    guard isPlain else { return String(characters[stretch]) }
    let bytes = string.utf8
    let lower = bytes.index(bytes.startIndex, offsetBy: stretch.lowerBound)
    return String(string[lower..<bytes.index(lower, offsetBy: stretch.count)])
  }

  /// The character at a place, as a string that is made once; `nil` outside, and where not every
  /// byte is a character.
  func plainCharacter(_ place: Int) -> Text? {
    guard place >= 0, isPlain, place < string.utf8.count else { return nil }
    let bytes = string.utf8
    return Text.single[Int(bytes[bytes.index(bytes.startIndex, offsetBy: place)])]
  }

  /// Sessions on several threads share these: nothing of them is found out later.
  nonisolated(unsafe) private static let single = (0..<0x80).map { byte in
    let text = Text(String(UnicodeScalar(UInt8(byte))))
    _ = text.count
    return text
  }

  /// Grows by a string: only a box that nobody else holds.
  fileprivate func append(_ more: String) {
    if knownPlainness == true, !Text.isPlain(more) { knownPlainness = false }
    knownCharacters = nil
    string += more
  }
}

extension Value {
  /// Lets the string that stands here grow, where nobody else holds it and it stays within so many
  /// bytes; false for all else, which stays as it is.
  mutating func grow(by more: Text, most: Int) -> Bool {
    guard var text = takeText() else { return false }
    defer { self = .string(text) }
    guard isKnownUniquelyReferenced(&text),
      text.string.utf8.count + more.string.utf8.count <= most
    else { return false }
    text.append(more.string)
    return true
  }

  /// The string, of which nothing is left here. Out of line: a pattern holds what it matches.
  @inline(never)
  private mutating func takeText() -> Text? {
    guard case .string(let text) = self else { return nil }
    self = .none
    return text
  }

  /// How deep lists and layers are nested in a value: 0 for all others.
  package var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .dictionary(let dictionary): dictionary.depth
    case .layer(let layer): layer.depth
    default: 0
    }
  }
}

/// Integers from `lower` up to, not including, `upper`: at most `Int.max` of them.
package final class IntegerRange {
  /// The first integer.
  package let lower: Int
  /// The integer behind the last; `lower` where the range is empty.
  package let upper: Int
  /// The end, not included, of a range that was written with an end below 0, which as an index
  /// counts from the end: −1 for `0..<-1`, and 0 for `0...-1`; `nil` for all others.
  package let endFromBack: Int?

  /// Empty where `upper` is below `lower`; `endsFromBack` where the end was written below 0.
  package init(lower: Int, upper: Int, endsFromBack: Bool = false) {
    self.lower = lower
    self.upper = max(lower, upper)
    endFromBack = endsFromBack ? upper : nil
  }

  /// How many integers there are.
  package var count: Int { upper - lower }

  /// As it is written: `0..<3`, `0..<-1`, `0...-1`.
  package var text: String {
    switch endFromBack {
    case nil: "\(lower)..<\(upper)"
    case 0?: "\(lower)...-1"
    case let end?: "\(lower)..<\(end)"
    }
  }
}

/// Named fields, in order.
package final class Record: Owned {
  /// What it is called when printed: `stage`, `chain`, `comparison`.
  package let typeName: String
  /// In the order in which they print.
  package let fields: [(name: String, value: Value)]
  /// How it prints, where not as `name: value` pairs: a table, a chart.
  package let display: Report?

  /// Without `display` it prints as `name: value` pairs.
  package init(typeName: String, fields: [(name: String, value: Value)], display: Report? = nil) {
    self.typeName = typeName
    self.fields = fields
    self.display = display
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for field in fields { if let part = field.value.owned { visit(part) } }
  }

  /// The value of a field; `nil` where there is none of that name.
  package subscript(name: String) -> Value? { fields.first { $0.name == name }?.value }
}
