/// Lets go of what only cycles of functions, layers and variables hold: a recursive function inside
/// another is held by the variable that it captured to find itself.
///
/// Each cycle goes through a variable that was written after a function captured it: what a
/// function captured never changes, and what a variable is made with was there before it. So the
/// variables that are written are watched, and those of them that nothing leads to any more are
/// emptied. Where none that is watched holds a function or something like a list, that costs
/// nothing.
struct CycleSweep {
  private struct Watched { weak var cell: Cell? }
  private var watched: [Watched] = []
  /// How many are watched when those that are gone are forgotten.
  private var limit = 256

  /// A variable is written for the first time since the command began.
  mutating func watch(_ cell: Cell) {
    guard !cell.isWatched, !cell.isTopLevel else { return }
    cell.isWatched = true
    watched.append(Watched(cell: cell))
    if watched.count >= limit {
      forgetTheGone()
      limit = max(256, 2 * watched.count)
    }
  }

  /// Empties the watched variables that no root leads to.
  ///
  /// - Parameter roots: Hands over every value that something outside the cycles holds.
  mutating func run(_ roots: (_ visit: (Value) -> Void) -> Void) {
    guard !watched.isEmpty else { return }
    forgetTheGone()
    let suspects = watched.compactMap(\.cell).filter(\.value.mayLeadToVariables)
    guard !suspects.isEmpty else { return }
    var walk = ValueWalk()
    roots { walk.visit($0) }
    for cell in suspects where !walk.reaches(cell) { cell.putBack(.none, isDefined: false) }
  }

  private mutating func forgetTheGone() { watched.removeAll { $0.cell == nil } }
}

extension Value {
  /// True where a variable may be behind it: in a function, or in something that may hold one.
  fileprivate var mayLeadToVariables: Bool {
    switch self {
    case .list, .dictionary, .record, .function, .layer, .strategy: true
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .tensor, .dataSet, .batches,
      .optimizer, .gradients, .plan:
      false
    }
  }
}

extension Interpreter {
  /// Frees what only cycles hold. Between commands: what a running command works on is no root.
  func sweepCycles() {
    cycles.run { visit in
      forEachRoot { value in
        visit(value)
        return true
      }
      history?.forEachOldValue(visit)
    }
  }
}
