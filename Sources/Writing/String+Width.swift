extension String {
  /// Without white space around it.
  package var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// Without spaces at the end.
  package var trimmedAtEnd: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }

  /// Filled with spaces to `width` columns.
  package func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }

  /// At most `width` columns, the last of them an ellipsis where something was cut.
  package func clipped(to width: Int) -> String {
    guard columns > width else { return self }
    var text = ""
    var room = max(0, width - 1)
    for character in self {
      room -= character.columns
      if room < 0 { break }
      text.append(character)
    }
    return text + "…"
  }

  /// The first line, at most `width` columns of it, with an ellipsis where that is not all.
  package func inOneLine(width: Int) -> String {
    guard let end = firstIndex(where: \.isNewline) else { return clipped(to: width) }
    return (String(self[..<end]).trimmedAtEnd + " …").clipped(to: width)
  }

  /// Columns that the text takes in a terminal, on one line: wide characters of East Asia and emoji
  /// count two, marks on other characters and colours none.
  package var columns: Int {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return utf8.count }
    var count = 0
    var isEscape = false
    for character in self {
      if character == "\u{1B}" { isEscape = true }
      if isEscape {
        // A colour: ESC [ digits m.
        if character == "m" { isEscape = false }
      } else {
        count += character.columns
      }
    }
    return count
  }
}

extension Character {
  /// Columns that the character takes in a terminal: 0, 1 or 2.
  package var columns: Int {
    if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7f ? 0 : 1 }
    var widest = 0
    for scalar in unicodeScalars {
      // U+FE0F asks for the emoji's picture, which is wide.
      widest = max(widest, scalar.value == 0xfe0f && widest > 0 ? 2 : scalar.columns)
    }
    return widest
  }
}

extension Unicode.Scalar {
  /// Columns that the scalar takes by itself.
  package var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Vowels and finals of Hangul join the consonant before them.
    if (0x1160...0x11ff).contains(value) { return 0 }
    if properties.isEmojiPresentation { return 2 }
    return Unicode.Scalar.isWide(value) ? 2 : 1
  }

  /// Wide and full-width characters by Unicode's table of East Asian widths; emoji aside.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2e80...0x2e99, 0x2e9b...0x2ef3, 0x2f00...0x2fd5, 0x2ff0...0x303e,
    0x3041...0x3096, 0x3099...0x30ff, 0x3105...0x312f, 0x3131...0x318e, 0x3190...0x31e5,
    0x31ef...0x321e, 0x3220...0x3247, 0x3250...0x4dbf, 0x4e00...0xa48c, 0xa490...0xa4c6,
    0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe52,
    0xfe54...0xfe66, 0xfe68...0xfe6b, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x16ff1,
    0x17000...0x187f7, 0x18800...0x18cd5, 0x18d00...0x18d08, 0x1aff0...0x1b2fb,
    0x1f200...0x1f202, 0x1f210...0x1f23b, 0x1f240...0x1f248, 0x1f250...0x1f251,
    0x1f260...0x1f265, 0x20000...0x2fffd, 0x30000...0x3fffd,
  ]

  /// Looked up by halving.
  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    var (low, high) = (0, wide.count)
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(value)
  }
}
