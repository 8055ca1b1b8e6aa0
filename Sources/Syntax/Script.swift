/// A whole text, parsed: statements, and between them what a reader sees.
package struct Script: Sendable {
  /// What every range in it points into.
  package let source: SourceText
  /// Everything in it, from top to bottom.
  package let items: [Item]

  /// What stands on a line, or on some lines that belong together.
  package enum Item: Sendable {
    /// With the comments inside it moved above it, as items of their own.
    case statement(Statement)
    /// Empty lines, folded into one.
    case blank
    /// A whole-line comment, `#` included.
    case comment(String, SourceRange)
    /// `# %%` with its title, which may be empty.
    case cell(title: String, SourceRange)
    /// `# %% [markdown]` and its lines, without the leading `# `.
    case prose(title: String, lines: [String], SourceRange)
    /// Recorded output below a statement: the lines without the leading `#> `.
    case output([String], SourceRange)
  }

  /// The statements in order: the commands of a session.
  package var statements: [Statement] {
    items.compactMap { if case .statement(let statement) = $0 { statement } else { nil } }
  }

  /// The items of a text.
  package init(source: SourceText, items: [Item]) {
    self.source = source
    self.items = items
  }
}
