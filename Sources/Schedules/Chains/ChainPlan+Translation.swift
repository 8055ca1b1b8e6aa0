extension ChainPlan {
  /// Most computations that a translated plan may have; beyond it the plan itself would not fit in
  /// memory.
  static let mostComputes = 4_000_000

  /// The plan as a schedule of the workload that the chain was found in.
  ///
  /// `advance` runs its stages' forward steps, `record` those of one stage, `reverse` its backward
  /// and update steps; what is computed in vain is left out and everything is freed as soon as the
  /// actions allow (`Liveness`). Throws `.illegal` where an action breaks a rule of the verbs,
  /// `.limit` where the plan is too long.
  package func schedule(for workload: Workload) throws(ScheduleError) -> Schedule {
    try check()
    let moves = try self.moves()
    return Schedule(actions: try Liveness.schedule(moves, in: workload), chain: self)
  }

  /// The order of computing that the verbs stand for.
  func moves() throws(ScheduleError) -> ActionList {
    var starts = [0]
    for stage in chain.stages { starts.append(starts[starts.count - 1] + stage.forward.count) }
    var total = 0
    for action in actions {
      switch action {
      case .advance(let from, let to): total += starts[to] - starts[from]
      case .record(let stage): total += chain.stages[stage].forward.count
      case .reverse(let stage): total += chain.stages[stage].backward.count
      case .keep, .drop, .restore, .offload, .fetch: break
      }
      if total > Self.mostComputes {
        throw .limit(.computations(Self.mostComputes))
      }
    }
    var moves = ActionList()
    moves.reserveCapacity(total)
    var pace = Planning.Pace()
    for action in actions {
      try pace.count(1)
      switch action {
      case .keep, .drop, .restore: break
      case .advance(let from, let to):
        for stage in from..<to {
          try pace.count(chain.stages[stage].forward.count)
          for step in chain.stages[stage].forward { moves.append(.compute(step, reusing: nil)) }
        }
      case .record(let stage):
        for step in chain.stages[stage].forward { moves.append(.compute(step, reusing: nil)) }
      case .reverse(let stage):
        for step in chain.stages[stage].backward { moves.append(.compute(step, reusing: nil)) }
      case .offload(let boundary):
        if let value = chain.stages[boundary].boundary { moves.append(.offload(value)) }
      case .fetch(let boundary):
        if let value = chain.stages[boundary].boundary { moves.append(.fetch(value)) }
      }
    }
    return moves
  }

  /// The order of computing, transfers apart; `nil` where it would be too long.
  func computes() throws(ScheduleError) -> [Int]? {
    let moves: ActionList
    do { moves = try self.moves() } catch {
      if case .limit = error { return nil }
      throw error
    }
    return moves.compactMap { move in
      if case .compute(let step, reusing: _) = move { step } else { nil }
    }
  }
}
