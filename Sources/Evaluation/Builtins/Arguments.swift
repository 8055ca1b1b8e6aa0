import Schedules
import Syntax
import Tensors

/// The arguments of a call to a builtin, matched to its parameters.
struct Arguments {
  /// Whose parameters `index` counts, and whose name messages say.
  let builtin: Builtin
  /// As they were passed, in the order of the call.
  private let passed: [PassedArgument]
  /// For each parameter the number of the argument that fills it.
  private let places: [Int?]
  /// The whole call.
  let range: SourceRange
  /// Who computes: the builtin's body runs on it.
  let machine: Interpreter

  /// Matches what was passed to a builtin's parameters. Throws where it does not fit them.
  init(
    _ passed: [PassedArgument], to builtin: Builtin, at range: SourceRange, machine: Interpreter
  ) throws(Fault) {
    places = try passed.places(
      in: builtin.parameters, isVariadic: builtin.isVariadic, of: builtin.name, at: range)
    self.builtin = builtin
    self.passed = passed
    self.range = range
    self.machine = machine
  }

  /// The same arguments, matched to the parameters of another builtin.
  func matched(to builtin: Builtin) throws(Fault) -> Arguments {
    try Arguments(passed, to: builtin, at: range, machine: machine)
  }

  /// Of a variadic builtin: its unlabelled arguments.
  var rest: [PassedArgument] { passed.filter { $0.label == nil } }

  /// The argument of a parameter; `nil` where it was not given, or given as `none`.
  func optional(_ index: Int) -> PassedArgument? {
    guard let place = places[index], !machine.isNone(passed[place].value) else { return nil }
    return passed[place]
  }

  /// The argument of a required parameter.
  func value(_ index: Int) -> PassedArgument {
    places[index].map { passed[$0] } ?? PassedArgument(label: nil, value: .none, range: range)
  }

  /// The fault of an argument that is not what its parameter takes.
  func mismatch(_ wanted: Diagnostic.Wanted, _ index: Int) -> Fault {
    let argument = value(index)
    return Fault(
      .expected(
        wanted, found: argument.value,
        as: .parameter(builtin.parameters[index].name, of: builtin.name), at: argument.range))
  }

  /// An integer: a size as its bytes, a float where it is whole. Throws for anything else.
  func integer(_ index: Int) throws(Fault) -> Int {
    switch value(index).value {
    case .integer(let value), .bytes(let value): return value
    case .float(let value):
      if let whole = Int(exactly: value) { return whole }
    default: break
    }
    throw mismatch(.integer, index)
  }

  /// The same; `other` where it was not given.
  func integer(_ index: Int, default other: Int) throws(Fault) -> Int {
    optional(index) == nil ? other : try integer(index)
  }

  /// A number as a double: an integer, a float, a size as its bytes, or a tensor of one element.
  /// Throws for anything else, and for a tensor that is only traced.
  func number(_ index: Int) throws(Fault) -> Double {
    if let number = machine.double(value(index).value) { return number }
    if case .tensor(let tensor) = value(index).value, tensor.shape.count == 1 {
      return try machine.number(in: tensor, at: value(index).range)
    }
    throw mismatch(.number, index)
  }

  /// The same; `other` where it was not given.
  func number(_ index: Int, default other: Double) throws(Fault) -> Double {
    optional(index) == nil ? other : try number(index)
  }

  /// True or false; `other` where it was not given.
  func boolean(_ index: Int, default other: Bool) throws(Fault) -> Bool {
    guard let argument = optional(index) else { return other }
    if case .boolean(let truth) = argument.value { return truth }
    throw mismatch(.truth, index)
  }

  /// A string. Throws for anything else.
  func string(_ index: Int) throws(Fault) -> String { try text(index).string }

  /// The same as the language has it.
  func text(_ index: Int) throws(Fault) -> Text {
    if case .string(let text) = value(index).value { return text }
    throw mismatch(.string, index)
  }

  /// A tensor. Throws for anything else, for numbers too.
  func tensor(_ index: Int) throws(Fault) -> TensorValue {
    if case .tensor(let tensor) = value(index).value { return tensor }
    throw mismatch(.tensor, index)
  }

  /// A tensor, or a number made into a scalar tensor.
  func tensorOrNumber(_ index: Int) throws(Fault) -> TensorValue {
    let argument = value(index)
    if case .tensor(let tensor) = argument.value { return tensor }
    if let number = machine.double(argument.value) {
      return try machine.scalarTensor(number, at: argument.range)
    }
    throw mismatch(.tensorOrNumber, index)
  }

  /// The elements of a list, or the integers of a range of at most 10 million.
  func list(_ index: Int) throws(Fault) -> [Value] {
    switch value(index).value {
    case .list(let list): return list.elements
    case .range(let range):
      guard range.count <= 10_000_000 else { throw mismatch(.shorterList, index) }
      return (range.lower..<range.upper).map { .integer($0) }
    default: throw mismatch(.list, index)
    }
  }

  /// The elements of a list of integers, or of a range.
  func integers(_ index: Int) throws(Fault) -> [Int] {
    var integers: [Int] = []
    for element in try list(index) {
      guard case .integer(let value) = element else { throw mismatch(.listOfIntegers, index) }
      integers.append(value)
    }
    return integers
  }

  /// An element type, given as a word; `other` where it was not given.
  func dtype(_ index: Int, default other: DType) throws(Fault) -> DType {
    guard let argument = optional(index) else { return other }
    if case .string(let text) = argument.value,
      let dtype = DType.allCases.first(where: { $0.description == text.string })
    {
      return dtype
    }
    throw mismatch(.dtype, index)
  }

  /// The words of one of several; `nil` where it was not given.
  func word(_ index: Int, among words: [String]) throws(Fault) -> String? {
    guard let argument = optional(index) else { return nil }
    if case .string(let text) = argument.value, words.contains(text.string) { return text.string }
    throw mismatch(.words(words), index)
  }
}
