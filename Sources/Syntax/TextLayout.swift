/// A text with places where it may break, laid out to a width (Wadler, "A prettier printer", 1998).
indirect enum TextLayout {
  case text(String)
  /// Text that has no width: a comment.
  case comment(String)
  /// A place to break; the text where it does not.
  case softBreak(flat: String)
  /// A line break, always.
  case hardBreak
  /// A break to an empty line.
  case blankLine
  case row([TextLayout])
  /// Text that stands only where everything is on one line.
  case inline(String)
  /// One level further in.
  case nest(TextLayout)
  /// Breaks at all of its places or at none; never at none where it holds a hard break.
  case group(TextLayout)

  /// Layouts with another between each two.
  static func joined(_ layouts: [TextLayout], by separator: TextLayout) -> TextLayout {
    var row: [TextLayout] = []
    for (place, layout) in layouts.enumerated() {
      if place > 0 { row.append(separator) }
      row.append(layout)
    }
    return .row(row)
  }

  /// The text on one line: hard breaks become spaces.
  var inlineText: String {
    switch self {
    case .text(let word), .softBreak(flat: let word), .inline(let word): word
    case .hardBreak: " "
    case .comment, .blankLine: ""
    case .row(let layouts): layouts.map(\.inlineText).joined()
    case .nest(let layout), .group(let layout): layout.inlineText
    }
  }

  /// The text, with lines of at most `width` columns where the places to break allow it.
  func text(width: Int) -> String {
    var text = ""
    var column = 0
    var stack = [Piece(indent: 0, isFlat: false, layout: self)]
    while let piece = stack.popLast() {
      switch piece.layout {
      case .text(let word):
        text += word
        column += word.count
      case .comment(let comment): text += comment
      case .softBreak(let flat) where piece.isFlat:
        text += flat
        column += flat.count
      case .softBreak, .hardBreak:
        text += "\n" + String(repeating: " ", count: piece.indent)
        column = piece.indent
      case .blankLine: text += "\n"
      case .inline: break
      case .row(let layouts):
        for layout in layouts.reversed() { stack.append(piece.with(layout)) }
      case .nest(let layout):
        stack.append(
          Piece(indent: piece.indent + 2, isFlat: piece.isFlat, layout: layout))
      case .group(let layout):
        let flat = Piece(indent: piece.indent, isFlat: true, layout: layout)
        let fits = piece.isFlat || Self.fits(flat, before: stack, in: width - column)
        stack.append(fits ? flat : piece.with(layout))
      }
    }
    return text
  }

  /// A layout that is still to be written.
  private struct Piece {
    /// Columns that a line begins with after a break in it.
    let indent: Int
    /// True where its soft breaks are not taken.
    let isFlat: Bool
    /// What is to be written.
    let layout: TextLayout

    /// A part of it, under the same terms.
    func with(_ layout: TextLayout) -> Piece {
      Piece(indent: indent, isFlat: isFlat, layout: layout)
    }
  }

  /// True where a piece, and what follows it up to the next place to break, fits.
  private static func fits(_ piece: Piece, before rest: [Piece], in width: Int) -> Bool {
    var room = width
    var own = [piece.layout]
    while let layout = own.popLast() {
      switch layout {
      case .text(let word): room -= word.count
      case .comment, .inline: break
      case .softBreak(let flat): room -= flat.count
      case .hardBreak, .blankLine: return false
      case .row(let layouts): own.append(contentsOf: layouts.reversed())
      case .nest(let layout), .group(let layout): own.append(layout)
      }
      if room < 0 { return false }
    }
    for piece in rest.reversed() {
      var after = [piece.layout]
      while let layout = after.popLast() {
        switch layout {
        case .text(let word): room -= word.count
        case .comment, .inline: break
        case .softBreak(let flat):
          if !piece.isFlat { return true }
          room -= flat.count
        case .hardBreak, .blankLine: return true
        case .row(let layouts): after.append(contentsOf: layouts.reversed())
        case .nest(let layout), .group(let layout): after.append(layout)
        }
        if room < 0 { return false }
      }
    }
    return true
  }
}
