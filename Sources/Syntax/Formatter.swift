/// Writes a tree back as text in the canonical layout: two spaces a level, one space around
/// operators, lines of at most 100 columns where brackets or pipes allow a break, parentheses only
/// where the meaning needs them, comments and recorded output kept, empty lines folded into one.
///
/// Formatting a formatted text changes nothing.
package enum Formatter {
  /// Columns that a line may have, where it can be broken.
  static let width = 100

  /// A whole script; ends with a newline unless it is empty.
  package static func format(_ script: Script) -> String {
    var text = ""
    var isBlankDue = false
    for item in script.items {
      if case .blank = item {
        isBlankDue = !text.isEmpty
        continue
      }
      if isBlankDue { text += "\n" }
      isBlankDue = false
      text += Self.text(item) + "\n"
    }
    return text
  }

  /// An expression on its own, without a newline at its end.
  package static func format(_ expression: Expression) -> String {
    layout(expression).text(width: width)
  }

  /// A statement on its own, with its comments, without a newline at its end.
  package static func format(_ statement: Statement) -> String {
    lines([statement], dangling: []).text(width: width)
  }

  /// The lines of an item, without a newline at their end.
  private static func text(_ item: Script.Item) -> String {
    switch item {
    case .statement(let statement): format(statement)
    case .blank: ""
    case .comment(let text, _): text
    case .cell(let title, _): title.isEmpty ? "# %%" : "# %% " + title
    case .prose(let title, let lines, _):
      (["# %% [markdown]" + (title.isEmpty ? "" : " " + title)]
        + lines.map { $0.isEmpty ? "#" : "# " + $0 }).joined(separator: "\n")
    case .output(let lines, _):
      lines.map { $0.isEmpty ? "#>" : "#> " + $0 }.joined(separator: "\n")
    }
  }

  // MARK: blocks

  /// Statements on lines of their own, with their comments.
  static func lines(_ statements: [Statement], dangling: [String]) -> TextLayout {
    var lines = Lines()
    for statement in statements {
      lines.add(comments: statement.leading)
      lines.add(layout(statement), trailing: statement.trailing)
    }
    lines.add(comments: dangling)
    return lines.layout
  }

  /// Lines below each other, with a blank line where one is asked for.
  struct Lines {
    /// What they come to.
    var layout: TextLayout { .row(row) }
    private var row: [TextLayout] = []

    /// Comments on lines of their own; an empty one is a blank line, which nothing begins with.
    mutating func add(comments: [String]) {
      for comment in comments {
        if comment.isEmpty {
          if !row.isEmpty { row.append(.blankLine) }
        } else {
          breakLine()
          row.append(.comment(comment))
        }
      }
    }

    /// A line, or several, with the comment behind them.
    mutating func add(_ layout: TextLayout, trailing: String?) {
      breakLine()
      row.append(layout)
      if let trailing { row.append(.comment("  " + trailing)) }
    }

    private mutating func breakLine() {
      if !row.isEmpty { row.append(.hardBreak) }
    }
  }

  /// A block; on one line where it was on one line, holds one statement, and fits.
  static func layout(_ block: Block) -> TextLayout {
    isShort(block) ? .group(shortLayout(block)) : longLayout(block)
  }

  /// True for a block that may stay on one line.
  static func isShort(_ block: Block) -> Bool {
    guard block.opening == nil, block.dangling.isEmpty, block.statements.count <= 1,
      !block.range.text.utf8.contains(UInt8(ascii: "\n"))
    else { return false }
    guard let statement = block.statements.first else { return true }
    return statement.leading.isEmpty && statement.trailing == nil
  }

  /// A block of at most one statement, on one line where the group around it fits.
  static func shortLayout(_ block: Block) -> TextLayout {
    guard let statement = block.statements.first else { return .text("{ }") }
    return .row([
      .text("{"), .nest(.row([.softBreak(flat: " "), layout(statement)])),
      .softBreak(flat: " "), .text("}"),
    ])
  }

  /// A block with a line for each statement; `{ }` for one that holds nothing.
  static func longLayout(_ block: Block) -> TextLayout {
    guard !block.statements.isEmpty || !block.dangling.isEmpty || block.opening != nil else {
      return .text("{ }")
    }
    return braces(
      opening: block.opening, lines(block.statements, dangling: block.dangling),
      isEmpty: block.statements.isEmpty && block.dangling.isEmpty)
  }

  /// Lines between braces.
  static func braces(opening: String?, _ lines: TextLayout, isEmpty: Bool = false) -> TextLayout {
    .row([
      .text("{"), .comment(opening.map { "  " + $0 } ?? ""),
      isEmpty ? .row([]) : .nest(.row([.hardBreak, lines])), .hardBreak, .text("}"),
    ])
  }

  // MARK: brackets

  /// Items in brackets: on one line, or one a line.
  static func bracketed(_ open: String, _ items: [TextLayout], _ close: String) -> TextLayout {
    guard !items.isEmpty else { return .text(open + close) }
    let separator = TextLayout.row([.text(","), .softBreak(flat: " ")])
    return .group(
      .row([
        .text(open),
        .nest(.row([.softBreak(flat: ""), .joined(items, by: separator)])),
        .softBreak(flat: ""), .text(close),
      ]))
  }

  /// Parameters in their parentheses.
  static func layout(_ parameters: [Parameter]) -> TextLayout {
    let items = parameters.map { parameter in
      guard let value = parameter.defaultValue else { return TextLayout.text(parameter.name.name) }
      return .row([.text(parameter.name.name + " = "), layout(value)])
    }
    return bracketed("(", items, ")")
  }

  /// Arguments in their parentheses.
  static func layout(_ arguments: [Argument]) -> TextLayout {
    let items = arguments.map { argument in
      guard let label = argument.label else { return layout(argument.value) }
      return .row([.text(label.name + ": "), layout(argument.value)])
    }
    return bracketed("(", items, ")")
  }
}
