/// One step of a workload: an operation without its tensors.
///
/// Steps are numbered by their place in `Workload.steps`; inputs come before what uses them. Values that no
/// step makes (data, parameters, state, constants) stand outside: they are live throughout, and steps name
/// only the parameters and states that they read or write.
package struct Step: Hashable, Sendable {
  package enum Phase: UInt8, Hashable, Sendable, CaseIterable {
    case forward, backward
    /// Writes a parameter or a state in place; has no value of its own.
    case update
  }

  /// Steps whose values this one reads, each once, in the order of the operation's operands.
  package var inputs: [Int]
  /// Bytes of the value; 0 for updates.
  package var bytes: Int
  /// Bytes of scratch while it runs.
  package var scratch: Int
  /// Floating-point operations.
  package var cost: Int
  package var phase: Phase
  /// Unique, and meant for people: `relu#12`.
  package var label: String
  /// The operation's name, as `save_only(ops: …)` spells it: `matmul`, `relu`.
  package var operation: String
  /// The name that `named(x, "…")` gave the value.
  package var name: String?
  /// Index into `Workload.regions` of the innermost `checkpoint { }` around it.
  package var region: Int?
  /// True where the value outlives the run: the loss, a gradient, a new state.
  package var isResult: Bool
  /// True where the value is the gradient of something that `wrt` names.
  package var isGradient: Bool
  /// Inputs (step numbers) whose storage the value may take over when it is their last use:
  /// the operation is elementwise, the bytes are equal.
  package var reusable: [Int]
  /// Parameters and states read or, by an update, written: numbers that mean the same throughout a workload.
  package var reads: [Int]
  package var writes: Int?
  /// Line of the source that made it; 0 where there is none.
  package var line: Int

  package init(
    inputs: [Int] = [], bytes: Int, scratch: Int = 0, cost: Int = 1, phase: Phase = .forward,
    label: String, operation: String = "", name: String? = nil, region: Int? = nil,
    isResult: Bool = false, isGradient: Bool = false, reusable: [Int] = [], reads: [Int] = [],
    writes: Int? = nil, line: Int = 0
  ) {
    self.inputs = inputs
    self.bytes = bytes
    self.scratch = scratch
    self.cost = cost
    self.phase = phase
    self.label = label
    self.operation = operation
    self.name = name
    self.region = region
    self.isResult = isResult
    self.isGradient = isGradient
    self.reusable = reusable
    self.reads = reads
    self.writes = writes
    self.line = line
  }
}
