import Gradients
package import Schedules
import Tensors

extension Program {
  /// What a schedule is compiled from: of the workload a few bytes a step, of the rehearsal what
  /// the moves need. All else that planning made can go first, and is the most of it.
  package struct Draft {
    /// The joint graph that is run.
    let joint: JointGraph
    /// Of each node: the one before it in its step; below 0 for none.
    let previous: [Int32]
    /// The values that hold the nodes' results.
    let values: ValueNumbers
    /// In the order of the workload's.
    let steps: [Step]
    /// Of each value: its bytes.
    let bytes: [Int]
    /// The label of each step.
    let labels: StepLabels
    /// The schedule's.
    let actions: ActionList
    /// The classes of the values that each action makes or moves.
    let holdings: ActionHoldings
    /// The rehearsed peak, in bytes above what lives outside.
    let peak: Int
    /// The first action that updates a parameter, or that other workers wait for: a pass that has
    /// come there is finished. The number of actions where there is none.
    let pointOfNoReturn: Int
    /// Bytes by which what comes from there on raises what is live there.
    let lastRise: Int

    /// Actions of the schedule.
    package var actionCount: Int { actions.count }

    /// A step of the workload.
    struct Step {
      /// Bytes of scratch while it runs.
      let scratch: Int
      /// The last of its nodes.
      let node: UInt32
      /// The first of the values that it makes, and the one after the last.
      let (firstValue, endValue): (UInt32, UInt32)
      /// Where in a training step it belongs.
      let phase: Schedules.Step.Phase

      /// The values that it makes.
      var values: Range<Int> { Int(firstValue)..<Int(endValue) }
    }

    /// `rehearsal` is that of a schedule for the lowering's workload.
    package init(_ lowering: Lowering, _ rehearsal: Rehearsal) {
      let workload = lowering.workload
      joint = lowering.joint
      previous = lowering.previous
      values = lowering.values
      steps = workload.steps.indices.map { number in
        let values = workload.values(of: number)
        return Step(
          scratch: workload.steps[number].scratch, node: UInt32(lowering.nodes[number]),
          firstValue: UInt32(values.lowerBound), endValue: UInt32(values.upperBound),
          phase: workload.steps[number].phase)
      }
      bytes = (0..<workload.valueCount).map(workload.bytes)
      labels = StepLabels(workload.steps.lazy.map(\.label))
      actions = rehearsal.actions
      holdings = rehearsal.holdings
      peak = rehearsal.peak
      pointOfNoReturn = rehearsal.pointOfNoReturn
      lastRise = rehearsal.lastRise
    }
  }
}
