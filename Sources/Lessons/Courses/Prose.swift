package import Reports
import Writing

/// Text that explains, in the few forms of markdown that lessons use: headings, paragraphs, lists,
/// indented blocks, *emphasis* and `code`.
package struct Prose: Sendable {
  /// As it stands, without the `# ` of comments.
  package let lines: [String]

  /// These lines.
  package init(_ lines: [String]) { self.lines = lines }

  /// True where nothing stands there.
  package var isEmpty: Bool { lines.allSatisfy { $0.trimmed.isEmpty } }

  /// A piece of it.
  enum Piece: Equatable {
    case heading(level: Int, String)
    case paragraph(String)
    case item(mark: String, String)
    /// Lines that stand as they are.
    case block([String])
  }

  /// Its pieces from top to bottom.
  var pieces: [Piece] {
    var pieces: [Piece] = []
    var isOpen = false
    for line in lines {
      let text = line.trimmed
      if line.hasPrefix("    "), !isOpen || Prose.isBlock(pieces.last) {
        Prose.add(String(line.dropFirst(4)), to: &pieces, isOpen)
        isOpen = true
      } else if text.isEmpty {
        isOpen = false
      } else if let piece = Prose.opening(text) {
        pieces.append(piece)
        if case .heading = piece { isOpen = false } else { isOpen = true }
      } else if isOpen, let joined = Prose.join(pieces.last, text) {
        pieces[pieces.count - 1] = joined
      } else {
        pieces.append(.paragraph(text))
        isOpen = true
      }
    }
    return pieces
  }

  private static func isBlock(_ piece: Piece?) -> Bool {
    if case .block = piece { true } else { false }
  }

  private static func add(_ line: String, to pieces: inout [Piece], _ isOpen: Bool) {
    if isOpen, case .block(let lines)? = pieces.last {
      pieces[pieces.count - 1] = .block(lines + [line])
    } else {
      pieces.append(.block([line]))
    }
  }

  /// A heading or an item that a line begins; `nil` for others.
  private static func opening(_ text: String) -> Piece? {
    let level = text.prefix { $0 == "#" }.count
    if level > 0, text.dropFirst(level).hasPrefix(" ") {
      return .heading(level: level, String(text.dropFirst(level)).trimmed)
    }
    for mark in ["- ", "* "] where text.hasPrefix(mark) {
      return .item(mark: "-", String(text.dropFirst(2)).trimmed)
    }
    let digits = text.prefix(while: \.isNumber)
    if !digits.isEmpty, text.dropFirst(digits.count).hasPrefix(". ") {
      return .item(mark: digits + ".", String(text.dropFirst(digits.count + 2)).trimmed)
    }
    return nil
  }

  private static func join(_ piece: Piece?, _ text: String) -> Piece? {
    switch piece {
    case .paragraph(let before): .paragraph(before + " " + text)
    case .item(let mark, let before): .item(mark: mark, before + " " + text)
    case .heading, .block, nil: nil
    }
  }

  // MARK: As a report

  /// What it says, as a report says it.
  package var report: Report {
    var report = Report()
    var last: Piece?
    for piece in pieces {
      if let last, !Prose.stand(last, piece) { report.append(.gap) }
      switch piece {
      case .heading(_, let text): report.append(.line(Prose.styled(text, within: .strong)))
      case .paragraph(let text): report.append(.paragraph(Prose.styled(text)))
      case .item(let mark, let text):
        report.append(.items([RichText(mark + " ") + Prose.styled(text)]))
      case .block(let lines): report.append(.verbatim(lines.map { "    " + $0 }.lined))
      }
      last = piece
    }
    return report
  }

  /// True where two pieces stand below each other without room: items of a list.
  private static func stand(_ one: Piece, _ other: Piece) -> Bool {
    if case .item = one, case .item = other { true } else { false }
  }

  /// Emphasis and code in their styles, without their marks.
  static func styled(_ text: String, within plain: RichText.Style = .plain) -> RichText {
    var runs: [RichText.Run] = []
    var open = ""
    var rest = text[...]
    func close() {
      if !open.isEmpty { runs.append(RichText.Run(open, plain)) }
      open = ""
    }
    while let first = rest.first {
      if first == "`", let end = rest.dropFirst().firstIndex(of: "`") {
        close()
        // The marks stay: they tell code from words where there is no colour.
        runs.append(RichText.Run(String(rest[...end]), .name))
        rest = rest[rest.index(after: end)...]
      } else if first == "*", let inner = emphasis(rest) {
        close()
        runs.append(RichText.Run(String(inner), .strong))
        rest = rest[inner.endIndex...].drop { $0 == "*" }
      } else {
        open.append(first)
        rest = rest.dropFirst()
      }
    }
    close()
    return RichText(runs)
  }

  /// What stands between the stars that a text begins with; `nil` where they mark nothing.
  private static func emphasis(_ text: Substring) -> Substring? {
    let stars = text.prefix { $0 == "*" }.count
    let inner = text.dropFirst(stars)
    guard stars <= 2, let first = inner.first, !first.isWhitespace,
      let end = inner.firstIndex(of: "*"), end > inner.startIndex,
      !inner[inner.index(before: end)].isWhitespace,
      inner[end...].prefix(while: { $0 == "*" }).count >= stars
    else { return nil }
    return inner[..<end]
  }
}

extension [String] {
  /// Below each other.
  var lined: String { joined(separator: "\n") }
}
