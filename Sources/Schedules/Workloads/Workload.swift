/// The joint graph without tensors: all that a strategy sees.
///
/// Forward steps come first, then backward and update steps in the order of the joint graph, which
/// is a legal order to run them in.
package struct Workload: Hashable, Sendable {
  /// In a legal order to run them: the forward steps, then the backward and update steps.
  package let steps: [Step]
  /// `checkpoint { }` regions: each with the region around it. A region's steps, its nested
  /// regions' included, lie in a contiguous stretch of the forward steps.
  package var regions: [Region]
  /// Where the elements of the applied `chain(…)`s, and the turns of loops around them, end:
  /// numbers of forward steps, ascending, each the last step of an element or a turn. Those without
  /// a step of their own have no mark.
  package var marks: [Mark]
  /// Bytes of the input that the first stage starts from; it stands outside and takes a slot all
  /// the same.
  package var inputBytes: Int
  /// The steps that send something to other workers, with what all workers together send.
  package var exchanges: [Int: Sending] = [:]
  /// Number of forward steps: backward steps start here.
  package let forwardCount: Int
  /// The step that makes each value.
  private let makers: [Int32]
  /// The first value of each step, and the number of values at the end.
  private let firstValues: [Int32]
  /// True where steps come from more than one source.
  private let hasSeveralSources: Bool

  /// What workers send each other in a step.
  package struct Sending: Hashable, Sendable {
    /// Bytes that all of them send.
    package let bytes: Int
    /// Messages that carry them.
    package let messages: Int

    /// So many of both.
    package init(bytes: Int, messages: Int) {
      self.bytes = bytes
      self.messages = messages
    }
  }

  /// A `checkpoint { }`.
  package struct Region: Hashable, Sendable {
    /// The region around it, as an index into `Workload.regions`; `nil` for none.
    package var parent: Int?
    /// The operations and the names whose values stay when its inside is dropped.
    package var saved: [String]

    /// A region inside of another, or of none.
    package init(parent: Int?, saved: [String] = []) {
      self.parent = parent
      self.saved = saved
    }

    /// True for a step whose values stay when the region's inside is dropped: its operation is
    /// listed, or the name of a value that it makes.
    func saves(_ step: Step) -> Bool {
      if saved.isEmpty { return false }
      return saved.contains(step.operation)
        || step.results.indices.contains { step.name(ofResult: $0).map(saved.contains) ?? false }
    }
  }

  /// The end of an element of a `chain(…)`, or of a turn of a loop.
  package struct Mark: Hashable, Sendable {
    /// The last forward step of the element.
    package var step: Int
    /// The element, as a learner names it: `dense`, `layers[3] residual`.
    package var label: String
    /// False where a turn of a loop ends.
    package var isElement: Bool

    /// A mark after this forward step.
    package init(step: Int, label: String, isElement: Bool = true) {
      self.step = step
      self.label = label
      self.isElement = isElement
    }
  }

  /// A workload of these steps. Every input is made by an earlier step, and forward steps come
  /// first: it is not checked.
  package init(
    steps: [Step], regions: [Region] = [], marks: [Mark] = [], inputBytes: Int = 0
  ) {
    self.steps = steps
    self.regions = regions
    self.marks = marks
    self.inputBytes = inputBytes
    forwardCount = steps.firstIndex { $0.phase != .forward } ?? steps.count
    var makers: [Int32] = []
    var firstValues: [Int32] = [0]
    firstValues.reserveCapacity(steps.count + 1)
    for number in steps.indices {
      for _ in steps[number].results.indices { makers.append(Int32(number)) }
      firstValues.append(Int32(makers.count))
    }
    self.makers = makers
    self.firstValues = firstValues
    let source = steps.first { $0.place.line > 0 }?.place.source
    hasSeveralSources = steps.contains { $0.place.line > 0 && $0.place.source != source }
  }

  /// The same workload with each step changed: it is given its number and the step.
  package func withSteps(_ change: (Int, inout Step) -> Void) -> Workload {
    var steps = steps
    for number in steps.indices { change(number, &steps[number]) }
    var workload = Workload(steps: steps, regions: regions, marks: marks, inputBytes: inputBytes)
    workload.exchanges = exchanges
    return workload
  }

  /// Values that the steps make in all.
  package var valueCount: Int { makers.count }

  /// Values that forward steps make: they come first.
  package var forwardValueCount: Int { Int(firstValues[forwardCount]) }

  /// The values that a step makes: none for an update.
  package func values(of step: Int) -> Range<Int> {
    Int(firstValues[step])..<Int(firstValues[step + 1])
  }

  /// The step that makes a value.
  package func maker(of value: Int) -> Int { Int(makers[value]) }

  /// Where a step comes from, in words: `net.layers[3], line 12`; where the steps come from several
  /// sources, the source is named too. `nil` where that is not known.
  package func place(ofStep step: Int) -> String? {
    let origin = steps[step].origin
    guard origin.line > 0 else { return nil }
    let source = hasSeveralSources && !origin.source.isEmpty ? origin.source + " " : ""
    let layer = origin.layer.isEmpty ? "" : origin.layer + ", "
    return layer + source + "line \(origin.line)"
  }

  /// Bytes of a value.
  package func bytes(of value: Int) -> Int {
    self.value(value).bytes
  }

  /// What is known of a value in numbers.
  package func value(_ value: Int) -> Step.Value {
    let maker = maker(of: value)
    return steps[maker].results[value - Int(firstValues[maker])]
  }

  /// The name that `named(x, "…")` gave to a value.
  package func name(ofValue value: Int) -> String? {
    let maker = maker(of: value)
    return steps[maker].name(ofResult: value - Int(firstValues[maker]))
  }

  /// True of two that are equal but for where their steps come from.
  package func isEqual(_ other: Workload) -> Bool {
    regions == other.regions && marks == other.marks && inputBytes == other.inputBytes
      && exchanges == other.exchanges
      && steps.elementsEqual(other.steps) { $0.isEqual($1) }
  }

  /// The step that an action of a legal schedule is about: the one computed, or the maker of the
  /// value that is freed or moved.
  package func step(of action: Schedule.Action) -> Int {
    switch action {
    case .compute(let step, reusing: _): step
    case .free(let value), .offload(let value), .fetch(let value): maker(of: value)
    }
  }
}
