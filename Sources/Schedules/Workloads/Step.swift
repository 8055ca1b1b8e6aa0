/// One step of a workload: an operation without its tensors, or several that are computed as one,
/// each but the first being the only reader of what the one before it makes.
///
/// Steps are numbered by their place in `Workload.steps`, and what they make, the *values*, through
/// the whole workload, in the order of the steps and of each step's results. Inputs come before
/// what uses them. Values that no step makes (data, parameters, state, constants) stand outside:
/// they are live throughout, and steps name only the parameters and states that they read or write.
package struct Step: Hashable, Sendable {
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
    /// The name that `named(x, "…")` gave it.
    package var name: String?
    /// Unique, and meant for people: `relu#12`, `layer_norm#5.mean`.
    package var label: String
    /// True where it outlives the run: the loss, a gradient, a new state.
    package var isResult: Bool
    /// True where it is the gradient of something that `wrt` names.
    package var isGradient: Bool

    /// A value; one that nobody named, and that nothing outside reads, unless said.
    package init(
      bytes: Int, name: String? = nil, label: String, isResult: Bool = false,
      isGradient: Bool = false
    ) {
      self.bytes = bytes
      self.name = name
      self.label = label
      self.isResult = isResult
      self.isGradient = isGradient
    }
  }

  /// Values that this step reads, each once, in the order of the operation's operands.
  package var inputs: NumberList
  /// What it makes, in the operation's order; an update makes nothing.
  package var results: [Value]
  /// Bytes of scratch while it runs.
  package var scratch: Int
  /// Floating-point operations.
  package var cost: Int
  /// Where in a training step it belongs.
  package var phase: Phase
  /// Unique, and meant for people: `relu#12`; that of its last operation.
  package var label: String
  /// The operation's name, as `save_only(ops: …)` spells it: `matmul`, `relu`; that of its last
  /// operation.
  package var operation: String
  /// The labels of the operations that it computes before its last, in order; empty for most steps.
  package var parts: [String] = []
  /// Inputs whose storage the first result may take over when it is their last use: the operation
  /// is elementwise, the bytes are equal.
  package var reusable: NumberList
  /// The parameters and states that it reads; a number means the same one throughout a workload.
  package var reads: NumberList
  // Below 0 for none; a workload has a step for each node of a graph, and most have none of these.
  private var regionNumber: Int32 = -1
  private var written: Int32 = -1
  private var differentiated: Int32 = -1
  /// What in the learner's text made it.
  package var origin: Origin

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

  /// How many operations of the graph it stands for: what is counted as steps.
  package var operationCount: Int { parts.count + 1 }

  /// Its label, and what else is in it: `relu#5 (with matmul#3, add#4)`.
  package var fullLabel: String {
    parts.isEmpty ? label : "\(label) (with \(parts.joined(separator: ", ")))"
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

  /// A step that makes any number of values.
  package init(
    inputs: some Sequence<Int> = [Int](), results: [Value], scratch: Int = 0, cost: Int = 1,
    phase: Phase = .forward, label: String, operation: String = "", region: Int? = nil,
    reusable: some Sequence<Int> = [Int](), reads: some Sequence<Int> = [Int](),
    writes: Int? = nil, differentiates: Int? = nil, origin: Origin = .unknown
  ) {
    self.inputs = NumberList(inputs)
    self.results = results
    self.scratch = scratch
    self.cost = cost
    self.phase = phase
    self.label = label
    self.operation = operation
    self.reusable = NumberList(reusable)
    self.reads = NumberList(reads)
    self.origin = origin
    self.region = region
    self.writes = writes
    self.differentiates = differentiates
  }

  /// A step with one result, labelled as the step is; an update has none.
  package init(
    inputs: some Sequence<Int> = [Int](), bytes: Int, scratch: Int = 0, cost: Int = 1,
    phase: Phase = .forward, label: String, operation: String = "", name: String? = nil,
    region: Int? = nil, isResult: Bool = false, isGradient: Bool = false,
    reusable: some Sequence<Int> = [Int](), reads: some Sequence<Int> = [Int](),
    writes: Int? = nil, differentiates: Int? = nil, origin: Origin = .unknown
  ) {
    let value = Value(
      bytes: bytes, name: name, label: label, isResult: isResult, isGradient: isGradient)
    self.init(
      inputs: inputs, results: phase == .update ? [] : [value], scratch: scratch, cost: cost,
      phase: phase, label: label, operation: operation, region: region, reusable: reusable,
      reads: reads, writes: writes, differentiates: differentiates, origin: origin)
  }
}
