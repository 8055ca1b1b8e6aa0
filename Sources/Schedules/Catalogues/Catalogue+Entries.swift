extension Catalogue {
  /// Every built-in strategy, in the order in which they are listed.
  package static let entries: [Entry] = [
    KeepAll.entry, KeepNone.entry, Marked.entry, Every.entry, SqrtN.entry,
    Bisect.entry, Revolve.entry, Mixed.entry, Optimal.entry, Exact.entry,
    Moccasin.entry, TWRemat.entry, DTR.entry, Policy.saveOnlyEntry, Policy.recomputeOnlyEntry,
    Knapsack.entry, Offload.entry, POET.entry, DiskRevolve.entry, Auto.entry,
  ]

  /// The entry of this name.
  package static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// Makes a strategy from its name and options.
  ///
  /// Throws `.option` for an unknown name, an unknown or missing option, or a value of the wrong
  /// kind or range.
  package static func make(
    _ name: String, _ options: [String: OptionValue] = [:]
  ) throws(ScheduleError) -> any Strategy {
    try make(name, positional: [], options)
  }

  /// The same; unlabelled arguments fill the options in order: `every(4)`.
  package static func make(
    _ name: String, positional: [OptionValue], _ labelled: [String: OptionValue] = [:]
  ) throws(ScheduleError) -> any Strategy {
    guard let entry = entry(name) else {
      throw .option(
        name: "strategy", expected: .oneOf(entries.map(\.name)), found: .value(.word(name)))
    }
    var options = labelled
    for (place, value) in positional.enumerated() {
      guard place < entry.options.count else {
        throw .option(
          name: name, expected: .atMostOptions(entry.options.count),
          found: .count(positional.count))
      }
      let option = entry.options[place].name
      guard options[option] == nil else {
        throw .option(name: option, expected: .oneValue, found: .two)
      }
      options[option] = value
    }
    let known = entry.options.map(\.name)
    for given in options.keys.sorted() where !known.contains(given) {
      throw .option(
        name: given, expected: known.isEmpty ? .noOption : .oneOf(known),
        found: .value(.word(given)))
    }
    return try entry.make(options)
  }
}
