package import Schedules

/// When each value of a schedule is live: from which action to which.
package struct LiveSet {
  /// One life of a value: live during the actions of `range`. A value that is replayed has several.
  package struct Life {
    package let step: Int
    /// From the action that makes it up to, not including, the one that forgets it or takes its
    /// storage over.
    package var range: Range<Int>
    package let holding: Holding?
    package let bytes: Int
  }

  /// In the order in which they begin.
  package private(set) var lives: [Life] = []
  private var livesOfStep: [Int: [Int]] = [:]

  package init(_ plan: Plan) {
    let steps = plan.workload.steps
    let actions = plan.schedule.actions
    var open: [Int: Int] = [:]
    for (index, action) in actions.enumerated() {
      switch action {
      case .compute(let step, let reusing):
        if let reusing { end(reusing, at: index, &open) }
        if steps.indices.contains(step), steps[step].phase != .update {
          begin(step, at: index, steps[step], plan.rehearsal, actions.count, &open)
        }
      case .fetch(let step):
        if steps.indices.contains(step) {
          begin(step, at: index, steps[step], plan.rehearsal, actions.count, &open)
        }
      case .free(let step): end(step, at: index, &open)
      case .offload: break
      }
    }
  }

  private mutating func begin(
    _ step: Int, at index: Int, _ fact: Step, _ rehearsal: Rehearsal, _ end: Int,
    _ open: inout [Int: Int]
  ) {
    open[step] = lives.count
    livesOfStep[step, default: []].append(lives.count)
    let holding = rehearsal.holdings.indices.contains(index) ? rehearsal.holdings[index] : nil
    lives.append(Life(step: step, range: index..<end, holding: holding, bytes: fact.bytes))
  }

  private mutating func end(_ step: Int, at index: Int, _ open: inout [Int: Int]) {
    guard let life = open.removeValue(forKey: step) else { return }
    lives[life].range = lives[life].range.lowerBound..<max(index, lives[life].range.lowerBound)
  }

  /// The values live once an action is done, and while it runs but for what it ends; largest first,
  /// equals in the order of steps.
  package func live(at action: Int) -> [Life] {
    lives.filter { $0.range.contains(action) }
      .sorted { ($1.bytes, $0.step) < ($0.bytes, $1.step) }
  }

  /// The lives of one step's value, in order.
  package func lives(of step: Int) -> [Life] {
    (livesOfStep[step] ?? []).map { lives[$0] }
  }
}
