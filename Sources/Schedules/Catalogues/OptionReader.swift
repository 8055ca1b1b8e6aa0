/// Reads the options of a strategy: right kind, in range, or an error that says what was expected.
struct OptionReader {
  private let values: [String: Catalogue.OptionValue]

  /// Reads from these options, by name.
  init(_ values: [String: Catalogue.OptionValue]) { self.values = values }

  /// A required number.
  func integer(_ name: String) throws(ScheduleError) -> Int {
    switch values[name] {
    case .integer(let value)?: return value
    case let other: throw mismatch(name, .integer, other)
    }
  }

  /// A number that may be left out.
  func integer(_ name: String, default fallback: Int) throws(ScheduleError) -> Int {
    values[name] == nil ? fallback : try integer(name)
  }

  /// Required bytes: a size, or an integer that means bytes.
  func bytes(_ name: String) throws(ScheduleError) -> Int {
    switch values[name] {
    case .bytes(let value)?, .integer(let value)?:
      guard value >= 0 else {
        throw .option(
          name: name, expected: .sizeNotBelowZero, found: .value(.integer(value)))
      }
      return value
    case let other: throw mismatch(name, .size, other)
    }
  }

  /// A number, whole or not, at least 0.
  func number(_ name: String, default fallback: Double) throws(ScheduleError) -> Double {
    let value: Double
    switch values[name] {
    case nil: return fallback
    case .number(let given)?: value = given
    case .integer(let given)?: value = Double(given)
    case let other: throw mismatch(name, .number, other)
    }
    guard value >= 0, value.isFinite else {
      throw .option(
        name: name, expected: .numberNotBelowZero, found: .value(.number(value)))
    }
    return value
  }

  /// One of the given words.
  func word(
    _ name: String, of words: [String], default fallback: String
  ) throws(ScheduleError) -> String {
    switch values[name] {
    case nil: return fallback
    case .word(let word)? where words.contains(word): return word
    case let other:
      throw mismatch(name, .oneOf(words), other)
    }
  }

  /// A list of names; `nil` where it was left out.
  func words(_ name: String) throws(ScheduleError) -> [String]? {
    switch values[name] {
    case nil: return nil
    case .words(let words)?: return words
    case .word(let word)?: return [word]
    case let other: throw mismatch(name, .listOfNames, other)
    }
  }

  /// `stages: layers | operations`.
  func cut() throws(ScheduleError) -> Chain.Cut {
    let words = Chain.Cut.allCases.map(\.rawValue)
    let name = try word("stages", of: words, default: Chain.Cut.layers.rawValue)
    return Chain.Cut(rawValue: name) ?? .layers
  }

  private func mismatch(
    _ name: String, _ expected: OptionExpectation, _ found: Catalogue.OptionValue?
  ) -> ScheduleError {
    .option(name: name, expected: expected, found: found.map { .value($0) } ?? .nothing)
  }
}

extension Catalogue.OptionValue {
  /// The value as a learner writes it.
  package var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .bytes(let value): Spelling.bytes(value)
    case .number(let value): value.isNaN ? "nan" : "\(value)"
    case .word(let word): word
    case .words(let words): Spelling.list(words)
    }
  }
}

extension Catalogue.Option {
  /// The option that every chain strategy takes.
  static let stages = Catalogue.Option(
    "stages", .word(Chain.Cut.allCases.map(\.rawValue)),
    "What counts as a stage: the layers of the applied chains (the default; in loops, and where "
      + "layers do not narrow, each narrow point), or each narrow operation.",
    isRequired: false)
}
