import Glibc

/// What stands before the bytes of a string.
package struct TextHeader {
  /// Bytes that are there.
  fileprivate var count = 0
  /// 0 until it was asked for.
  fileprivate var hash = 0
  /// Where each character begins, and the end, once characters were asked for by number.
  fileprivate var places: [Int]?
  /// Bytes that there is room for behind them, as far as that can be said.
  fileprivate var room: UInt32
  /// What the bytes are like, once that was asked for.
  fileprivate var kind: Text.Kind
}

/// A string: its UTF-8, and what is known of it, in one block of memory, so that a `Value` stays
/// two words and a string is made with one request for memory.
///
/// Strings are compared as the standard library compares them, by what their characters mean. Most
/// have nothing but ASCII: of these the bytes say all.
package final class Text: ManagedBuffer<TextHeader, UInt8>, Comparable {
  /// What the bytes of a string are like: of two, one behind the other, as those of the part with
  /// the higher number.
  fileprivate enum Kind: UInt8 {
    /// Nobody has looked.
    case unknown
    /// Each byte is a character.
    case plain
    /// ASCII with a carriage return, which may be one character with the newline behind it.
    case returning
    /// Some are not ASCII.
    case mixed
  }

  // MARK: Making one

  /// A string of the standard library's, copied.
  package static func of(_ string: String) -> Text {
    var string = string
    return string.withUTF8 { of($0) }
  }

  /// Bytes that are UTF-8, copied.
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> Text { of(bytes, .unknown) }

  /// Bytes of which each is a character, copied.
  static func of(plain bytes: UnsafeBufferPointer<UInt8>) -> Text { of(bytes, .plain) }

  @inline(__always)
  private static func of(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Kind) -> Text {
    let text = empty(capacity: bytes.count, kind)
    text.add(bytes)
    return text
  }

  @inline(__always)
  private static func empty(capacity: Int, _ kind: Kind) -> Text {
    let buffer = Text.create(minimumCapacity: capacity) { _ in
      TextHeader(room: 0, kind: kind)
    }
    return unsafeDowncast(buffer, to: Text.self)
  }

  /// Adds bytes that there is room for.
  @inline(__always)
  private func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    withUnsafeMutablePointers { header, own in
      (own + header.pointee.count).update(from: start, count: bytes.count)
      header.pointee.count += bytes.count
    }
  }

  /// A string that a program spells: it is compared often.
  static func constant(_ string: String) -> Text {
    if string.utf8.count == 1, let character = string.first { return of(character) }
    let text = of(string)
    _ = text.hash
    return text
  }

  /// A string of one character: of the plain ones, each is made once.
  static func of(_ character: Character) -> Text {
    guard let byte = character.utf8.first, byte < 0x80, character.utf8.count == 1 else {
      return of(String(character))
    }
    return Text.single[Int(byte)]
  }

  /// Sessions on several threads share these: nothing of them is found out later.
  nonisolated(unsafe) private static let single: UnsafePointer<Text> = {
    let texts = UnsafeMutablePointer<Text>.allocate(capacity: 0x80)
    for byte in 0..<0x80 {
      let text = of(String(UnicodeScalar(UInt8(byte))))
      _ = (text.isPlain, text.hash)
      (texts + byte).initialize(to: text)
    }
    return UnsafePointer(texts)
  }()

  // MARK: Its bytes

  /// How many bytes it has.
  @inline(__always)
  var byteCount: Int { header.count }

  /// Lets `body` read the bytes, which are UTF-8.
  @inline(__always)
  func withBytes<Result, Failure>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withUnsafeMutablePointers { (header, bytes) throws(Failure) in
      try body(UnsafeBufferPointer(start: UnsafePointer(bytes), count: header.pointee.count))
    }
  }

  /// A copy for whoever knows the standard library's strings alone.
  package var string: String { withBytes { String(decoding: $0, as: UTF8.self) } }

  @inline(__always)
  private var kind: Kind { header.kind != .unknown ? header.kind : findKind() }

  @inline(never)
  private func findKind() -> Kind {
    header.kind = withBytes(Text.kind)
    return header.kind
  }

  /// All bytes are looked at, many at once.
  private static func kind(of bytes: UnsafeBufferPointer<UInt8>) -> Kind {
    var (high, isReturning) = (UInt8(0), UInt8(0))
    for byte in bytes {
      high |= byte
      isReturning |= byte == UInt8(ascii: "\r") ? 1 : 0
    }
    return high >= 0x80 ? .mixed : isReturning != 0 ? .returning : .plain
  }

  /// True where each byte is a character.
  @inline(__always)
  var isPlain: Bool { kind == .plain }

  /// True where all of it is ASCII, carriage returns too.
  @inline(__always)
  private var isASCII: Bool { kind != .mixed }

  // MARK: Equality and order

  /// The same for equal strings: found out once.
  @inline(__always)
  var hash: Int { header.hash != 0 ? header.hash : findHash() }

  @inline(never)
  private func findHash() -> Int {
    header.hash = (isASCII ? withBytes(Text.hash) : string.hashValue) | 1
    return header.hash
  }

  /// The hash that the standard library gives a string of ASCII: some characters beyond ASCII mean
  /// the same as one of it, as the sign of kelvins is a K.
  private static func hash(of bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    hasher.combine(0xFF as UInt8)
    return hasher.finalize()
  }

  /// True where both have the same characters.
  @inline(__always)
  func equals(_ other: Text) -> Bool {
    self === other || mayEqual(other) && hasSameCharacters(as: other)
  }

  /// False where hashes that are known differ.
  @inline(__always)
  private func mayEqual(_ other: Text) -> Bool {
    header.hash == other.header.hash || header.hash == 0 || other.header.hash == 0
  }

  private func hasSameCharacters(as other: Text) -> Bool {
    if byteCount == other.byteCount, compareBytes(other) == 0 { return true }
    return !(isASCII && other.isASCII) && !differsInASCII(from: other) && string == other.string
  }

  /// True where the first bytes that differ are both ASCII, or one is and the other string ends
  /// there: what begins with either, accents behind it too, means something else.
  private func differsInASCII(from other: Text) -> Bool {
    withBytes { mine in
      other.withBytes { others in
        let most = min(mine.count, others.count)
        var place = 0
        while place < most, mine[place] == others[place] { place += 1 }
        return (place == mine.count || mine[place] < 0x80)
          && (place == others.count || others[place] < 0x80)
      }
    }
  }

  /// True where one comes before the other in the order of their characters.
  package static func < (first: Text, second: Text) -> Bool {
    guard first.isASCII, second.isASCII else { return first.string < second.string }
    let order = first.compareBytes(second)
    return order != 0 ? order < 0 : first.byteCount < second.byteCount
  }

  /// True where both have the same characters.
  package static func == (first: Text, second: Text) -> Bool { first.equals(second) }

  /// Below, at or above 0 as its bytes come before those of another, as far as both have some.
  @inline(__always)
  private func compareBytes(_ other: Text) -> Int32 {
    withUnsafeMutablePointerToElements { mine in
      other.withUnsafeMutablePointerToElements { memcmp(mine, $0, min(byteCount, other.byteCount)) }
    }
  }

  // MARK: Parts

  /// Where each character begins, and the end.
  private var places: [Int] {
    if let known = header.places { return known }
    var places = [0]
    for character in string {
      places.append(places[places.count - 1] + character.utf8.count)
    }
    header.places = places
    return places
  }

  /// How many characters it has.
  var count: Int { isPlain ? byteCount : places.count - 1 }

  /// The characters of a stretch of it.
  subscript(stretch: Range<Int>) -> Text {
    guard isPlain else {
      let places = places
      let part = places[stretch.lowerBound]..<places[stretch.upperBound]
      return withBytes { .of(UnsafeBufferPointer(rebasing: $0[part])) }
    }
    return withBytes { .of(plain: UnsafeBufferPointer(rebasing: $0[stretch])) }
  }

  /// The character at a place, as a string that is made once; `nil` outside, and where not every
  /// byte is a character.
  @inline(__always)
  func plainCharacter(_ place: Int) -> Text? {
    guard place >= 0, place < byteCount, isPlain else { return nil }
    return Text.single[withUnsafeMutablePointerToElements { Int($0[place]) }]
  }

  /// Calls `body` with each character, until it gives false.
  func forEachCharacter(_ body: (Value) throws(Fault) -> Bool) throws(Fault) {
    guard isPlain else {
      for character in string { if try !body(.string(Text.of(character))) { return } }
      return
    }
    for place in 0..<byteCount {
      let byte = withUnsafeMutablePointerToElements { $0[place] }
      if try !body(.string(Text.single[Int(byte)])) { return }
    }
  }

  /// True where the bytes of a string are some of its own, one behind the other; `nil` where not
  /// every byte of both is a character.
  func plainlyContains(_ part: Text) -> Bool? {
    guard isPlain, part.isPlain else { return nil }
    return withBytes { bytes in part.withBytes { bytes.place(of: $0, from: 0) != nil } }
  }

  /// The parts between separators, which are not empty; `nil` where not every byte of both is a
  /// character.
  func plainParts(between separator: Text) -> [Value]? {
    guard isPlain, separator.isPlain else { return nil }
    return withBytes { bytes in
      separator.withBytes { separator in
        var parts: [Value] = []
        var start = 0
        while let end = bytes.place(of: separator, from: start) {
          parts.append(.string(.of(plain: UnsafeBufferPointer(rebasing: bytes[start..<end]))))
          start = end + separator.count
        }
        parts.append(.string(.of(plain: UnsafeBufferPointer(rebasing: bytes[start...]))))
        return parts
      }
    }
  }

  /// The parts between spaces of all kinds, none of them empty; `nil` where not every byte is a
  /// character.
  var plainWords: [Value]? {
    guard isPlain else { return nil }
    return withBytes { bytes in
      // Of plain bytes, spaces are the one of that name, and what lies from tab to form feed.
      bytes.split { $0 == UInt8(ascii: " ") || (0x09...0x0C).contains($0) }
        .map { .string(.of(plain: UnsafeBufferPointer(rebasing: $0))) }
    }
  }

  // MARK: Growing

  /// Strings below so many bytes are joined without asking for leave: `heed` counts less than one
  /// for them.
  static let short = 64 << 4

  /// Both, one behind the other.
  static func + (first: Text, second: Text) -> Text {
    first.joined(with: second, capacity: first.byteCount + second.byteCount)
  }

  private func joined(with more: Text, capacity: Int) -> Text {
    let sum = Text.empty(capacity: capacity, header.kind)
    withBytes(sum.add)
    sum.take(more)
    sum.header.room = UInt32(clamping: capacity - sum.byteCount)
    return sum
  }

  /// Adds the bytes of another, for which there is room.
  @inline(__always)
  private func take(_ more: Text) {
    if header.kind != .unknown, more.kind.rawValue > header.kind.rawValue {
      header.kind = more.kind
    }
    more.withBytes(add)
  }

  /// Grows by another, while nobody else holds it; false where its block has no room for that.
  @inline(__always)
  fileprivate func append(_ more: Text) -> Bool {
    guard header.room >= more.byteCount else { return false }
    header.room -= UInt32(truncatingIfNeeded: more.byteCount)
    header.hash = 0
    if header.places != nil { header.places = nil }
    take(more)
    return true
  }

  /// It with another behind it, in a block that has room for as much again.
  @inline(never)
  fileprivate func moved(with more: Text) -> Text {
    joined(with: more, capacity: 2 * (byteCount + more.byteCount))
  }
}

extension Value {
  /// Lets the string that stands here grow, where nobody else holds it and it does not get too
  /// long; false for all else, which stays as it is.
  mutating func grow(by more: Text) -> Bool {
    guard var text = takeText() else { return false }
    defer { self = .string(text) }
    guard isKnownUniquelyReferenced(&text),
      text.byteCount + more.byteCount <= Interpreter.longestString
    else { return false }
    if !text.append(more) { text = text.moved(with: more) }
    return true
  }

  /// The string, of which nothing is left here.
  @inline(__always)
  private mutating func takeText() -> Text? {
    guard case .string = self else { return nil }
    guard case .string(let text) = take() else { return nil }
    return text
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Where some bytes begin in these, at a place or behind it; `nil` where they do not.
  fileprivate func place(of wanted: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = baseAddress, let first = wanted.baseAddress, !wanted.isEmpty else {
      return start
    }
    var place = start
    while place + wanted.count <= count,
      let found = memchr(base + place, Int32(first[0]), count - wanted.count + 1 - place)
    {
      place = found - UnsafeMutableRawPointer(mutating: base)
      if memcmp(found, first, wanted.count) == 0 { return place }
      place += 1
    }
    return nil
  }
}
