package import Evaluation
import Schedules
import Syntax

/// What a half-typed word can become: words of the language, names, fields behind a dot.
package struct Completer {
  private let interpreter: Interpreter
  /// Words that only the session understands, such as `:vars`; offered at the start of a line.
  private let commands: [String]

  package init(_ interpreter: Interpreter, commands: [String] = []) {
    self.interpreter = interpreter
    self.commands = commands
  }

  /// Candidates for `word`, sorted, each once. `before` is the line up to the word.
  package func candidates(for word: String, after before: String) -> [String] {
    if let place = FilePlace(before) { return place.candidates(for: word) }
    let names: [String]
    if word.hasPrefix(":") {
      names = before.allSatisfy(\.isWhitespace) ? commands : []
    } else if before.hasSuffix(".") {
      let path = Completer.path(atEndOf: String(before.dropLast()))
      names = value(at: path).map(interpreter.fieldNames) ?? []
    } else {
      names =
        Keywords.all + interpreter.bindings.map(\.name) + interpreter.knownNames
        + Catalogue.entries.map(\.name)
    }
    return Set(names.filter { $0.hasPrefix(word) }).sorted()
  }

  // MARK: Paths

  enum PathStep: Equatable {
    case field(String)
    case index(Int)
  }

  /// The path that ends a text: `net.layers[0]` in `print(net.layers[0]`. Empty where none does.
  static func path(atEndOf text: String) -> [PathStep] {
    var steps: [PathStep] = []
    var rest = Substring(text)
    while true {
      if rest.last == "]" {
        guard let open = rest.lastIndex(of: "["),
          let index = Int(rest[rest.index(after: open)...].dropLast())
        else { return [] }
        steps.insert(.index(index), at: 0)
        rest = rest[..<open]
        continue
      }
      let name = String(
        rest.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }.reversed())
      guard let first = name.first, !first.isNumber else { return [] }
      steps.insert(.field(name), at: 0)
      rest = rest.dropLast(name.count)
      guard rest.last == "." else { return steps }
      rest = rest.dropLast()
    }
  }

  /// The value at a path, looked up without running anything.
  private func value(at path: [PathStep]) -> Value? {
    guard case .field(let name)? = path.first,
      var value = interpreter.bindings.first(where: { $0.name == name })?.value
    else { return nil }
    for step in path.dropFirst() {
      guard let next = Completer.member(step, of: value) else { return nil }
      value = next
    }
    return value
  }

  private static func member(_ step: PathStep, of value: Value) -> Value? {
    switch (step, value) {
    case (.index(let index), .list(let list)):
      let place = index < 0 ? index + list.elements.count : index
      return list.elements.indices.contains(place) ? list.elements[place] : nil
    case (.field("layers"), .layer(let layer)) where !layer.flatElements.isEmpty:
      return .list(List(layer.flatElements))
    case (.field(let name), .layer(let layer)):
      return layer.fields.first { $0.name == name }?.cell.value
    case (.field(let name), .record(let record)): return record[name]
    default: return nil
    }
  }
}
