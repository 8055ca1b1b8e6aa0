import Tensors

/// The header of an npy file (NumPy's NEP 1): a magic word, a version, a length, and a dictionary
/// of Python with the entries 'descr', 'fortran_order' and 'shape', each once.
package struct NPYHeader {
  /// What stands at a place of a header.
  package enum Part: Hashable, Sendable {
    /// These characters.
    case characters(String)
    /// One of the three names that is not there yet.
    case name
    /// A type in quotes.
    case type
    /// `True` or `False`.
    case order
    /// The lengths of axes in parentheses.
    case shape
    /// A length: a whole number from 0.
    case length
    /// All three entries.
    case entries
    /// Nothing but blanks.
    case end
    /// Text in the version's encoding.
    case text
  }

  /// Bytes of the longest header that is read: NumPy's have some hundred.
  static let longest = 1 << 20

  /// What it says.
  let contents: ArrayFile.Contents

  /// Bytes of the magic word and the version.
  static let magicBytes = 8

  /// Reads a header behind its magic word and version, and leaves the stream before the elements.
  init(_ start: [UInt8], _ stream: any ByteStream) throws(DataFileFault) {
    guard start.starts(with: [0x93] + Array("NUMPY".utf8)) else { throw .array(.notNPY) }
    guard start.count == 8 else { throw .array(.cutShort) }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .array(.version(Int(start[6]), Int(start[7])))
    }
    let lengthBytes = start[6] == 1 ? 2 : 4
    let digits = try stream.next(lengthBytes)
    guard digits.count == lengthBytes else { throw .array(.cutShort) }
    let length = digits.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NPYHeader.longest else {
      throw .array(.longHeader(bytes: length, limit: NPYHeader.longest))
    }
    let text = try stream.next(length)
    guard text.count == length else { throw .array(.cutShort) }
    if start[6] == 3, String(validating: text, as: UTF8.self) == nil {
      throw .array(.header(expected: .text, found: "", at: 0))
    }
    var reader = Reader(text: text)
    do { contents = try reader.contents() } catch { throw .array(error) }
  }

  /// Goes through the dictionary.
  private struct Reader {
    let text: [UInt8]
    var place = 0

    init(text: [UInt8]) { self.text = text }

    mutating func contents() throws(ArrayFile.Problem) -> ArrayFile.Contents {
      var type: String?
      var isColumnMajor: Bool?
      var axes: [Int]?
      try take("{")
      while !next(is: "}") {
        let start = place
        switch try quoted(.name) {
        case "descr" where type == nil:
          try take(":")
          guard !next(is: "[") else { throw .structured }
          type = try quoted(.type)
        case "fortran_order" where isColumnMajor == nil:
          try take(":")
          isColumnMajor = try truth()
        case "shape" where axes == nil:
          try take(":")
          axes = try lengths()
        default:
          place = start
          throw problem(.name)
        }
        if !next(is: "}") { try take(",") }
      }
      guard let type, let isColumnMajor, let axes else { throw problem(.entries) }
      try take("}")
      skipBlanks()
      guard place == text.count else { throw problem(.end) }
      guard let elements = NPYHeader.elementType(type) else { throw .unreadType(type) }
      guard let shape = Shape.checked(axes) else { throw .impossibleShape(axes) }
      return ArrayFile.Contents(
        type: elements, shape: shape, isBigEndian: type.hasPrefix(">"),
        isColumnMajor: isColumnMajor && axes.count > 1)
    }

    private func problem(_ part: Part) -> ArrayFile.Problem {
      let found = text[min(place, text.count)...].prefix(20)
      return .header(expected: part, found: String(decoding: found, as: UTF8.self), at: place)
    }

    private mutating func skipBlanks() {
      while place < text.count, " \t\r\n".utf8.contains(text[place]) { place += 1 }
    }

    /// True where, blanks aside, this character is next.
    private mutating func next(is character: String) -> Bool {
      skipBlanks()
      return place < text.count && text[place] == character.utf8.first
    }

    private mutating func take(_ character: String) throws(ArrayFile.Problem) {
      guard next(is: character) else { throw problem(.characters(character)) }
      place += 1
    }

    /// What stands between quotes of either kind; there are no escapes in types and names.
    private mutating func quoted(_ part: Part) throws(ArrayFile.Problem) -> String {
      guard next(is: "'") || next(is: "\"") else { throw problem(part) }
      let quote = text[place]
      guard let end = text[(place + 1)...].firstIndex(of: quote) else { throw problem(part) }
      defer { place = end + 1 }
      return String(decoding: text[(place + 1)..<end], as: UTF8.self)
    }

    private mutating func truth() throws(ArrayFile.Problem) -> Bool {
      skipBlanks()
      for (word, value) in [("True", true), ("False", false)]
      where text[place...].starts(with: word.utf8) {
        place += word.utf8.count
        return value
      }
      throw problem(.order)
    }

    /// A tuple: `()`, `(3,)`, `(2, 3)`; a number in parentheses is none.
    private mutating func lengths() throws(ArrayFile.Problem) -> [Int] {
      guard next(is: "(") else { throw problem(.shape) }
      let start = place
      place += 1
      var axes: [Int] = []
      var commas = 0
      while !next(is: ")") {
        axes.append(try length())
        if next(is: ",") {
          place += 1
          commas += 1
        } else if !next(is: ")") {
          throw problem(.characters(")"))
        }
      }
      guard axes.count != 1 || commas == 1 else {
        place = start
        throw problem(.shape)
      }
      place += 1
      return axes
    }

    private mutating func length() throws(ArrayFile.Problem) -> Int {
      skipBlanks()
      let digits = text[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard let length = Int(String(decoding: digits, as: UTF8.self)),
        digits.count == 1 || digits.first != UInt8(ascii: "0")
      else { throw problem(.length) }
      place += digits.count
      return length
    }
  }

  /// The type of elements that NumPy writes so: an order of bytes, a kind, and a width.
  private static func elementType(_ descr: String) -> ElementType? {
    guard let order = descr.first, "<>|".contains(order) else { return nil }
    let type: ElementType? =
      switch descr.dropFirst() {
      case "f2": .f16
      case "f4": .f32
      case "f8": .f64
      case "i1": .i8
      case "i2": .i16
      case "i4": .i32
      case "i8": .i64
      case "u1": .u8
      case "u2": .u16
      case "u4": .u32
      case "u8": .u64
      case "b1": .bool
      default: nil
      }
    // Only a single byte has no order.
    guard let type, order != "|" || type.byteWidth == 1 else { return nil }
    return type
  }
}
