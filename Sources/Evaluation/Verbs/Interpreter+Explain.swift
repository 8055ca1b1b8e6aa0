package import Experiments
package import Syntax

extension Interpreter {
  /// Explains the peak of a plan: `explain p`.
  package func explainPeak(
    of plan: Plan, at range: SourceRange
  ) throws(Fault) -> PeakExplanation {
    try experiment(at: range) { () throws(ExperimentError) in
      try bench.explainPeak(of: plan)
    }
  }
}
