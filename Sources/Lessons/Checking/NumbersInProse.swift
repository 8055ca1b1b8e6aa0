/// The numbers in a lesson's prose, held against its code and recorded output: a number that has a
/// unit, a decimal point or a thousands separator, or is above 20, has to stand there, so written.
struct NumbersInProse {
  /// Where to read on: papers by name and year.
  static let readingHeading = "## Where to read on"

  private let numbers: Set<String>
  private let sizes: Set<String>

  /// What stands in the cells of code of a lesson's text.
  init(cells: [FileCell]) {
    var numbers: Set<String> = []
    var sizes: Set<String> = []
    for cell in cells where cell.tag != "markdown" && cell.tag != "item" {
      for line in cell.lines {
        for found in NumbersInProse.find(in: line) {
          numbers.insert(found.number)
          if found.isSize { sizes.insert(found.text) }
        }
      }
    }
    (self.numbers, self.sizes) = (numbers, sizes)
  }

  /// The numbers of a prose cell that stand nowhere else, each with its line in the file.
  func strangers(in cell: FileCell) -> [(line: Int, text: String)] {
    let lines = cell.prose
    guard !lines.contains(where: { $0.hasPrefix(NumbersInProse.readingHeading) }) else { return [] }
    // A size may be broken between its number and its unit.
    var text = ""
    var starts: [Int] = []
    for line in lines {
      starts.append(text.utf8.count)
      text += line + " "
    }
    return NumbersInProse.find(in: NumbersInProse.withoutLessonNumbers(text)).compactMap { found in
      guard found.isMeasured, !stands(found) else { return nil }
      let line = starts.lastIndex { $0 <= found.offset } ?? 0
      return (cell.line + 1 + line, found.text)
    }
  }

  private func stands(_ found: Found) -> Bool {
    found.isSize ? sizes.contains(found.text) : numbers.contains(found.number)
  }

  /// `Lesson 12` names no quantity: its digits become blanks.
  private static func withoutLessonNumbers(_ text: String) -> String {
    text.replacing(/[Ll]essons? [0-9]+/) { String(repeating: "_", count: $0.output.count) }
  }

  // MARK: Numbers in a text

  /// A number with what follows it.
  private struct Found {
    /// `1.04`
    let number: String
    /// `MiB`; empty where none follows.
    let unit: String
    /// Where it begins, in bytes.
    let offset: Int

    var text: String { unit.isEmpty ? number : number + " " + unit }
    var isSize: Bool { unit.hasSuffix("B") }
    /// True for one that somebody counted or measured, and not a small number in a sentence.
    var isMeasured: Bool {
      !unit.isEmpty || number.contains { $0 == "." || $0 == "," } || (Double(number) ?? 0) > 20
    }
  }

  private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "%", "FLOPs", "ms", "µs"]

  private static func find(in text: String) -> [Found] {
    var found: [Found] = []
    let bytes = Array(text.utf8)
    var place = 0
    while place < bytes.count {
      guard isDigit(bytes[place]) else {
        place += 1
        continue
      }
      let start = place
      while place < bytes.count, isDigit(bytes[place]) || isInside(bytes, place) { place += 1 }
      if start > 0, isWord(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") {
        // The digits of a name, as of f32.
        continue
      }
      let number = String(decoding: bytes[start..<place], as: UTF8.self)
      found.append(Found(number: number, unit: unit(bytes[place...]), offset: start))
    }
    return found
  }

  /// True for a comma or a point between two digits.
  private static func isInside(_ bytes: [UInt8], _ place: Int) -> Bool {
    (bytes[place] == UInt8(ascii: ",") || bytes[place] == UInt8(ascii: "."))
      && place + 1 < bytes.count && isDigit(bytes[place + 1])
  }

  private static func unit(_ rest: ArraySlice<UInt8>) -> String {
    guard rest.first == UInt8(ascii: " ") else { return "" }
    let word = rest.dropFirst().prefix { isWord($0) || $0 == UInt8(ascii: "%") || $0 >= 0x80 }
    let text = String(decoding: word, as: UTF8.self)
    return units.contains(text) ? text : ""
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_")
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
