/// The words of one step, written down.
private final class GivenWords: StepWords {
  let label: String
  let operation: String
  let origin: Step.Origin
  /// Of the results behind the first: which they are.
  let resultNames: [String]
  /// Of some results: the learner's names.
  let names: [Int: String]

  init(
    label: String, operation: String, origin: Step.Origin, resultNames: [String],
    names: [Int: String]
  ) {
    self.label = label
    self.operation = operation
    self.origin = origin
    self.resultNames = resultNames
    self.names = names
  }

  func label(ofStep _: Int) -> String { label }
  func operation(ofStep _: Int) -> String { operation }
  func parts(ofStep _: Int) -> [String] { [] }
  func place(ofStep _: Int) -> (source: String, line: Int) { (origin.source, origin.line) }
  func layers(ofStep _: Int) -> [Step.Origin.Layer] { origin.layers }
  func result(_ place: Int, ofStep _: Int) -> String {
    place <= resultNames.count ? resultNames[place - 1] : "\(place)"
  }
  func name(ofResult place: Int, ofStep _: Int) -> String? { names[place] }
}

extension Step {
  /// A step of one operation that makes any number of values, with the words for it: `resultNames`
  /// say which its results are, from the second on, and `names` are those that a learner gave to
  /// results, by their places.
  package init(
    inputs: some Sequence<Int> = [Int](), results: StepResults, scratch: Int = 0, cost: Int = 1,
    phase: Phase = .forward, label: String, operation: String = "", resultNames: [String] = [],
    names: [Int: String] = [:], region: Int? = nil, reusable: some Sequence<Int> = [Int](),
    reads: some Sequence<Int> = [Int](), writes: Int? = nil, differentiates: Int? = nil,
    origin: Origin = .unknown
  ) {
    self.init(
      inputs: inputs, results: results, scratch: scratch, cost: cost, phase: phase,
      region: region, reusable: reusable, reads: reads, writes: writes,
      differentiates: differentiates,
      in: GivenWords(
        label: label, operation: operation, origin: origin, resultNames: resultNames,
        names: names),
      number: 0)
  }

  /// The same with one result, which may have a name; an update has none.
  package init(
    inputs: some Sequence<Int> = [Int](), bytes: Int, scratch: Int = 0, cost: Int = 1,
    phase: Phase = .forward, label: String, operation: String = "", name: String? = nil,
    region: Int? = nil, isResult: Bool = false, isGradient: Bool = false,
    reusable: some Sequence<Int> = [Int](), reads: some Sequence<Int> = [Int](),
    writes: Int? = nil, differentiates: Int? = nil, origin: Origin = .unknown
  ) {
    let value = Value(bytes: bytes, isResult: isResult, isGradient: isGradient)
    self.init(
      inputs: inputs, results: phase == .update ? [] : [value], scratch: scratch, cost: cost,
      phase: phase, label: label, operation: operation, names: name.map { [0: $0] } ?? [:],
      region: region, reusable: reusable, reads: reads, writes: writes,
      differentiates: differentiates, origin: origin)
  }
}
