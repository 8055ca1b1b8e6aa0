import Syntax

/// An answer of several commands while it is typed: what defines a name takes the place of what
/// defined it before, so that what is handed in is what a student would have written at once.
package struct Draft: Sendable {
  /// A command with the name that it defines.
  private struct Part: Sendable {
    let name: String?
    let text: String
  }
  private var parts: [Part] = []

  /// The commands of a text; none where it cannot be read.
  package init(_ text: String = "") { add(text) }

  /// True where it holds no command.
  package var isEmpty: Bool { parts.isEmpty }

  /// Adds the commands of a text that can be read.
  package mutating func add(_ text: String) {
    let parsed = Parser.parse(SourceText(name: "<draft>", text: text))
    guard parsed.faults.isEmpty else { return }
    for statement in parsed.script.statements {
      let name = Draft.name(of: statement)
      if let name { parts.removeAll { $0.name == name } }
      parts.append(Part(name: name, text: statement.range.text))
    }
  }

  /// The commands, a line each at least.
  package var text: String { parts.map { $0.text + "\n" }.joined() }

  private static func name(of statement: Statement) -> String? {
    switch statement.kind {
    case .function(let declaration): declaration.name.name
    case .layer(let declaration): declaration.name.name
    case .strategy(let declaration): declaration.name.name
    case .binding(let names, _) where names.count == 1: names[0].name
    default: nil
    }
  }
}
