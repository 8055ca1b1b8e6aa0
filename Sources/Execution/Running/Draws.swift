/// Which step random numbers are drawn for.
struct Draws {
  private let first: RunContext
  private let other: RunContext

  /// With `redrawing`, draws that are not the first are those of the next step.
  init(_ context: RunContext, redrawing: Bool) {
    first = context
    other =
      redrawing
      ? RunContext(
        seed: context.seed, step: context.step &+ 1, updateNumber: context.updateNumber,
        interruption: context.interruption) : context
  }

  /// For the first computation of a forward value, or for a replay or a backward value.
  func context(isFirst: Bool) -> RunContext { isFirst ? first : other }

  /// True where a kernel found a fault: asked after each action.
  var hasFault: Bool { first.hasFault || other.hasFault }

  /// The first fault that a kernel found.
  var fault: KernelFault? { first.fault ?? other.fault }

  /// True where a kernel may have left its work undone, since it was asked to stop.
  var isStopped: Bool { first.isStopped }

  /// False while what runs has to be finished, whoever asks.
  var mayStop: Bool {
    get { first.mayStop }
    nonmutating set {
      first.mayStop = newValue
      other.mayStop = newValue
    }
  }

  /// True where the action that ran last waits for other workers.
  var isPaused: Bool {
    get { first.isPaused }
    nonmutating set { first.isPaused = newValue }
  }

  /// Forgets the faults of earlier runs.
  func clearFaults() {
    if first.hasFault { first.fault = nil }
    if other.hasFault { other.fault = nil }
  }
}
