/// A stretch of a source text.
package struct SourceRange: Sendable {
  /// The text.
  package let source: SourceText
  // Each node of a program and each tensor has one: offsets take half the bytes of numbers.
  private let (low, high): (Int32, Int32)

  /// The UTF-8 offset of its first byte.
  package var lower: Int { Int(low) }

  /// The UTF-8 offset behind its last byte.
  package var upper: Int { Int(high) }

  /// From one offset up to but not including another.
  package init(_ source: SourceText, _ lower: Int, _ upper: Int) {
    self.source = source
    (low, high) = (Int32(clamping: lower), Int32(clamping: upper))
  }

  /// Where its first character stands.
  package var start: SourcePosition { source.position(at: lower) }
  /// The place just behind its last character.
  package var end: SourcePosition { source.position(at: upper) }

  /// The characters in the range.
  package var text: String {
    String(
      decoding: source.bytes[lower..<max(lower, min(upper, source.bytes.count))], as: UTF8.self)
  }

  /// The smallest range that covers both.
  package func union(_ other: SourceRange) -> SourceRange {
    SourceRange(source, min(lower, other.lower), max(upper, other.upper))
  }
}
