/// A stretch of a source text.
package struct SourceRange: Sendable {
  /// The text.
  package let source: SourceText
  /// The UTF-8 offset of its first byte.
  package let lower: Int
  /// The UTF-8 offset behind its last byte.
  package let upper: Int

  /// From one offset up to but not including another.
  package init(_ source: SourceText, _ lower: Int, _ upper: Int) {
    self.source = source
    self.lower = lower
    self.upper = upper
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
