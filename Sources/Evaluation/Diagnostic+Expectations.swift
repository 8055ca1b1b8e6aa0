import Syntax

/// The wording of values that are not what a place takes: what it takes, and what the place is.
extension Diagnostic {
  /// What a place takes.
  enum Wanted: Equatable {
    case integer, integerFromZero, integerFrom1, integers
    case number, numberFromZero, digits, numberOrSize
    case truth
    case string, path
    case words([String])
    case names, columnName, columnNames, separator
    case size, sizeOrNone, dtype
    case tensor, floatingTensor, tensorOfOneElement, tensorOrNumber, tensors, i32Labels
    /// A number for height and width, or a list of one each; of zeros, also of a pair each.
    case heightAndWidth, padding, axisPadding
    case list, pair, dictionary, shorterList, listOfIntegers, listOfNames
    case layer, layerOrFunction, tensorOrLayer, layerOrTensors
    case dataSet, batches, gradients, optimizer, plan, workers
    /// A text, what windows are made of, and what stands for characters.
    case textData, textOrTensor, symbols
    /// What `[ ]` takes: of lists, of tensors, of records, of data sets.
    case position, tensorPosition, fieldName, columnNameOrRows
    /// What has elements to take, or to go through.
    case indexable, sequence, container
    /// What is a key of a dictionary.
    case key
    case layerOrState
    /// So many values at once.
    case values(Int)

    fileprivate var text: String {
      switch self {
      case .integer: "an integer"
      case .integerFromZero: "an integer ≥ 0"
      case .integerFrom1: "an integer ≥ 1"
      case .integers: "integers"
      case .number: "a number"
      case .numberFromZero: "a number ≥ 0"
      case .digits: "digits"
      case .numberOrSize: "a number or a size"
      case .truth: "true or false"
      case .string: "a string"
      case .path: "a file's path"
      case .words(let words): "one of \(words.joined(separator: ", "))"
      case .names: "names"
      case .columnName: "the name of a column, or its place"
      case .columnNames: "names of columns"
      case .separator: "one ASCII character, no quote and no end of a line,"
      case .size: "a size such as 256 KiB"
      case .sizeOrNone: "a size such as 2 MiB, or none"
      case .dtype: "f32, f64, f16, bf16, i32, i64 or bool"
      case .tensor: "a tensor"
      case .floatingTensor: "a floating-point tensor"
      case .tensorOfOneElement: "a tensor of one element"
      case .tensorOrNumber: "a tensor or a number"
      case .tensors: "tensors"
      case .i32Labels: "i32 or i64 labels"
      case .heightAndWidth: "an integer, or a list of one for height and one for width"
      case .padding:
        "same, an integer, or a list of an integer or a pair of them for height and for width"
      case .axisPadding: "a list of an integer, or a pair of them, for each axis"
      case .list: "a list"
      case .pair: "a list of a key and a value"
      case .dictionary: "a dictionary"
      case .shorterList: "a shorter list"
      case .listOfIntegers: "a list of integers"
      case .listOfNames: "a list of names"
      case .layer: "a layer"
      case .layerOrFunction: "a layer or a function"
      case .tensorOrLayer: "a tensor or a layer"
      case .layerOrTensors: "a layer, or tensors"
      case .dataSet: "a data set"
      case .textData: "a text"
      case .textOrTensor: "a text, or a tensor"
      case .symbols: "symbols: an integer, a list of them, or a tensor of one or two axes"
      case .batches: "batches"
      case .gradients: "gradients"
      case .optimizer: "an optimizer"
      case .workers: "what `workers(4)` gives"
      case .plan: "a plan of a block"
      case .position: "an integer or a range"
      case .tensorPosition: "an integer, a range, or a tensor of i32 or i64"
      case .fieldName: "the name of a field"
      case .columnNameOrRows: "the name of a column, or a range of rows"
      case .indexable: "a list, a dictionary, a string, a tensor, gradients or a data set"
      case .sequence: "a list, a dictionary, a range, a tensor, a data set or batches"
      case .container: "a list, a dictionary, a range or a string"
      case .key: "a string, an integer or a bool"
      case .layerOrState: "a layer, or a state of one"
      case .values(let count): "\(count) values"
      }
    }

