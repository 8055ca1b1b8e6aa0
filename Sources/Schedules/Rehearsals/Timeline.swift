extension Rehearsal {
  /// The moments of a rehearsal, one an action, each in half of its bytes: what is live before an
  /// action is what is live after the one before it.
  package struct Timeline: RandomAccessCollection, Hashable, Sendable {
    /// Of each action: what is live after it, and the scratch that it had while it ran.
    private var entries: [Footprint] = []

    /// No moments yet; room for so many.
    init(capacity: Int) { entries.reserveCapacity(capacity) }

    package var startIndex: Int { 0 }
    package var endIndex: Int { entries.count }

    /// The moment of an action.
    package subscript(action: Int) -> Moment {
      let before = action > 0 ? entries[action - 1].withoutWorkspace : Footprint()
      let running = entries[action]
      return Moment(
        during: running.total > before.total ? running : before, after: running.withoutWorkspace)
    }

    /// Adds the moment of the next action: `running` is what is live after it, with its scratch.
    mutating func append(_ running: Footprint) { entries.append(running) }
  }
}

extension Footprint {
  /// The same bytes when no step runs.
  fileprivate var withoutWorkspace: Footprint {
    var rest = self
    rest.workspace = 0
    return rest
  }
}
