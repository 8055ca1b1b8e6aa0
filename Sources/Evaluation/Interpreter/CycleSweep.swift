import Tensors

/// Lets go of what only cycles of functions, layers and variables hold: a recursive function inside
/// another is held by the variable that it captured to find itself.
///
/// Each cycle goes through a variable that was written after a function captured it: what a
/// function captured never changes, and what a variable is made with was there before it. So the
/// variables that are written are watched, and those of them that nothing leads to any more are
/// emptied. Where none that is watched holds a function or something like a list, that costs
/// nothing.
///
/// A command does so at its end, with the variables that it wrote and those that it took from the
/// last name. On its way it does where a call gives a value that leads to no
/// variable and where a turn of a loop ends, for the variables that were made in that call or that
/// loop: what is being worked on outside it was there before, and leads to later variables only
/// through older ones that were written, which are watched too.
struct CycleSweep {
  /// Objects gone through at the ends of commands so far.
  private(set) var visited = 0
  /// Those of the running command.
  private var watched: [WeakCell] = []
  /// Those that no name leads to and undo may.
  private var kept: [WeakCell] = []
  /// The number of the latest variable that is watched.
  private(set) var latest = 0
  /// How many variables are to be watched before the next sweep on a command's way: more and more
  /// while sweeps free nothing.
  private var patience = 0
  /// How many were watched since the last sweep.
  private var fresh = 0
  /// Bytes that were live after it.
  private var liveAfter = 0
  /// How many are watched when those that are gone are forgotten.
  private var limit = 256

  /// A variable is written for the first time since the command began.
  mutating func watch(_ cell: Cell) {
    guard !cell.isWatched, !cell.isTopLevel else { return }
    cell.isWatched = true
    latest = max(latest, cell.number)
    fresh += 1
    watched.append(WeakCell(cell: cell))
    if watched.count >= limit {
      forgetTheGone()
      limit = max(256, 2 * watched.count)
    }
  }

  /// True where a sweep is worth its walk: enough variables were watched since the last one, or
  /// half of what the budget left is taken.
  func isDue(live: Int, budget: Int?) -> Bool {
    if fresh >= patience { return true }
    guard let budget else { return false }
    return live - liveAfter >= (budget - liveAfter) / 2
  }

  /// In the midst of a command: empties the watched variables made after the one numbered `mark`
  /// that no root leads to.
  ///
  /// - Parameter roots: Hands over every value that leads to what no name led to when the step
  ///   began, but for those of older variables that are watched.
  mutating func run(
    since mark: Int, _ ledger: Ledger, _ roots: (_ visit: (Value) -> Void) -> Void
  ) {
    var (found, freed) = (0, 0)
    defer {
      patience = freed == 0 && found > 0 ? 2 * patience + found : 0
      fresh = 0
      liveAfter = ledger.liveTotal
    }
    guard !watched.isEmpty else { return }
    forgetTheGone()
    let cells = watched.compactMap(\.cell).filter(\.mayHoldItself)
    let suspects = cells.filter { $0.number > mark }
    guard !suspects.isEmpty else { return }
    var walk = ValueWalk(skipsOwned: true)
    for cell in cells where cell.number <= mark { walk.visit(cell.value) }
    roots { walk.visit($0) }
    for cell in suspects {
      if walk.reaches(cell) {
        found += 1
      } else {
        cell.putBack(.none, isDefined: false)
        freed += 1
      }
    }
  }

  /// Between commands: empties the watched variables that neither names nor old values lead to.
  ///
  /// - Parameters:
  ///   - lost: Watched variables that names led to before the command.
  ///   - oldValues: Hands over what taking commands back would give variables.
  mutating func finish(
    lost: [WeakCell], _ ledger: Ledger, _ oldValues: (_ visit: (Value) -> Void) -> Void
  ) {
    defer { (watched, patience, fresh, liveAfter) = ([], 0, 0, ledger.liveTotal) }
    guard !watched.isEmpty || !lost.isEmpty || !kept.isEmpty else { return }
    let suspects = (kept + lost + watched).compactMap(\.cell).filter(\.mayHoldItself)
    kept = []
    guard !suspects.isEmpty else { return }
    var walk = ValueWalk(skipsOwned: true)
    oldValues { walk.visit($0) }
    visited += walk.count + suspects.count
    for cell in suspects {
      if walk.reaches(cell) {
        kept.append(WeakCell(cell: cell))
      } else {
        cell.putBack(.none, isDefined: false)
      }
    }
  }

  private mutating func forgetTheGone() { watched.removeAll { $0.cell == nil } }
}

extension Cell {
  /// True where no name leads to it, and it may lead to itself.
  fileprivate var mayHoldItself: Bool { owners == 0 && value.mayLeadToVariables }
}

extension Interpreter {
  /// Frees what only cycles hold. Between commands: what a running command works on is no root.
  func sweepCycles() {
    cycles.finish(lost: owners.takeLostCells(), ledger) { history?.forEachOldValue($0) }
  }

  /// A call gave its value, or a loop ended a turn: frees what only cycles made since `start` hold,
  /// where that call or loop left more bytes than it found.
  @inline(__always)
  func sweepCycles(since start: Moment, giving value: Value = .none) {
    if cycles.latest > start.lastCell, ledger.liveTotal > start.live { sweepIfDue(start, value) }
  }

  @inline(never)
  private func sweepIfDue(_ start: Moment, _ value: Value) {
    guard trace == nil, verbs == nil, !value.mayLeadToVariables,
      cycles.isDue(live: ledger.liveTotal, budget: ledger.budget)
    else { return }
    cycles.run(since: start.lastCell, ledger) { visit in
      variables.forEachValue { value in
        visit(value)
        return true
      }
      visit(returned)
      changes.forEachEntry { entry in
        guard case .cell(let cell, let old, _) = entry else { return }
        visit(old)
        if cell.isTopLevel || cell.owners > 0 { visit(cell.value) }
      }
      history?.forEachOldValue(visit)
    }
  }

  /// Where a call or a loop begins: the latest variable, and the bytes that are live.
  struct Moment {
    let lastCell: Int
    let live: Int
  }

  @inline(__always)
  var moment: Moment { Moment(lastCell: Cell.lastNumber, live: ledger.liveTotal) }
}
