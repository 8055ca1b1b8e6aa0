import Execution
package import Gradients
import Schedules

/// A block with what planning needs of it: the joint graph and the workload are made once, when
/// first asked for, however many strategies are tried.
package final class Problem {
  /// The block as it was traced.
  package let block: TracedBlock
  /// What training does with the gradients; `nil` where they are only taken.
  private let updates: UpdatePlan?
  private var made: JointGraph?
  private var subjects: [Bool: Subject] = [:]
  /// What it is to who keeps compiled programs.
  private(set) lazy var computation = ProgramCache.Computation(block, updates)

  /// A block whose gradients are taken, or, with a plan of updates, whose parameters are trained.
  package init(_ block: TracedBlock, updating updates: UpdatePlan? = nil) {
    self.block = block
    self.updates = updates
  }

  /// As strategies see it; with `fusing`, steps may be several operations.
  func subject(fusing: Bool) throws(ExperimentError) -> Subject {
    if let subject = subjects[fusing] { return subject }
    let joint = try joint
    let subject = Subject(Lowering(joint, isTraining: updates != nil, fusing: fusing))
    if Planning.isCancelled { throw .execution(.interrupted) }
    subjects[fusing] = subject
    return subject
  }

  /// The block and its gradient, and in training the updates.
  package var joint: JointGraph {
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
      made = joint
      return joint
    }
  }
}
