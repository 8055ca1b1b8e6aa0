import Execution
package import Schedules

/// A block run under several strategies, with their prices side by side.
package struct Comparison {
  /// What one strategy came to.
  package struct Row {
    /// The strategy's spelling.
    package let strategy: String
    /// Highest bytes in all, as rehearsed.
    package let predicted: Int
    /// What running it came to; `nil` where it was only rehearsed.
    package let run: Run?
    /// Bytes held for the backward pass, most at once.
    package let kept: Int
    /// Forward steps run again.
    package let replayedSteps: Int
    /// FLOPs replayed.
    package let replayedCost: Int
    /// Bytes moved to the slower tier and back.
    package let traffic: Int
    /// Why it replays nothing, where it is there for that.
    package let idleness: Idleness?
    /// True where no other row is as good in peak, FLOPs replayed and traffic, and better in one.
    package fileprivate(set) var isOnFront = false

    /// True where another row is as good in all that counts, and better in one.
    fileprivate func isBeaten(by other: Row) -> Bool {
      let mine = [predicted, replayedCost, traffic]
      let others = [other.predicted, other.replayedCost, other.traffic]
      return mine != others && zip(mine, others).allSatisfy { $0 >= $1 }
    }
  }

  /// What a run is seen by.
  package struct Run {
    /// Highest bytes in all, as the ledger saw them.
    package let measured: Int
    /// True where all that the run gave has the bits of the plain run.
    package let isEqual: Bool
    /// True where the ledger saw what the rehearsal said, at every action and class.
    package let agrees: Bool
  }

  /// By rising peak.
  package let rows: [Row]
  /// Why the others have no row, in the order in which they were tried.
  package let refusals: [ExperimentError]
  /// True where the plain run is no row: it ran beside them, for them to be compared with.
  package let ranPlainBeside: Bool

  fileprivate init(_ rows: [Row], _ refusals: [ExperimentError], ranPlainBeside: Bool) {
    self.ranPlainBeside = ranPlainBeside
    self.rows = rows.map { row in
      var row = row
      row.isOnFront = !rows.contains { row.isBeaten(by: $0) }
      return row
    }.sorted {
      ($0.predicted, $0.replayedCost, $0.strategy) < ($1.predicted, $1.replayedCost, $1.strategy)
    }
    self.refusals = refusals
  }
}

extension Comparison.Row {
  fileprivate init(_ plan: Plan, under strategy: any Strategy) {
    self.init(plan, under: strategy, run: nil)
  }

  private init(_ plan: Plan, under strategy: any Strategy, run: Comparison.Run?) {
    self.init(
      strategy: plan.strategy, predicted: plan.peak, run: run, kept: plan.kept,
      replayedSteps: plan.rehearsal.replayedSteps, replayedCost: plan.rehearsal.replayedCost,
      traffic: plan.rehearsal.tierTraffic, idleness: plan.idleness(under: strategy))
  }

  fileprivate init(_ run: BlockRun, under strategy: any Strategy, isEqual: Bool) {
    self.init(
      run.plan, under: strategy,
      run: Comparison.Run(
        measured: run.measuredPeak, isEqual: isEqual,
        agrees: run.record.firstDifference(from: run.plan.rehearsal) == nil))
  }
}

extension Workbench {
  /// Rehearses a block under each strategy, and runs nothing.
  package func compareOnPaper(
    _ problem: Problem, across strategies: [any Strategy]
  ) throws(ExperimentError) -> Comparison {
    var rows: [Comparison.Row] = []
    var refusals: [ExperimentError] = []
    for strategy in strategies {
      do throws(ExperimentError) {
        rows.append(Comparison.Row(try plan(problem, with: strategy), under: strategy))
      } catch {
        guard error.isRefusal else { throw error }
        refusals.append(error)
      }
    }
    return Comparison(rows, refusals, ranPlainBeside: false)
  }

  /// Runs a block under each strategy, with the same random draws; states keep their values.
  package func compare(
    _ problem: Problem, across strategies: [any Strategy]
  ) throws(ExperimentError) -> Comparison {
    try repeating { (rewind) throws(ExperimentError) in
      // The plain run is what all are compared with; where it does not fit the budget, the first
      // that does.
      var reference: RunDigest?
      var plain: Comparison.Row?
      do throws(ExperimentError) {
        let run = try run(problem, with: KeepAll())
        reference = RunDigest(run.record)
        plain = Comparison.Row(run, under: KeepAll(), isEqual: true)
      } catch {
        guard error.isRefusal else { throw error }
      }
      var ranPlainBeside = plain != nil
      var rows: [Comparison.Row] = []
      var refusals: [ExperimentError] = []
      for strategy in strategies {
        if let plain, strategy.signature == KeepAll().signature {
          rows.append(plain)
          ranPlainBeside = false
          continue
        }
        rewind()
        do throws(ExperimentError) {
          let run = try run(problem, with: strategy)
          let digest = RunDigest(run.record)
          reference = reference ?? digest
          rows.append(Comparison.Row(run, under: strategy, isEqual: digest == reference))
        } catch {
          guard error.isRefusal else { throw error }
          refusals.append(error)
        }
      }
      return Comparison(rows, refusals, ranPlainBeside: ranPlainBeside)
    }
  }
}
