import Evaluation
package import Reports
package import Syntax
import Writing

/// What a session tells of itself and of a text, outside of the language.
package enum SessionPages {
  /// Columns that a value takes at most in the list of names.
  private static let valueWidth = 60

  /// How a statement is parsed: a node a row.
  package static func tree(of statement: Statement) -> Report {
    let rows = TreePrinter.rows(statement).map {
      Outline.Row(depth: $0.depth, RichText($0.text))
    }
    return Report(.chart(.tree(Outline(rows))))
  }

  /// The names of a session, with the types and the beginnings of their values.
  package static func names(in session: Session) -> Report {
    let interpreter = session.interpreter
    var table = ReportTable(.left(), .left(), .left())
    for (name, value) in interpreter.bindings {
      let lines = interpreter.display(value).split(separator: "\n")
      let first = String(lines.first ?? "")
      let isWhole = lines.count <= 1 && first.count <= valueWidth
      table.add(
        .text(RichText(name, .name)), TableCell(interpreter.typeName(of: value)),
        TableCell(isWhole ? first : first.prefix(valueWidth - 1) + "…"))
    }
    return table.rows.isEmpty ? Report() : Report(.table(table))
  }
}
