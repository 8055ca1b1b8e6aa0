extension ChainPlan {
  /// Stages run forward in all: `advance(i, j)` counts j − i, `record` one.
  package var forwardStages: Int {
    actions.reduce(0) { sum, action in
      switch action {
      case .advance(let from, let to): sum + (to - from)
      case .record: sum + 1
      default: sum
      }
    }
  }

  /// Stages run forward beyond the first time.
  package var replayedStages: Int { forwardStages - chain.length }

  /// Most boundaries stored at once, the chain's input included.
  package var slots: Int { mostHeld(countingRecordings: false) }

  /// Most slots taken at once where a recording that waits takes one too, as in `mixed`. The
  /// recording that the next action reverses does not wait.
  package var mixedSlots: Int { mostHeld(countingRecordings: true) }

  private func mostHeld(countingRecordings: Bool) -> Int {
    var held = 0
    var most = 0
    for (number, action) in actions.enumerated() {
      switch action {
      case .keep: held += 1
      case .drop: held -= 1
      case .record(let stage) where countingRecordings:
        let isNext = number + 1 < actions.count && actions[number + 1] == .reverse(stage)
        if !isNext { held += 1 }
      case .reverse(let stage) where countingRecordings:
        let wasLast = number > 0 && actions[number - 1] == .record(stage)
        if !wasLast { held -= 1 }
      default: break
      }
      most = max(most, held)
    }
    return most
  }
}
