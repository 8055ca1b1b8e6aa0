import Foundation
import Reports
import Writing

extension Double {
  /// Points as people write them: `3`, `2.5`.
  var pointsText: String {
    let text = NumberFormat.number(roundedPoints)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Points to a millionth, so that sums show no rounding; 0 where this is no number.
  var roundedPoints: Double { isFinite ? (self * 1e6).rounded() / 1e6 : 0 }
}

extension JSONValue {
  static func points(_ points: Double) -> JSONValue { .number(points.roundedPoints) }

  static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}

extension String {
  /// For a terminal: characters that steer it, or that turn the direction of writing, are shown as
  /// escapes. Newlines stay.
  var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A: text += "\n"
      case 0x09: text += "  "
      case 0x00..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The same on one line.
  package var printableLine: String {
    printable.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// Each line behind `indent`.
  func indented(_ indent: String) -> String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : indent + $0 }.joined(separator: "\n")
  }

  /// At most so many bytes of UTF-8, cut between characters.
  func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var text = ""
    var count = 0
    for character in self {
      count += character.utf8.count
      if count > limit { break }
      text.append(character)
    }
    return text
  }
}
