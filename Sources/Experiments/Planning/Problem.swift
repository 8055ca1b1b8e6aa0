import Execution
package import Gradients
package import Schedules

/// A block with what planning needs of it: the joint graph and the workload are made once, when
/// first asked for, however many strategies are tried.
package final class Problem {
  /// The block as it was traced.
  package let block: TracedBlock
  /// What training does with the gradients; `nil` where they are only taken.
  private let updates: UpdatePlan?
  private var made: Lowering?
  /// What it is to who keeps compiled programs.
  private(set) lazy var subject = ProgramCache.Subject(block, updates)
  /// What strategies found out about the workload.
  let memo = Planning.Memo()

  /// A block whose gradients are taken, or, with a plan of updates, whose parameters are trained.
  package init(_ block: TracedBlock, updating updates: UpdatePlan? = nil) {
    self.block = block
    self.updates = updates
  }

  /// The block and its gradient, and in training the updates.
  package var joint: JointGraph {
    get throws(ExperimentError) { try lowering.joint }
  }

  /// The joint graph as strategies see it.
  package var workload: Workload {
    get throws(ExperimentError) { try lowering.workload }
  }

  /// The joint graph, the workload, and what connects them.
  var lowering: Lowering {
    get throws(ExperimentError) {
      if let made { return made }
      let inputs = block.targets.map(\.input)
      var joint: JointGraph
      do {
        joint = try JointGraph.differentiate(
          block.graph, wrt: inputs, seed: updates?.lossScale ?? 1
        ) { Planning.isCancelled }
      } catch {
        throw error == .cancelled ? .execution(.interrupted) : .gradient(error)
      }
      if let updates {
        joint.addUpdates(updates, parameters: inputs)
      } else {
        joint = joint.completingGradients()
      }
      if Planning.isCancelled { throw .execution(.interrupted) }
      let lowering = Lowering(joint, isTraining: updates != nil)
      if Planning.isCancelled { throw .execution(.interrupted) }
      made = lowering
      return lowering
    }
  }
}
