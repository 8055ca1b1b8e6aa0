/// The list of built-in strategies: what `cairn strategies` prints, and what the laws iterate over.
package enum Catalogue {
  /// The value of an option as the language passes it.
  package enum OptionValue: Hashable, Sendable {
    case integer(Int)
    case bytes(Int)
    case number(Double)
    /// A bare word, such as `operations` or `h_dtr`, or a string.
    case word(String)
    case words([String])
  }

  /// What an option takes.
  package enum OptionKind: Hashable, Sendable {
    case integer
    case bytes
    case number
    case word([String])
    case words
    /// Names of operations.
    case operations
  }

  /// One option of a strategy: what it is called, what it takes, what it means.
  package struct Option: Hashable, Sendable {
    /// As a learner writes it before the colon: `slots`.
    package let name: String
    /// What it takes; `OptionReader` throws `.option` where it is given something else.
    package let kind: OptionKind
    /// What it means, and its default: one sentence.
    package let summary: String
    /// True where the strategy cannot be made without it.
    package let isRequired: Bool

    /// An option; `summary` is one sentence, with the default of one that may be left out.
    package init(_ name: String, _ kind: OptionKind, _ summary: String, isRequired: Bool) {
      self.name = name
      self.kind = kind
      self.summary = summary
      self.isRequired = isRequired
    }
  }

  /// What a strategy may be planned on.
  package enum Subject: String, Hashable, Sendable {
    /// The stages of a chain.
    case chain
    /// Any graph.
    case graph
  }

  /// What a strategy is, in a few words each: a row of `cairn strategies --table`.
  package struct Facts: Hashable, Sendable {
    /// What it works on.
    package let subject: Subject
    /// What is proven of its plans, or holds of them by the way they are made.
    package let guarantee: String
    /// How the work of planning grows, for n stages or steps.
    package let planning: String
    /// Authors and year, or the program that has it.
    package let paper: String
  }

  /// One built-in strategy: its page of the manual, and how it is made.
  package struct Entry: Sendable {
    /// As a learner writes it, unique in the catalogue: `disk_revolve`.
    package let name: String
    /// In the order that unlabelled arguments fill them: `every(4)`.
    package let options: [Option]
    /// One line.
    package let summary: String
    /// A few sentences: what it guarantees, what it costs, what it prints.
    package let details: String
    /// Paper and equation.
    package let source: String
    /// The same in a few words, to compare strategies by.
    package let facts: Facts
    /// A line of Cairn that uses it on a layer `net`, inputs `x` and labels `y`.
    package let example: String
    /// Makes the strategy from the options given, by name. Throws `.option` for one that is
    /// missing, of another kind or out of range; names that are no option are refused before, by
    /// `Catalogue.make`.
    package let make: @Sendable ([String: OptionValue]) throws(ScheduleError) -> any Strategy

    /// An entry; the texts are shown by `help` and `cairn strategies` as they stand here.
    package init(
      name: String, options: [Option], summary: String, details: String, source: String,
      facts: Facts, example: String,
      make: @escaping @Sendable ([String: OptionValue]) throws(ScheduleError) -> any Strategy
    ) {
      self.name = name
      self.options = options
      self.summary = summary
      self.details = details
      self.source = source
      self.facts = facts
      self.example = example
      self.make = make
    }

    /// The example as it runs: with what it is about.
    package var script: String {
      """
      let net = chain(dense(2, 8), gelu, dense(8, 8), gelu, dense(8, 3))
      let x, y = spirals(count: 30, classes: 3)
      \(example)
      """
    }
  }
}
