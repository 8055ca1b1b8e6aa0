/// What a command has to say, as data: parts in order. Renderers draw it for a terminal, as JSON,
/// or as a page.
package struct Report: Hashable, Sendable {
  /// From top to bottom.
  package private(set) var parts: [Part]
  /// True where what is printed next stands on the line of what was printed last.
  private var isLineOpen = false

  /// These parts, from top to bottom; without any it says nothing.
  package init(_ parts: [Part] = []) { self.parts = parts }
  /// The same.
  package init(_ parts: Part...) { self.parts = parts }

  /// True where there is nothing to say.
  package var isEmpty: Bool { parts.isEmpty }

  /// One thing that a report says.
  package indirect enum Part: Hashable, Sendable {
    /// Sentences; broken into lines where they are long.
    case paragraph(RichText)
    /// A line that stands as it is in a terminal, however long.
    case line(RichText)
    /// A remark on what stands above.
    case note(RichText)
    /// Characters that stand as they are, spaces and line ends included: what `print` wrote, a
    /// tensor's rows.
    case verbatim(String)
    /// Cairn code.
    case code(String)
    /// Short names, one after the other.
    case names([String])
    /// Items of a list.
    case items([RichText])
    /// Labels with what is said of each.
    case facts(Facts)
    /// Rows of cells under columns.
    case table(ReportTable)
    /// A drawing.
    case chart(Chart)
    /// A title and what stands below it.
    case section(Section)
    /// Room: what follows is another thought.
    case gap
  }

  /// A title and what stands below it.
  package struct Section: Hashable, Sendable {
    /// How far a section reaches.
    package enum Rank: Hashable, Sendable, CaseIterable {
      /// A page of its own: the title stands above all, apart.
      case page
      /// A group within a page: its parts stand indented below the title.
      case group
    }
    /// Whether it is a page or a group.
    package let rank: Rank
    /// May be empty: the parts then belong to what stands above.
    package let title: RichText
    /// From top to bottom.
    package let parts: [Part]

    /// A group, unless it is said to be a page.
    package init(_ title: RichText, rank: Rank = .group, _ parts: [Part]) {
      self.rank = rank
      self.title = title
      self.parts = parts
    }
  }

  /// Labels with what is said of each, one below the other.
  package struct Facts: Hashable, Sendable {
    /// A label with what is said of it.
    package struct Fact: Hashable, Sendable {
      /// What the lines are about: a word or two.
      package let label: String
      /// What stands beside the label, a line each.
      package let lines: [RichText]
      /// What stands below the label, where it takes more room.
      package let parts: [Part]

      /// What is said on a few lines, known in number.
      package init(_ label: String, _ lines: RichText..., parts: [Part] = []) {
        self.init(label, lines: lines, parts: parts)
      }

      /// The same with lines made elsewhere.
      package init(_ label: String, lines: [RichText], parts: [Part] = []) {
        self.label = label
        self.lines = lines
        self.parts = parts
      }
    }
    /// From top to bottom.
    package var facts: [Fact]
    /// Columns that labels take at least, in a terminal.
    package let labelWidth: Int

    /// The lines beside the labels begin in one column, behind the longest label or the given
    /// width.
    package init(_ facts: [Fact], labelWidth: Int = 0) {
      self.facts = facts
      self.labelWidth = labelWidth
    }
  }

  // MARK: Building

  /// Adds a part below the others; what is printed next begins a line.
  package mutating func append(_ part: Part) {
    parts.append(part)
    isLineOpen = false
  }

  /// Adds the parts of another report below these; what is printed next begins a line.
  package mutating func append(_ report: Report) {
    parts += report.parts
    isLineOpen = false
  }

  /// Adds text as it stands: below what was printed before it, or behind it where that did not end
  /// its line.
  package mutating func print(_ text: String, end: String = "\n") {
    let closes = end.hasSuffix("\n")
    let text = text + (closes ? String(end.dropLast()) : end)
    defer { isLineOpen = !closes }
    guard case .verbatim(var before)? = parts.last else {
      if closes || !text.isEmpty { parts.append(.verbatim(text)) }
      return
    }
    // The part lets go of the text, so that it grows in place.
    parts[parts.count - 1] = .gap
    if !isLineOpen { before += "\n" }
    before += text
    parts[parts.count - 1] = .verbatim(before)
  }
}
