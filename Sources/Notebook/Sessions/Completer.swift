package import Evaluation
import Experiments
import Schedules
import Syntax

/// What a half-typed word can become: words of the language and names, or what alone may stand
/// where it does.
package struct Completer {
  private let interpreter: Interpreter
  /// Words that only the session understands, such as `:vars`; offered at the start of a line.
  private let commands: [String]

  /// Completes to what this interpreter knows, and to `commands`, each with its colon.
  package init(_ interpreter: Interpreter, commands: [String] = []) {
    self.interpreter = interpreter
    self.commands = commands
  }

  /// Candidates for `word`, sorted, each once. `before` is the entry up to the word, of one line or
  /// several.
  package func candidates(for word: String, after before: String) -> [String] {
    let line = before.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if let place = FilePlace(String(line)) { return place.candidates(for: word) }
    let names: [String]
    if word.hasPrefix(":") {
      names = before.allSatisfy(\.isWhitespace) ? commands : []
    } else {
      names = self.names(at: CompletionPlace(before))
    }
    return Set(names.filter { $0.hasPrefix(word) }).sorted()
  }

  private func names(at place: CompletionPlace) -> [String] {
    switch place {
    case .field(let path): return value(at: path).map(interpreter.fieldNames) ?? []
    case .strategy: return interpreter.strategyNames
    case .trap: return Trap.allCases.map(\.rawValue)
    case .quantity: return Prediction.Quantity.allCases.map(\.rawValue)
    case .target: return interpreter.targetNames
    case .topic: return HelpPages(interpreter).topics
    case .detail: return AccountReport.Detail.allCases.map(\.rawValue)
    case .position: return Switch.allCases.map(\.rawValue)
    case .argument(let function):
      return interpreter.callOptions(of: function).map { $0.name + ": " } + everything
    case .option(let function, let name):
      let words = interpreter.callOptions(of: function).first { $0.name == name }?.words ?? []
      return words.isEmpty ? everything : words
    case .anything: return everything
    }
  }

  private var everything: [String] {
    Keywords.all + interpreter.knownNames + Catalogue.entries.map(\.name)
  }

  // MARK: Paths

  /// One step of a path: `.layers` or `[0]`; the name that it begins with is a field, too.
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
