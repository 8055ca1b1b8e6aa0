/// A stretch of a source text, in UTF-8 offsets: from `lower` up to but not including `upper`.
package struct SourceRange: Sendable {
  package let source: SourceText
  package let lower: Int
  package let upper: Int

  package init(_ source: SourceText, _ lower: Int, _ upper: Int) {
    self.source = source
    self.lower = lower
    self.upper = upper
  }

  package var start: SourcePosition { source.position(at: lower) }
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
