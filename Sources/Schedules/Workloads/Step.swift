/// One step of a workload: an operation without its tensors, or several that are computed as one,
/// each but the first being the only reader of what the one before it makes.
///
/// Steps are numbered by their place in `Workload.steps`, and what they make, the *values*, through
/// the whole workload, in the order of the steps and of each step's results. Inputs come before
/// what uses them. Values that no step makes (data, parameters, state, constants) stand outside:
/// they are live throughout, and steps name only the parameters and states that they read or write.
package struct Step: Sendable {
  /// Where in a training step the work belongs.
  package enum Phase: UInt8, Hashable, Sendable, CaseIterable {
    case forward, backward
    /// Writes a parameter or a state in place; has no value of its own.
    case update
  }

  /// What a step makes: bytes with a life of their own.
  package struct Value: Hashable, Sendable {
    /// Bytes of its storage.
    package var bytes: Int
    /// True where it outlives the run: the loss, a gradient, a new state.
    package var isResult: Bool
    /// True where it is the gradient of something that `wrt` names.
    package var isGradient: Bool

    /// A value; one that nothing outside reads, unless said.
    package init(bytes: Int, isResult: Bool = false, isGradient: Bool = false) {
      self.bytes = bytes
      self.isResult = isResult
      self.isGradient = isGradient
    }
  }

  // A workload has a step for each node of a graph: what most steps do not have takes few bytes,
  // and no block of memory.
  private var words: any StepWords
  /// Values that this step reads, each once, in the order of the operation's operands.
  package var inputs: NumberList
  /// Inputs whose storage the first result may take over when it is their last use: the operation
  /// is elementwise, the bytes are equal.
  package var reusable: NumberList
  /// The parameters and states that it reads; a number means the same one throughout a workload.
  package var reads: NumberList
  /// Bytes of scratch while it runs.
  package var scratch: Int
  /// Floating-point operations.
  package var cost: Int
  /// What it makes, in the operation's order; an update makes nothing.
  package var results: StepResults
  /// Where in a training step it belongs.
  package var phase: Phase
  /// Its number among those that `words` knows.
  private var number: Int32
  private var operations: Int32
  // Below 0 for none.
  private var regionNumber: Int32 = -1
  private var written: Int32 = -1
  private var differentiated: Int32 = -1

  /// A place in a learner's text.
  package struct Origin: Hashable, Sendable {
    /// The name of the source: a file, an entry.
    package var source: String
    /// From 1; 0 where nothing is known.
    package var line: Int
    /// The layers that it was called through, outermost first.
    package var layers: [Layer]

    /// A layer around a step.
    package struct Layer: Hashable, Sendable {
      /// The name that it was declared with: `attention`; empty for a function in a chain.
      package var kind: String
      /// The layer as the learner reaches it: `net.layers[3]`; empty where no name leads to it.
      package var path: String
      /// Tells the calls of a block apart.
      package var call: Int

      /// One call of a layer.
      package init(kind: String, path: String, call: Int) {
        self.kind = kind
        self.path = path
        self.call = call
      }
    }

    /// Nothing known: line 0.
    package static let unknown = Origin(source: "", line: 0)

    /// A place; lines count from 1.
    package init(source: String = "", line: Int, layers: [Layer] = []) {
      self.source = source
      self.line = line
      self.layers = layers
    }

    /// The innermost layer around it that the learner can reach: `net.layers[3]`; empty for none.
    package var layer: String { layers.last { !$0.path.isEmpty }?.path ?? "" }
  }

  /// Unique, and meant for people: `relu#12`; that of its last operation.
  package var label: String { words.label(ofStep: Int(number)) }

  /// The operation's name, as `save_only(ops: …)` spells it: `matmul`, `relu`; that of its last
  /// operation.
  package var operation: String { words.operation(ofStep: Int(number)) }

  /// The labels of the operations that it computes before its last, in order; empty for most steps.
  package var parts: [String] { words.parts(ofStep: Int(number)) }

  /// What in the learner's text made it.
  package var origin: Origin {
    let place = place
    return Origin(source: place.source, line: place.line, layers: layers)
  }

  /// The source and the line of its origin; line 0 where nothing is known.
  package var place: (source: String, line: Int) { words.place(ofStep: Int(number)) }

  /// The layers of its origin, outermost first.
  package var layers: [Origin.Layer] { words.layers(ofStep: Int(number)) }

  /// The label of one of its results: the first has its own, of others it says which they are,
  /// `layer_norm#5.mean`.
  package func label(ofResult place: Int) -> String {
    place == 0 ? label : "\(label).\(words.result(place, ofStep: Int(number)))"
  }

  /// The name that `named(x, "…")` gave to one of its results.
  package func name(ofResult place: Int) -> String? {
    words.name(ofResult: place, ofStep: Int(number))
  }

  /// How many operations of the graph it stands for: what is counted as steps.
  package var operationCount: Int { Int(operations) }

  /// Its label, and what else is in it: `relu#5 (with matmul#3, add#4)`.
  package var fullLabel: String {
    operationCount == 1 ? label : "\(label) (with \(parts.joined(separator: ", ")))"
  }

  /// Index into `Workload.regions` of the innermost `checkpoint { }` around it.
  package var region: Int? {
    get { regionNumber < 0 ? nil : Int(regionNumber) }
    set { regionNumber = newValue.map(Int32.init) ?? -1 }
  }
  /// The parameter or state that an update writes, by the numbers of `reads`; `nil` for other
  /// steps.
  package var writes: Int? {
    get { written < 0 ? nil : Int(written) }
    set { written = newValue.map(Int32.init) ?? -1 }
  }
  /// The forward step that a backward or update step belongs to; `nil` in the forward, and where
  /// nothing says so.
  package var differentiates: Int? {
    get { differentiated < 0 ? nil : Int(differentiated) }
    set { differentiated = newValue.map(Int32.init) ?? -1 }
  }

  /// A step that makes any number of values and stands for so many operations; `words` know it by
  /// this number.
  package init(
    inputs: some Sequence<Int> = [Int](), results: StepResults, scratch: Int = 0, cost: Int = 1,
    phase: Phase = .forward, operationCount: Int = 1, region: Int? = nil,
    reusable: some Sequence<Int> = [Int](), reads: some Sequence<Int> = [Int](),
    writes: Int? = nil, differentiates: Int? = nil, in words: any StepWords, number: Int
  ) {
    self.words = words
    self.number = Int32(number)
    self.inputs = NumberList(inputs)
    self.results = results
    self.scratch = scratch
    self.cost = cost
    self.phase = phase
    operations = Int32(operationCount)
    self.reusable = NumberList(reusable)
    self.reads = NumberList(reads)
    self.region = region
    self.writes = writes
    self.differentiates = differentiates
  }
}

extension Step: Hashable {
  /// True of two of which all is equal, what they are called and where they come from included.
  package static func == (a: Step, b: Step) -> Bool {
    a.isEqual(b) && a.origin == b.origin
  }

  /// True of two of which all is equal but for where they come from.
  package func isEqual(_ other: Step) -> Bool {
    inputs == other.inputs && results == other.results && scratch == other.scratch
      && cost == other.cost && phase == other.phase && reusable == other.reusable
      && reads == other.reads && regionNumber == other.regionNumber && written == other.written
      && differentiated == other.differentiated && operation == other.operation
      && parts == other.parts
      && results.indices.allSatisfy {
        label(ofResult: $0) == other.label(ofResult: $0)
          && name(ofResult: $0) == other.name(ofResult: $0)
      } && label == other.label
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(inputs)
    hasher.combine(results)
    hasher.combine(cost)
    hasher.combine(label)
  }
}
