import Execution
import Gradients

/// One batch's part of a training step, compiled and bound to its tensors: neither its graph nor
/// its plan stays in memory.
///
/// When the loop is over it may be *parked*: it then holds no tensor, its arena's memory is free to
/// go, and it is bound anew where a loop with the same graph and plan comes.
final class BoundPass {
  /// The program, tied to the buffers of a batch, the parameters and what is kept of them.
  let binding: Binding
  /// What one run of it does, as rehearsed; its peaks are those of the schedule alone.
  let rehearsed: RunSummary
  /// The parameters that it updates, in the order of the joint graph's updates.
  let updated: [UpdatedInput]
  /// What there was to remark on its plan.
  let remark: String?
  /// What tells it from others; `nil` where it must not be used again.
  let key: ProgramCache.Key?
  /// Bytes that live outside the schedule while it runs.
  var base = 0 {
    didSet {
      run = rehearsed
      run.predictedPeak += base
      run.reserved = binding.arena.byteCount
    }
  }
  /// What one run of it does, what lives outside included; its measured peak is that of the last.
  var run: RunSummary
  /// True once it has run.
  var hasRun = false

  /// A pass, ready to run.
  init(
    binding: Binding, rehearsed: RunSummary, updated: [UpdatedInput], remark: String?,
    key: ProgramCache.Key?
  ) {
    self.binding = binding
    self.rehearsed = rehearsed
    run = rehearsed
    self.updated = updated
    self.remark = remark
    self.key = key
  }
}

/// A parameter that a step updates, or whose gradient it adds to a sum.
package struct UpdatedInput: Hashable, Sendable {
  private let number: Int32
  /// True where its gradients are summed over a group of batches.
  package let isSummed: Bool

  /// Its number among the inputs of the block.
  package var input: Int { Int(number) }

  /// What the interpreter has to know of an update.
  init(_ update: JointGraph.Update) {
    number = Int32(update.input)
    isSummed = update.accumulator != nil
  }
}
