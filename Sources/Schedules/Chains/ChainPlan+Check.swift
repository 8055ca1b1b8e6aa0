extension ChainPlan {
  /// Checks every action against the rules of the verbs.
  ///
  /// Throws `.illegal` for the first that breaks one, `.cancelled` where the planning is to stop.
  package func check() throws(ScheduleError) {
    var pace = Planning.Pace()
    var state = ChainState(length: chain.length)
    for (number, action) in actions.enumerated() {
      try pace.count(1)
      if let rule = state.run(action) {
        throw .illegal(.init(number, rule, by: action, state))
      }
    }
    if let rule = state.end() { throw .illegal(.init(actions.count, rule, by: nil, state)) }
  }
}

extension IllegalAction {
  fileprivate init(_ number: Int, _ rule: ChainRule, by action: ChainAction?, _ state: ChainState) {
    self.init(number: number, breach: .chain(rule, by: action, holding: state.holdings))
  }
}
