import Syntax

/// How a name is used in the source: what stands around it.
struct Usage {
  /// The names behind it, each after a dot.
  private(set) var attributes: [String] = []
  /// The texts of the arguments it is called with; `nil` where it is not called.
  private(set) var arguments: [String]?

  /// Longer texts are not looked at.
  private static let longest = 80

  /// Reads on behind the end of `range`, on its line.
  init(behind range: SourceRange) {
    let bytes = range.source.bytes
    let end = min(bytes.count, range.upper + Usage.longest)
    guard range.upper < end else { return }
    var rest = String(decoding: bytes[range.upper..<end], as: UTF8.self)[...]
    rest = rest.prefix { $0 != "\n" }
    while rest.first == "." {
      let word = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard !word.isEmpty else { return }
      attributes.append(String(word))
      rest = rest.dropFirst(word.count + 1)
    }
    arguments = Usage.arguments(at: rest)
  }

  /// The arguments between the parentheses that a text begins with, cut at its outer commas.
  private static func arguments(at text: Substring) -> [String]? {
    guard text.first == "(" else { return nil }
    var arguments = [""]
    var open = 0
    for character in text {
      switch character {
      case "(", "[", "{": open += 1
      case ")", "]", "}": open -= 1
      default: break
      }
      if open == 0 {
        let trimmed = arguments.map { $0.split(separator: " ").joined(separator: " ") }
        return trimmed == [""] ? [] : trimmed
      }
      if open == 1, character == "," {
        arguments.append("")
      } else if !(open == 1 && character == "(" && arguments == [""]) {
        arguments[arguments.count - 1].append(character)
      }
    }
    return nil
  }

  /// The text of what a field is taken of: the names, brackets and calls before its dot.
  static func owner(before range: SourceRange) -> String {
    let bytes = range.source.bytes
    var place = range.lower - 1
    var open = 0
    while place > 0 {
      let byte = bytes[place - 1]
      switch byte {
      case UInt8(ascii: ")"), UInt8(ascii: "]"): open += 1
      case UInt8(ascii: "("), UInt8(ascii: "["):
        if open == 0 { return text(range, from: place) }
        open -= 1
      default:
        let isName =
          byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
          || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
        if byte == UInt8(ascii: "\n") || (open == 0 && !isName) { return text(range, from: place) }
      }
      place -= 1
    }
    return text(range, from: place)
  }

  private static func text(_ range: SourceRange, from place: Int) -> String {
    SourceRange(range.source, place, max(place, range.lower - 1)).text
  }
}