    fileprivate var hasIntegers: Bool {
      switch self {
      case .integer, .integerFromZero, .integers, .listOfIntegers, .position, .tensorPosition,
        .heightAndWidth, .padding, .axisPadding:
        true
      default: false
      }
    }

    fileprivate var hasNumbers: Bool {
      switch self {
      case .number, .numberFromZero, .numberOrSize, .tensorOrNumber: true
      default: hasIntegers
      }
    }

    fileprivate var hasTensors: Bool {
      switch self {
      case .tensor, .floatingTensor, .tensorOfOneElement, .tensorOrNumber, .tensors, .tensorOrLayer,
        .layerOrTensors, .tensorPosition, .indexable, .sequence:
        true
      default: false
      }
    }
  }

  /// What a value was given as.
  enum Role {
    /// A parameter of a function, or an option of a strategy.
    case parameter(String, of: String)
    /// An element of the list that a parameter takes.
    case element(ofParameter: String)
    /// A layer's own tensor, where it is declared or assigned.
    case member(Layer.Member, String)
    case part(String, ofLayer: String)
    case valueOfPart(String, ofLayer: String)
    case input(ofLayer: String)
    case chainElement
    case index, oneIndex, indexed
    case indexedWith(Int)
    case condition, count, guess, tolerance, budget, seed, points, testName
    case operand(String)
    case oneOperand(String)
    case rangeStart, rangeEnd
    case loopSource, loopItem, bound
    case key, looked, reset
    case newValue(String)
    case importPath
    case trainSource, using, along, accumulate, workers
    case loadTarget
    case axisLength
    case boundary
    case plainNumber
    /// Somewhere in nested lists: `[0][1]`, or the whole where it is empty.
    case nested(String)
    /// Something to save: a value's field or element.
    case field(String)
    case elementNumber(Int)
    /// An element of the list that a function is given.
    case elementOf(Int, String)

    /// True for a part of the value that stands at the place: its text is not the part's.
    var isInside: Bool {
      switch self {
      case .field, .elementNumber: true
      default: false
      }
    }

    /// The place in words, as the middle of a sentence: "the index", "`axis` of sum".
    var text: String {
      switch self {
      case .parameter(let name, let function): "`\(name)` of \(function)"
      case .element(let name): "an element of `\(name)`"
      case .member(.parameter, let name): "the parameter `\(name)`"
      case .member(.state, let name): "the state `\(name)`"
      case .member(.plain, let name): "`\(name)`"
      case .part(let name, let layer): "`\(name)` of \(layer)"
      case .valueOfPart(let name, let layer): "the value of `\(name)` of \(layer)"
      case .input(let layer): "the input of \(layer)"
      case .chainElement: "an element of a chain"
      case .index: "the index"
      case .oneIndex: "an index"
      case .indexed: "what is indexed"
      case .indexedWith(let count): "what is indexed with \(count) indices"
      case .condition: "the condition"
      case .count: "the count"
      case .guess: "the guess"
      case .tolerance: "the tolerance"
      case .budget: "the budget"
      case .seed: "the seed"
      case .points: "`points`"
      case .testName: "the name of a test"
      case .operand(let sign): "the operand of \(sign)"
      case .oneOperand(let sign): "an operand of \(sign)"
      case .rangeStart: "the start of a range"
      case .rangeEnd: "the end of a range"
      case .loopSource: "what a loop goes through"
      case .loopItem: "each item of the loop"
      case .bound: "the value behind `let`"
      case .key: "the key of a dictionary"
      case .looked: "what `in` looks into"
      case .reset: "what `reset` resets"
      case .newValue(let name): "the new value of `\(name)`"
      case .importPath: "what to import"
      case .trainSource: "what `train` goes through"
      case .using: "what `using` names"
      case .along: "what `along` names"
      case .accumulate: "the number of batches that `accumulate` says"
      case .workers: "what `on` says"
      case .loadTarget: "what load fills"
      case .axisLength: "the length of an axis"
      case .boundary: "a boundary"
      case .plainNumber: "a number"
      case .nested(let place): place.isEmpty ? "the elements" : "element \(place)"
      case .field(let name): "the field `\(name)`"
      case .elementNumber(let number): "element \(number)"
      case .elementOf(let number, let function): "element \(number) of \(function)"
      }
    }
  }

