/// What changes from run to run, read by kernels when they run: random draws, the number of the
/// update, a request to stop; and the first fault that a kernel found.
package final class RunContext {
  /// Key of the random draws.
  package var seed: UInt64
  /// Counter of the random draws: the same step draws the same numbers.
  package var step: UInt64
  /// Number of the optimizer's update, from 1; the bias corrections of Adam depend on it.
  package var updateNumber: Int
  /// The learning rate of the updates; `nil` where it is that of their rule.
  package var updateRate: Double?
  /// The share of the running micro-batch in its group, by which its gradients count.
  package var share = 1.0
  /// The share of this worker's rows in the running batch, by which what it gives to exchanges
  /// counts.
  package var rowShare = 1.0
  /// Who has workers that train together exchange numbers; `nil` where there is one.
  package var exchanger: (any Exchanger)?
  /// True where the exchange that ran last waits for other workers: its results are not there yet.
  package var isPaused = false
  /// The first row of the running batch among those that all workers have.
  package var firstRow = 0
  /// The elements of a row that a random draw makes, by its site: those of other workers' rows
  /// before it are not drawn here. Asked when instructions are made.
  package var elementsOfRow: [Int: Int] = [:]
  /// True since a gradient of a scaled loss was not finite: updates do nothing.
  package var skipsUpdates = false
  /// The first fault since this was last `nil`. Memory stays safe; values after a fault mean
  /// nothing.
  package var fault: KernelFault? { didSet { hasFault = fault != nil } }
  /// True where `fault` is not `nil`: asked after each action.
  package private(set) var hasFault = false
  /// What asks long instructions to stop.
  package let interruption: Interruption
  /// False while what runs has to be finished: a training step past its first update.
  var mayStop = true

  /// The draws of this seed and step, updates at the rate of their rule, and no fault yet.
  package init(
    seed: UInt64 = 0, step: UInt64 = 0, updateNumber: Int = 1,
    interruption: Interruption = Interruption()
  ) {
    self.seed = seed
    self.step = step
    self.updateNumber = updateNumber
    self.interruption = interruption
  }

  /// Asked by long instructions between pieces of their work, of some milliseconds each. Where it
  /// is true they leave the rest undone, and whoever runs them discards their results.
  var isStopped: Bool { mayStop && interruption.isRequested }

  /// The word that loops in C look at for the same purpose: not 0 where they are to stop.
  var stopWord: UnsafePointer<Int32> {
    UnsafePointer(mayStop ? interruption.word : RunContext.never.word)
  }

  private static let never = Interruption()

  /// Keeps the first fault.
  func report(_ fault: @autoclosure () -> KernelFault) {
    if self.fault == nil { self.fault = fault() }
  }
}
