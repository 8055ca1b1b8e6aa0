import Writing

/// A strategy that works on the stages of a chain.
protocol ChainStrategy: Strategy {
  /// Where the chain is cut.
  var cut: Chain.Cut { get }

  /// The plan, for a chain of at least one stage.
  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction]
}

extension ChainStrategy {
  /// The stages, unless the strategy says otherwise.
  package var lever: Lever { .stages }

  /// True: `stages: operations` cuts finer.
  package var cutsStages: Bool { true }

  /// Stages; with `stages: operations` the narrow points between operations.
  package var subject: StrategySubject { cut == .operations ? .operations : .stages }

  /// Finds the chain, plans it and translates the plan. A workload without forward steps has
  /// nothing to plan.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    guard let chain = try Chain.find(in: workload, cut: cut) else {
      return try KeepAll().schedule(workload)
    }
    return try ChainPlan(chain: chain, actions: actions(for: chain)).schedule(for: workload)
  }
}

/// How calls of strategies are spelled.
enum Spelling {
  /// `every(4)`, `every(4, stages: operations)`, `keep_none`.
  static func call(_ name: String, _ arguments: [String], cut: Chain.Cut = .layers) -> String {
    let all = arguments + (cut == .layers ? [] : ["stages: \(cut.rawValue)"])
    return all.isEmpty ? name : "\(name)(\(all.joined(separator: ", ")))"
  }

  /// Bytes as the language writes them, exactly: `64 KiB`, `100 bytes`.
  static func bytes(_ bytes: Int) -> String {
    for (name, unit) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    where bytes >= unit && bytes % unit == 0 {
      return "\(bytes / unit) \(name)"
    }
    return "\(bytes)"
  }

  /// Names in brackets: `["matmul", "conv"]`.
  static func list(_ names: [String]) -> String {
    "[" + names.map(\.quoted).joined(separator: ", ") + "]"
  }
}
