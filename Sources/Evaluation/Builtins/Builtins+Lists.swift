import Syntax

extension Interpreter {
  /// How many elements a value has; `nil` where it has none.
  @Sendable
  private static func length(of value: Value) -> Value? {
    switch value {
    case .string(let text): .integer(text.count)
    case .range(let range): .integer(range.count)
    case .tensor(let tensor) where tensor.shape.rank > 0: .integer(tensor.shape[0])
    case .dataSet(let data): .integer(data.count)
    case .list(let list): .integer(list.count)
    case .dictionary(let dictionary): .integer(dictionary.entries.count)
    default: nil
    }
  }

  /// A list with one more element; `nil` where that is refused.
  @Sendable
  private static func longer(_ list: Value, _ element: Value) -> Value? {
    guard case .list(let list) = list, list.count < Interpreter.longestList,
      element.depth < Interpreter.deepestList
    else { return nil }
    return .list(list.appending(element))
  }

  /// Functions of lists and ranges.
  static let listBuiltins: [Builtin] = [
    Builtin(
      "length", [.init("x")],
      summary: "How many elements a list, range or string has, or a tensor along its first axis.",
      example: "length([1, 2, 3])",
      quick: Interpreter.length
    ) { (arguments, machine) throws(Fault) in
      if let count = Interpreter.length(of: arguments.value(0).value) { return count }
      return .integer(try arguments.list(0).count)
    },
    Builtin(
      "append", [.init("list"), .init("element")],
      summary: "A new list with one more element at its end.", example: "append([1, 2], 3)",
      quickPair: Interpreter.longer
    ) { (arguments, machine) throws(Fault) in
      let element = arguments.value(1).value
      guard case .list(let list) = arguments.value(0).value else {
        let elements = try arguments.list(0)
        return try machine.list(elements.count + 1, at: arguments.range) { elements + [element] }
      }
      return try machine.appended(list, element, at: arguments.range)
    },
    Builtin(
      "map", [.init("f"), .init("list")],
      summary:
        "The list of what a function gives for each element; of gradients, `map(g, f)`, the "
        + "gradients that it makes of each.",
      example: "map(fn(n) { n * n }, 0..<4)"
    ) { (arguments, machine) throws(Fault) in
      switch (arguments.value(0).value, arguments.value(1).value) {
      case (.gradients(let gradients), _):
        return .gradients(
          try machine.mapped(gradients, arguments.value(1), at: arguments.range))
      case (_, .gradients(let gradients)):
        return .gradients(
          try machine.mapped(gradients, arguments.value(0), at: arguments.range))
      default: break
      }
      let f = arguments.value(0).value
      let range = arguments.value(1).range
      let elements = try arguments.list(1)
      var mapped: [Value] = []
      mapped.reserveCapacity(elements.count)
      for element in elements {
        try machine.heed(at: arguments.range)
        mapped.append(try machine.call(f, with: element, from: range, at: arguments.range))
      }
      return try machine.list(mapped.count, at: arguments.range) { mapped }
    },
    Builtin(
      "filter", [.init("f"), .init("list")],
      summary: "The elements for which a function gives true.",
      example: "filter(fn(n) { n % 2 == 0 }, 0..<6)"
    ) { (arguments, machine) throws(Fault) in
      let f = arguments.value(0)
      let range = arguments.value(1).range
      var chosen: [Value] = []
      for element in try arguments.list(1) {
        try machine.heed(at: arguments.range)
        let verdict = try machine.call(f.value, with: element, from: range, at: arguments.range)
        if try machine.truth(of: verdict, at: f.range) { chosen.append(element) }
      }
      return .list(List(chosen))
    },
    Builtin(
      "fold", [.init("f"), .init("start"), .init("list")],
      summary: "Goes through a list from a start value: f(f(start, first), second) and so on.",
      example: "fold(fn(a, b) { a + b }, 0, [1, 2, 3])"
    ) { (arguments, machine) throws(Fault) in
      let (f, start, list) = (arguments.value(0), arguments.value(1), arguments.value(2))
      var value = start.value
      for element in try arguments.list(2) {
        try machine.heed(at: arguments.range)
        value = try machine.call(
          f.value, with: value, from: start.range, and: element, from: list.range,
          at: arguments.range)
      }
      return value
    },
    Builtin(
      "zip", [.init("a"), .init("b")],
      summary: "Pairs of the elements of two lists, as long as the shorter.",
      example: "zip([1, 2], [\"a\", \"b\"])"
    ) { (arguments, machine) throws(Fault) in
      var pairs: [Value] = []
      for (a, b) in zip(try arguments.list(0), try arguments.list(1)) {
        try machine.heed(at: arguments.range)
        pairs.append(.list(List([a, b])))
      }
      return try machine.list(pairs.count, at: arguments.range) { pairs }
    },
    Builtin(
      "reversed", [.init("list")], summary: "The list from its end to its start.",
      example: "reversed([1, 2, 3])"
    ) { (arguments, _) throws(Fault) in
      .list(List(try arguments.list(0).reversed()))
    },
    Builtin(
      "sort", [.init("list"), .init("by", default: "none"), .init("descending", default: "false")],
      summary:
        "The list in ascending order, of numbers or of strings; `by` is a function of an element "
        + "that gives what it is ordered by. Equals keep their order.",
      example: "sort([3, 1, 2])"
    ) { (arguments, machine) throws(Fault) in
      let elements = try arguments.list(0)
      var keys = elements
      if let by = arguments.optional(1) {
        keys = []
        let range = arguments.value(0).range
        for element in elements {
          try machine.heed(at: arguments.range)
          keys.append(try machine.call(by.value, with: element, from: range, at: arguments.range))
        }
      }
      let order = try machine.order(
        of: keys, descending: try arguments.boolean(2, default: false), at: arguments.range)
      return .list(List(order.map { elements[$0] }))
    },
    Builtin(
      "contains", [.init("x"), .init("part")],
      summary:
        "Whether a list or a range has an element, a dictionary a key, or a string a part: `part "
        + "in x`.",
      example: "contains(\"checkpoint\", \"point\")"
    ) { (arguments, machine) throws(Fault) in
      .boolean(
        try machine.contains(
          arguments.value(0).value, arguments.value(1).value, at: arguments.range,
          whole: arguments.value(0).range))
    },
    Builtin(
      "dictionary", [.init("pairs")],
      summary:
        "The dictionary of a list of pairs, each a key and a value; `d.pairs` gives them back.",
      example: "dictionary(zip([\"a\", \"b\"], [1, 2]))"
    ) { (arguments, machine) throws(Fault) in
      let range = arguments.value(0).range
      var pairs: [(key: Value, value: Value, range: SourceRange)] = []
      for (place, element) in try arguments.list(0).enumerated() {
        try machine.heed(at: range)
        guard case .list(let pair) = element, pair.count == 2 else {
          throw Fault(
            .expected(.pair, found: element, as: .elementOf(place, "dictionary"), at: range))
        }
        pairs.append((pair[0], pair[1], range))
      }
      return try machine.dictionary(pairs, at: arguments.range)
    },
    Builtin(
      "remove", [.init("dictionary"), .init("key")],
      summary: "A new dictionary without one of its keys.",
      example: "remove([\"a\": 1, \"b\": 2], \"a\")"
    ) { (arguments, machine) throws(Fault) in
      guard case .dictionary(let dictionary) = arguments.value(0).value else {
        throw arguments.mismatch(.dictionary, 0)
      }
      let (key, place) = (arguments.value(1).value, arguments.value(1).range)
      let entries = dictionary.entries
      guard let found = entries.place(of: try machine.key(key, at: place)) else {
        throw Fault(
          .unknownKey(key, known: entries.keys.map { machine.text(of: $0.value) }, at: place))
      }
      return .dictionary(DictionaryValue(entries.removing(found)))
    },
  ]
}