  /// A value that a place does not take.
  static func expected(
    _ wanted: Wanted, found value: Value, as role: Role, at range: SourceRange
  ) -> Diagnostic {
    let text = role.isInside ? nil : code(range)
    return Diagnostic(
      .type, "wrong-type", "expected \(wanted.text) as \(role.text), found \(describe(value))",
      at: range,
      hint: hint(for: value, wanted: wanted, as: role, text)
        ?? conversion(of: value, to: wanted, text))
  }

  /// What is to be said of this place and this value; `nil` for nothing.
  /// `text` is the value as the learner wrote it, where that can be shown.
  private static func hint(
    for value: Value, wanted: Wanted, as role: Role, _ text: String?
  ) -> String? {
    switch (role, value) {
    case (.chainElement, .function(let function)), (.part, .function(let function)):
      "call it to make a layer: '\(function.name)(…)', as `help \(function.name)` shows"
    case (.part, .list):
      text.map { "`chain(\($0))` makes one layer of a list" }
        ?? "a chain makes one layer of a list: `help chain`"
    case (.parameter("list", let name), .function):
      "the function comes first: `help \(name)` shows the order"
    case (.trainSource, .dataSet):
      text.map { "`batches(\($0), size: 64, epochs: 20)` cuts a data set into them" }
        ?? "`help batches` shows how a data set is cut into them"
    case (.trainSource, _): "`help batches` shows how they are made"
    case (.index, .integer(let row)) where wanted == .columnNameOrRows:
      "`\(row)..<\(row &+ 1)` takes one row"
    case (.using, _): "such as `adam(lr: 0.01)`"
    case (.indexed, .function(let function)), (.indexedWith, .function(let function)):
      "a function is called with parentheses: '\(function.name)(…)'"
    case (_, .tensor(let x)) where wanted == .i32Labels && x.shape.rank == 2:
      "labels are numbers of classes: `argmax(\(text ?? "y"), axis: 1)` finds them in rows of "
        + "scores"
    case (_, .tensor) where wanted == .i32Labels:
      text.map { "`cast(\($0), i32)` makes them whole" } ?? "`help cast` shows how they get whole"
    case (.parameter("indices", _), .integer), (.parameter("labels", _), .integer):
      text.map { "`tensor(\($0), dtype: i32)` makes one" }
    case (_, .string) where wanted == .listOfNames: text.map { "a list of one: `[\($0)]`" }
    default: nil
    }
  }

  /// What may turn a value into what was wanted.
  /// `text` is the value as the learner wrote it, where that can be shown.
  private static func conversion(
    of value: Value, to wanted: Wanted, _ text: String?
  ) -> String? {
    guard let text else { return nil }
    return switch value {
    case .tensor(let x) where wanted.hasNumbers && x.shape.count == 1:
      "a tensor of one element becomes a number with `float(\(text))`"
    case .float where wanted.hasIntegers: "`int(\(text))` cuts a number toward 0"
    case .integer where wanted == .truth, .float where wanted == .truth:
      "compare it with something: `\(text) > 0`"
    case .string where wanted.hasNumbers && !wanted.hasIntegers:
      "`float(\"0.5\")` reads a number from a string"
    case .integer where wanted.hasTensors, .float where wanted.hasTensors:
      "`tensor(\(text))` makes one"
    case .list(let list)
    where wanted.hasTensors && list.elements.first.map(isNumber) == true && !text.contains("("):
      "`tensor(\(text))` makes one"
    case .string where wanted == .separator: "`\"\\t\"` is a tab"
    case .none: "it has no value: is something missing at the end of a block?"
    default: nil
    }
  }

  private static func isNumber(_ value: Value) -> Bool {
    switch value {
    case .integer, .float, .boolean: true
    case .list(let list): list.elements.first.map(isNumber) == true
    default: false
    }
  }
}
