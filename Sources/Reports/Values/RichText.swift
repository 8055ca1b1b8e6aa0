import Writing

/// Text whose runs say what they are: a name, a warning, a number of bytes.
///
/// A string literal is plain text; `\(name: …)`, `\(strong: …)`, `\(good: …)`, `\(bad: …)`,
/// `\(faint: …)` give a run its style, `\(bytes: …)`, `\(count: …)` and `\(flops: …)` write a
/// number that renderers know as a number.
package struct RichText: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// What a run is, for a renderer to show as it can.
  package enum Style: String, Hashable, Sendable, CaseIterable {
    /// Nothing in particular.
    case plain
    /// A word of a program: a name, a call.
    case name
    /// What matters most: a title, a sum.
    case strong
    /// As it should be.
    case good
    /// A warning, or what failed.
    case bad
    /// Less important than what stands around it.
    case faint
  }

  /// A number that a run writes.
  package enum Quantity: Hashable, Sendable {
    /// Bytes, written `12.5 KiB` or `12,800 B`.
    case bytes(Int)
    /// A number of things, written `7,520`.
    case count(Int)
    /// FLOPs, written `1.2 M`.
    case flops(Int)
  }

  /// Characters of one style.
  package struct Run: Hashable, Sendable {
    /// The characters.
    package let text: String
    /// What they are.
    package let style: Style
    /// The number that they write; `nil` where they write none, or one of no unit.
    package let quantity: Quantity?

    /// Plain characters that write no number, unless it is said otherwise.
    package init(_ text: String, _ style: Style = .plain, _ quantity: Quantity? = nil) {
      self.text = text
      self.style = style
      self.quantity = quantity
    }
  }

  /// From left to right.
  package private(set) var runs: [Run]

  /// These runs as they are.
  package init(_ runs: [Run]) { self.runs = runs }

  /// One run, or none where the text is empty.
  package init(_ text: String, _ style: Style = .plain) {
    runs = text.isEmpty ? [] : [Run(text, style)]
  }

  package init(stringLiteral text: String) { self.init(text) }

  package init(stringInterpolation: StringInterpolation) { runs = stringInterpolation.runs }

  /// The characters alone.
  package var plain: String { runs.map(\.text).joined() }

  /// True where it has no characters.
  package var isEmpty: Bool { runs.allSatisfy(\.text.isEmpty) }

  package static func + (left: RichText, right: RichText) -> RichText {
    RichText(left.runs + right.runs)
  }

  package static func += (left: inout RichText, right: RichText) { left.runs += right.runs }

  /// Builds runs; plain neighbours become one.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var runs: [Run] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { append(literal, .plain) }
    package mutating func appendInterpolation(_ text: String) { append(text, .plain) }
    package mutating func appendInterpolation(_ number: Int) { append(String(number), .plain) }
    package mutating func appendInterpolation(_ text: RichText) { runs += text.runs }
    package mutating func appendInterpolation(name: String) { append(name, .name) }
    package mutating func appendInterpolation(strong: String) { append(strong, .strong) }
    package mutating func appendInterpolation(good: String) { append(good, .good) }
    package mutating func appendInterpolation(bad: String) { append(bad, .bad) }
    package mutating func appendInterpolation(faint: String) { append(faint, .faint) }

    /// `12.5 KiB`
    package mutating func appendInterpolation(bytes: Int) {
      runs.append(Run(ByteFormat.text(bytes), .plain, .bytes(bytes)))
    }

    /// `12,800 B`
    package mutating func appendInterpolation(exactBytes: Int) {
      runs.append(Run(ByteFormat.exact(exactBytes), .plain, .bytes(exactBytes)))
    }

    /// `7,520`
    package mutating func appendInterpolation(count: Int) {
      runs.append(Run(CountFormat.grouped(count), .plain, .count(count)))
    }

    /// `1 step`, `2 steps`
    package mutating func appendInterpolation(
      count: Int, _ noun: String, _ nouns: String? = nil
    ) {
      runs.append(Run(CountFormat.counted(count, noun, nouns), .plain, .count(count)))
    }

    /// `1.2 M`
    package mutating func appendInterpolation(flops: Int) {
      runs.append(Run(CountFormat.brief(flops), .plain, .flops(flops)))
    }

    private mutating func append(_ text: String, _ style: Style) {
      guard !text.isEmpty else { return }
      if let last = runs.last, last.style == style, last.quantity == nil {
        runs[runs.count - 1] = Run(last.text + text, style)
      } else {
        runs.append(Run(text, style))
      }
    }
  }
}

extension RichText.Quantity {
  /// The number alone.
  package var amount: Int {
    switch self {
    case .bytes(let amount), .count(let amount), .flops(let amount): amount
    }
  }

  /// As a person reads it.
  package var reading: String {
    switch self {
    case .bytes(let amount): ByteFormat.text(amount)
    case .count(let amount): CountFormat.grouped(amount)
    case .flops(let amount): CountFormat.brief(amount)
    }
  }
}

extension [RichText] {
  /// The texts one after the other, a separator between them.
  package func joined(separator: String) -> RichText {
    var joined = RichText([])
    for (index, text) in enumerated() {
      if index > 0 { joined += RichText(separator) }
      joined += text
    }
    return joined
  }
}
