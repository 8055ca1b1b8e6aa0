/// One step of a workload: an operation without its tensors.
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
    package var bytes: Int
    /// The name that `named(x, "…")` gave it.
    package var name: String?
    /// Unique, and meant for people: `relu#12`, `layer_norm#5.mean`.
    package var label: String
    /// True where it outlives the run: the loss, a gradient, a new state.
    package var isResult: Bool
    /// True where it is the gradient of something that `wrt` names.
    package var isGradient: Bool

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
  package var inputs: [Int]
  /// What it makes, in the operation's order; an update makes nothing.
  package var results: [Value]
  /// Bytes of scratch while it runs.
  package var scratch: Int
  /// Floating-point operations.
  package var cost: Int
  package var phase: Phase
  /// Unique, and meant for people: `relu#12`.
  package var label: String
  /// The operation's name, as `save_only(ops: …)` spells it: `matmul`, `relu`.
  package var operation: String
  /// Index into `Workload.regions` of the innermost `checkpoint { }` around it.
  package var region: Int?
  /// Inputs whose storage the first result may take over when it is their last use: the operation
  /// is elementwise, the bytes are equal.
  package var reusable: [Int]
  /// Parameters and states read or, by an update, written: numbers that mean the same throughout a
  /// workload.
  package var reads: [Int]
  package var writes: Int?
  /// The forward step that a backward or update step belongs to; `nil` in the forward, and where
  /// nothing says so.
  package var differentiates: Int?
  /// Line of the source that made it; 0 where there is none.
  package var line: Int

  package init(
    inputs: [Int] = [], results: [Value], scratch: Int = 0, cost: Int = 1, phase: Phase = .forward,
    label: String, operation: String = "", region: Int? = nil, reusable: [Int] = [],
    reads: [Int] = [], writes: Int? = nil, differentiates: Int? = nil, line: Int = 0
  ) {
    self.inputs = inputs
    self.results = results
    self.scratch = scratch
    self.cost = cost
    self.phase = phase
    self.label = label
    self.operation = operation
    self.region = region
    self.reusable = reusable
    self.reads = reads
    self.writes = writes
    self.differentiates = differentiates
    self.line = line
  }

  /// A step with one result, labelled as the step is; an update has none.
  package init(
    inputs: [Int] = [], bytes: Int, scratch: Int = 0, cost: Int = 1, phase: Phase = .forward,
    label: String, operation: String = "", name: String? = nil, region: Int? = nil,
    isResult: Bool = false, isGradient: Bool = false, reusable: [Int] = [], reads: [Int] = [],
    writes: Int? = nil, differentiates: Int? = nil, line: Int = 0
  ) {
    let value = Value(
      bytes: bytes, name: name, label: label, isResult: isResult, isGradient: isGradient)
    self.init(
      inputs: inputs, results: phase == .update ? [] : [value], scratch: scratch, cost: cost,
      phase: phase, label: label, operation: operation, region: region, reusable: reusable,
      reads: reads, writes: writes, differentiates: differentiates, line: line)
  }
}
