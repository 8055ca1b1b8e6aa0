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
    for option in entry.options
    where option.isRequired && options[option.name] == nil && !takesSessionBudget(name, option) {
      throw Fault(
        .missingArgument(option.name, of: name, expected: entry.options.map(\.name), at: range))
    }
    do {
      if entry.options.allSatisfy({ !takesSessionBudget(name, $0) }) || options["budget"] != nil {
        _ = try entry.make(options)
      }
    } catch {
      throw Fault(.schedule(error, strategy: name, base: 0, at: range))
    }
    let spelling = spelled.isEmpty ? name : "\(name)(\(spelled.joined(separator: ", ")))"
    return StrategyValue(kind: .builtin(name, options), spelling: spelling)
  }

  /// True for the budget of `auto`, which is the session's unless one is given.
  private func takesSessionBudget(_ name: String, _ option: Catalogue.Option) -> Bool {
    name == "auto" && option.name == "budget"
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
      kind: .learner(declaration, closure, arguments),
      spelling: parts.isEmpty ? name : "\(name)(\(parts.joined(separator: ", ")))")
  }

  /// The schedule of a workload under a strategy. Budgets that a learner writes count all that lives; the
  /// schedule gets what `base` leaves.
  func schedule(
    _ workload: Workload, with strategy: StrategyValue, base: Account, at range: SourceRange
  ) throws(Fault) -> Schedule {
    switch strategy.kind {
    case .builtin(let name, var options):
      var asked = name == "auto" ? ledger.budget : nil
      if case .bytes(let bytes) = options["budget"] {
        asked = bytes
        options["budget"] = .bytes(max(0, bytes - base.total))
      } else if name == "auto" {
        options["budget"] = .bytes(max(0, (ledger.budget ?? .max) - base.total))
      }
      do {
        return try Catalogue.make(name, options).schedule(workload)
      } catch {
        throw Fault(
          .schedule(
            error, strategy: strategy.spelling, base: base.total, asked: asked, at: range))
      }
    case .learner(let declaration, let closure, let arguments):
      return try learnerSchedule(
        workload, declaration, closure, arguments, spelling: strategy.spelling, at: range)
    }
  }

  /// The cheapest schedule that stays within `bytes`, among the strategies a learner would try.
  func cheapestFitting(
    _ workload: Workload, within bytes: Int, except spelling: String
  ) -> (spelling: String, peak: Int)? {
    var best: (spelling: String, peak: Int, cost: Int)?
    for (name, options) in Interpreter.candidates {
      guard let strategy = try? Catalogue.make(name, options),
        let schedule = try? strategy.schedule(workload),
        let rehearsal = try? Rehearsal.of(schedule, workload), rehearsal.peak <= bytes
      else { continue }
      if best == nil || rehearsal.replayedCost < best!.cost {
        best = (strategy.spelling, rehearsal.peak, rehearsal.replayedCost)
      }
    }
    return best.map { ($0.spelling, $0.peak) }
  }

  private static let candidates: [(String, [String: Catalogue.OptionValue])] =
    [("keep_all", [:]), ("sqrt_n", [:]), ("bisect", [:])]
    + [2, 3, 4, 8].map { ("every", ["k": .integer($0)]) }
    + [8, 5, 4, 3, 2].map { ("revolve", ["slots": .integer($0)]) }
}
