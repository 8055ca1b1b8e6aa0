import Schedules
import Syntax
import Tensors

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

  /// Makes a built-in strategy; its options are checked here, against the catalogue.
  func makeStrategy(
    _ name: String, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> StrategyValue {
    guard let entry = Catalogue.entries.first(where: { $0.name == name }) else {
      throw Fault(.unknownName(name, at: range, known: knownNames))
    }
    var options: [String: Catalogue.OptionValue] = [:]
    var spelled: [String] = []
    var position = 0
    for argument in arguments {
      let option: Catalogue.Option
      if let label = argument.label {
        guard let found = entry.options.first(where: { $0.name == label.name }) else {
          throw Fault(
            .unknownLabel(
              label.name, of: name, known: entry.options.map(\.name), at: label.range))
        }
        option = found
      } else {
        guard position < entry.options.count else {
          throw Fault(
            .argumentCount(
              name, expected: entry.options.map(\.name), found: arguments.count, at: range))
        }
        option = entry.options[position]
        position += 1
      }
      guard options[option.name] == nil else {
        throw Fault(.repeatedArgument(option.name, of: name, at: argument.range))
      }
      options[option.name] = try optionValue(argument, option, of: name)
      spelled.append(
        (argument.label.map { "\($0.name): " } ?? "") + optionText(argument.value))
    }
    for option in entry.options where option.isRequired && options[option.name] == nil {
      throw Fault(
        .missingArgument(option.name, of: name, expected: entry.options.map(\.name), at: range))
    }
    let strategy: any Strategy
    do {
      strategy = try entry.make(options)
    } catch {
      throw Fault(.schedule(error, strategy: name, base: 0, at: range))
    }
    let spelling = spelled.isEmpty ? name : "\(name)(\(spelled.joined(separator: ", ")))"
    return StrategyValue(SpelledStrategy(strategy, as: spelling))
  }

  private func optionText(_ value: Value) -> String {
    switch value {
    case .list(let list):
      "["
        + list.elements.map { element in
          if case .string(let text) = element { return Interpreter.quoted(text.string) }
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
    case .words:
      if case .list(let list) = argument.value {
        var words: [String] = []
        for element in list.elements {
          switch element {
          case .string(let text): words.append(text.string)
          case .function(let function): words.append(function.name)
          default:
            throw Fault(
              .expected(
                .names, found: element, as: .parameter(option.name, of: name), at: argument.range))
          }
        }
        return .words(words)
      }
      wanted = .listOfNames
    }
    throw Fault(
      .expected(
        wanted, found: argument.value, as: .parameter(option.name, of: name), at: argument.range))
  }

  /// Makes a learner's strategy. Its body runs when a block is planned.
  func makeStrategy(
    _ declaration: StrategyDeclaration, _ closure: Closure, _ arguments: [PassedArgument],
    at range: SourceRange
  ) throws(Fault) -> StrategyValue {
    let parts = arguments.map { argument in
      (argument.label.map { "\($0.name): " } ?? "") + optionText(argument.value)
    }
    let name = declaration.name.name
    return StrategyValue(
      LearnerStrategy(
        declaration: declaration, closure: closure, arguments: arguments,
        spelling: parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ", ")))",
        range: range, machine: self))
  }
}
