/// What to do, action by action: the result of a strategy.
package struct Schedule: Hashable, Sendable {
  /// One action, about a step or a value of the workload, by number.
  package enum Action: Hashable, Sendable {
    /// Computes a step whose inputs are live: makes every result of it that is not. One that is
    /// there already is written again with the same bits and stays as it is. With `reusing`, the
    /// first result takes over the storage of that input, which is live no longer.
    case compute(Int, reusing: Int?)
    /// Forgets a live value.
    case free(Int)
    /// Copies a live value to the slower tier; it stays live here until freed.
    case offload(Int)
    /// Brings a value back from the slower tier, where its copy stays until the last fetch.
    case fetch(Int)
  }

  /// What a strategy says about its plan: facts, whose words stand with the printed forms.
  package enum Note: Hashable, Sendable {
    /// It is another strategy's, chosen among many: its spelling.
    case chose(String)
    /// No schedule replays fewer FLOPs.
    case provenOptimal(replayedCost: Int)
    /// Replays cost so many FLOPs, and at least `bound` are needed.
    case bounded(replayedCost: Int, bound: Int)
    /// The search ended at so many states: replays cost so many FLOPs, at least `bound` are needed;
    /// the gap is a part of all FLOPs.
    case notProvenOptimal(states: Int, replayedCost: Int, bound: Int, gap: Double)
  }

  /// In the order in which they run.
  package var actions: ActionList
  /// The same plan in the verbs of a chain, where the strategy works on one.
  package var chain: ChainPlan?
  /// What the strategy wants said about the plan.
  package var note: Note?

  /// A schedule of these actions; whether they are legal is `Rehearsal`'s to say.
  package init(actions: ActionList, chain: ChainPlan? = nil, note: Note? = nil) {
    self.actions = actions
    self.chain = chain
    self.note = note
  }
}

/// A plan over the stages of a chain.
package struct ChainPlan: Hashable, Sendable {
  /// The chain that the actions are about.
  package var chain: Chain
  /// In the order in which they run; `check` says whether they keep the rules of the verbs.
  package var actions: [ChainAction]

  /// A plan of these actions, unchecked.
  package init(chain: Chain, actions: [ChainAction]) {
    self.chain = chain
    self.actions = actions
  }
}
