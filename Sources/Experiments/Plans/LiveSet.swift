package import Schedules

/// When each value of a schedule is live: from which action to which.
package struct LiveSet {
  /// One life of a value: live during the actions of `range`. A value that is replayed has several.
  package struct Life {
    /// The value, by its number in the workload.
    package let value: Int
    /// From the action that makes it up to, not including, the one that forgets it or takes its
    /// storage over.
    package var range: Range<Int>
    /// The class that its bytes are counted in.
    package let holding: Holding
    /// Bytes of the value.
    package let bytes: Int
  }

  /// In the order in which they begin.
  package private(set) var lives: [Life] = []
  private var livesOfValue: [Int: [Int]] = [:]

  /// Walks over a plan's actions; its schedule is legal, as it has a rehearsal.
  package init(_ plan: Plan) {
    let actions = plan.schedule.actions
    var open: [Int: Int] = [:]
    for (index, action) in actions.enumerated() {
      switch action {
      case .compute(let step, let reusing):
        if let reusing { end(reusing, at: index, &open) }
        let holdings = plan.rehearsal.holdings[index]
        for (value, holding) in zip(plan.workload.values(of: step), holdings) {
          guard let holding else { continue }
          begin(value, holding, at: index, plan, &open)
        }
      case .fetch(let value):
        if let holding = plan.rehearsal.holdings[index].first ?? nil {
          begin(value, holding, at: index, plan, &open)
        }
      case .free(let value): end(value, at: index, &open)
      case .offload: break
      }
    }
  }

  private mutating func begin(
    _ value: Int, _ holding: Holding, at index: Int, _ plan: Plan, _ open: inout [Int: Int]
  ) {
    open[value] = lives.count
    livesOfValue[value, default: []].append(lives.count)
    lives.append(
      Life(
        value: value, range: index..<plan.schedule.actions.count, holding: holding,
        bytes: plan.workload.value(value).bytes))
  }

  private mutating func end(_ value: Int, at index: Int, _ open: inout [Int: Int]) {
    guard let life = open.removeValue(forKey: value) else { return }
    lives[life].range = lives[life].range.lowerBound..<max(index, lives[life].range.lowerBound)
  }

  /// The values live once an action is done, and while it runs but for what it ends; largest first,
  /// equals in the order of values.
  package func live(at action: Int) -> [Life] {
    lives.filter { $0.range.contains(action) }
      .sorted { ($1.bytes, $0.value) < ($0.bytes, $1.value) }
  }

  /// The lives of one value, in order.
  package func lives(of value: Int) -> [Life] {
    (livesOfValue[value] ?? []).map { lives[$0] }
  }
}
