import Graphs
import Schedules
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// A value as a strategy: one, or something that makes one without being told anything.
  func asStrategy(_ value: Value, at range: SourceRange) throws(Fault) -> StrategyValue {
    switch value {
    case .strategy(let strategy): return strategy
    case .function(let function):
      switch function.kind {
      case .strategyMaker, .learnerStrategy:
        if case .strategy(let strategy) = try call(value, [], at: range) { return strategy }
      default: break
      }
    default: break
    }
    throw Fault(.notAStrategy(value, at: range))
  }

  /// The value of what stands where a strategy is named: a name that is not known is most likely a
  /// strategy's, misspelt.
  func strategyValue(of node: CodeNode, _ frame: Frame) throws(Fault) -> Value {
    do throws(Fault) {
      return try node.evaluate(frame)
    } catch {
      let fault = error.diagnostic
      guard fault.code == "unknown-name", let range = fault.range else { throw error }
      let names = Catalogue.entries.map(\.name)
      guard let closest = Suggestion.closest(to: range.text, among: names) else { throw error }
      throw Fault(fault.hinting("did you mean `\(closest)`?"))
    }
  }

  /// Makes a built-in strategy; its options are checked here, against the catalogue.
  func makeStrategy(
    _ name: String, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> StrategyValue {
    guard let entry = Catalogue.entries.first(where: { $0.name == name }) else {
      throw Fault(.unknownName(name, at: range, known: knownNames))
    }
    var options: [String: Catalogue.OptionValue] = [:]
    let places = try arguments.places(in: entry.options, of: name, at: range)
    for (option, place) in zip(entry.options, places) {
      guard let place else { continue }
      options[option.name] = try optionValue(arguments[place], option, of: name)
    }
    let strategy: any Strategy
    do {
      strategy = try entry.make(options)
    } catch {
      throw Fault(.schedule(error, strategy: name, base: 0, at: range))
    }
    return StrategyValue(SpelledStrategy(strategy, as: spelling(of: name, arguments)))
  }

  /// The call that makes a strategy, as a learner wrote it: `every(4)`, `keep_none`.
  private func spelling(of name: String, _ arguments: [PassedArgument]) -> String {
    let parts = arguments.map { argument in
      (argument.label.map { "\($0.name): " } ?? "") + optionText(argument.value)
    }
    return parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ", ")))"
  }

  private func optionText(_ value: Value) -> String {
    switch value {
    case .list(let list):
      "["
        + list.elements.map { element in
          if case .string(let text) = element { return text.string.quoted }
          return optionText(element)
        }.joined(separator: ", ") + "]"
    case .function(let function): function.name
    default: text(of: value)
    }
  }

  private func optionValue(
    _ argument: PassedArgument, _ option: Catalogue.Option, of name: String
  ) throws(Fault) -> Catalogue.OptionValue {
    let wanted: Diagnostic.Wanted
    switch option.kind {
    case .integer:
      if case .integer(let value) = argument.value { return .integer(value) }
      wanted = .integer
    case .bytes:
      if case .bytes(let value) = argument.value { return .bytes(value) }
      if case .integer(let value) = argument.value { return .bytes(value) }
      wanted = .size
    case .number:
      if let value = double(argument.value) { return .number(value) }
      wanted = .number
    case .word(let words):
      if case .string(let text) = argument.value, words.contains(text.string) {
        return .word(text.string)
      }
      wanted = .words(words)
    case .words, .operations:
      let words = try names(in: argument.value, as: option.name, of: name, at: argument.range)
      let known = Operation.forwardNames
      if option.kind == .operations, let unknown = words.first(where: { !known.contains($0) }) {
        throw Fault(
          .schedule(
            .unknown(.operation, name: unknown, known: known), strategy: name, base: 0,
            at: argument.range))
      }
      return .words(words)
    }
    throw Fault(
      .expected(
        wanted, found: argument.value, as: .parameter(option.name, of: name), at: argument.range))
  }

  /// The names in a list of strings or functions, which `option` of `owner` takes.
  func names(
    in value: Value, as option: String, of owner: String, at range: SourceRange
  ) throws(Fault) -> [String] {
    guard case .list(let list) = value else {
      throw Fault(
        .expected(.listOfNames, found: value, as: .parameter(option, of: owner), at: range))
    }
    return try list.elements.map { (element) throws(Fault) -> String in
      switch element {
      case .string(let text): return text.string
      case .function(let function): return function.name
      default:
        throw Fault(
          .expected(.names, found: element, as: .parameter(option, of: owner), at: range))
      }
    }
  }

  /// Makes a learner's strategy. Its body runs when a block is planned.
  func makeStrategy(
    _ declaration: StrategyDeclaration, _ closure: Closure, _ arguments: [PassedArgument],
    at range: SourceRange
  ) throws(Fault) -> StrategyValue {
    let name = declaration.name.name
    // The first parameter is the chain or the graph, which it gets where a block is planned.
    _ = try arguments.places(
      in: Array(closure.code.parameters.dropFirst()), of: name, at: range)
    return StrategyValue(
      LearnerStrategy(
        declaration: declaration, closure: closure, arguments: arguments,
        spelling: spelling(of: name, arguments), range: range, machine: self))
  }
}
