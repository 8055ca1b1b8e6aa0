extension ChainPlan {
  /// Checks every action against the rules of the verbs.
  ///
  /// Throws `.illegal` for the first that breaks one: its number, how it reads, the rule, and what
  /// was in memory.
  package func check() throws(ScheduleError) {
    var state = ChainState(length: chain.length)
    for (number, action) in actions.enumerated() {
      if let rule = state.run(action) {
        throw .illegal(
          action: number, reading: action.reading, rule: rule, memory: state.memory)
      }
    }
    if let rule = state.end() {
      throw .illegal(action: actions.count, reading: "the end", rule: rule, memory: state.memory)
    }
  }
}
