import CMemory

/// The session's account of bytes: what is live now by class, the peak since marks, and the budget.
///
/// Together with `Storage` and `Arena` it is the one door to bytes: nothing else allocates tensor
/// memory. Not thread-safe: a session owns one ledger and uses it from one thread.
package final class Ledger {
  /// Bytes live now, by class.
  package private(set) var live = Account()
  /// Total of `live`, kept as a running sum.
  package private(set) var liveTotal = 0
  /// Most bytes that may be live at once; `nil` lifts it.
  package var budget: Int?
  /// Most bytes that may be live at once whatever the budget says; plans do not know of it. `nil`
  /// for none.
  package var ceiling: Int?
  /// The make-up at the highest total since `markCommand()`.
  package private(set) var commandPeak = Account()
  /// What ran when `commandPeak` was reached: a step's label; empty outside a schedule.
  package var commandPeakLabel: String { labels[peakStep] ?? peakLabel }
  /// The make-up at the highest total since `markAction()`.
  package private(set) var actionPeak = Account()
  /// The highest total ever.
  package private(set) var highWater = 0
  /// Freed blocks that wait to be used again; their bytes are not live.
  let pool = BlockPool()
  private var commandPeakTotal = 0
  private var actionPeakTotal = 0
  /// The step of the schedule that is running, by its number; below 0 for none.
  package var step = -1
  /// The labels of the schedule's steps, of which that at the peak is looked up late: there are
  /// many steps, and few peaks.
  private var labels = StepLabels()
  private var peakStep = -1
  private var peakLabel = ""
  /// Allocations left before one fails on purpose (tests); `nil` for never.
  package var allocationsBeforeFault: Int?
  /// Acquisitions so far.
  package private(set) var acquisitions = 0

  /// Nothing live; at most `budget` bytes, where it is given.
  package init(budget: Int? = nil) { self.budget = budget }

  /// Begins a command: its peak starts at what is live now.
  package func markCommand() {
    commandPeak = live
    commandPeakTotal = liveTotal
    (peakStep, peakLabel) = (-1, "")
  }

  /// Steps of a schedule begin to run, which have these labels by their numbers.
  package func beginSteps(_ labels: StepLabels) {
    endSteps()
    self.labels = labels
  }

  /// No step runs any more.
  package func endSteps() {
    step = -1
    (peakStep, peakLabel) = (-1, commandPeakLabel)
    labels = StepLabels()
  }

  /// Begins an action of a schedule: its peak starts at what is live now.
  package func markAction() {
    actionPeak = live
    actionPeakTotal = liveTotal
  }

  /// Records `bytes` more live bytes of `account`.
  ///
  /// Throws `MemoryError` where the budget would be crossed or a test asks for a fault; nothing is
  /// recorded then.
  package func acquire(_ bytes: Int, as account: AccountClass) throws(MemoryError) {
    if let left = allocationsBeforeFault {
      if left == 0 { throw .injected(needed: bytes) }
      allocationsBeforeFault = left - 1
    }
    let (total, overflow) = liveTotal.addingReportingOverflow(bytes)
    if overflow { throw .exhausted(needed: bytes) }
    if let budget, total > budget {
      throw .overBudget(needed: bytes, live: live, budget: budget)
    }
    if let ceiling, total > ceiling { throw .overCeiling(needed: bytes, ceiling: ceiling) }
    acquisitions += 1
    live[account] += bytes
    liveTotal = total
    raisePeaks()
  }

  /// Asks whether so many acquisitions that peak so many bytes above what is live will all succeed,
  /// so that what runs through them is whole or not at all. Throws what the first that fails would
  /// throw.
  package func admit(peak: Int, acquisitions: Int) throws(MemoryError) {
    if let left = allocationsBeforeFault, left < acquisitions {
      allocationsBeforeFault = 0
      throw .injected(needed: peak)
    }
    if let ceiling, liveTotal + peak > ceiling {
      throw .overCeiling(needed: peak, ceiling: ceiling)
    }
    guard let budget, liveTotal + peak > budget else { return }
    throw .overBudget(needed: peak, live: live, budget: budget)
  }

  /// Records that `bytes` of `account` are live no longer.
  package func release(_ bytes: Int, of account: AccountClass) {
    live[account] -= bytes
    liveTotal -= bytes
  }

  /// Records that `bytes` change class, as a value kept for the backward pass or a buffer reused in
  /// place does.
  package func move(_ bytes: Int, from old: AccountClass, to new: AccountClass) {
    live[old] -= bytes
    live[new] += bytes
  }

  private func raisePeaks() {
    if liveTotal > actionPeakTotal {
      actionPeakTotal = liveTotal
      actionPeak = live
    }
    if liveTotal > commandPeakTotal {
      commandPeakTotal = liveTotal
      commandPeak = live
      peakStep = step
      if step < 0 { peakLabel = "" }
      if liveTotal > highWater { highWater = liveTotal }
    }
  }

  /// Gives freed blocks back to the system where they and the live bytes would exceed the highest
  /// total so far: for memory that does not come from them.
  func makeRoom() { pool.trim(to: max(highWater - liveTotal, 0)) }

  /// Gives the pages of arenas at rest back to the system where they would stand in the way of a
  /// pass that will have so many bytes more live.
  package func makeRoom(forPass peak: Int) {
    pool.discardIdle(beyond: max(highWater - liveTotal - peak, 0))
  }

  /// Lets an arena that nothing runs in keep its pages, as freed blocks do, where that stays within
  /// the highest total so far. `size` is what ran in it held at most.
  package func rest(_ arena: Arena, holding size: Int) {
    pool.rest(arena, size, room: highWater - liveTotal - pool.bytes)
  }

  /// An arena is used again, or is about to go: true where it was at rest, and its pages counted.
  @discardableResult
  package func claim(_ arena: Arena) -> Bool { pool.claim(arena) }

  /// Gives freed blocks that wait to be used again back to the system.
  package func trim() { pool.trim(to: 0) }

  /// Gives the pages of what the process has freed back to the system: a run that comes now touches
  /// pages of its own, and the process would have both at its peak.
  package func returnFreed() { cm_return_freed() }

  /// Bytes of freed blocks that wait to be used again: never so many that, with the live bytes,
  /// they would exceed the highest total of live bytes so far.
  package var pooledBytes: Int { pool.bytes }
}
