import Graphs
package import Schedules
import Tensors

/// A strategy's run beside the plain run, bit for bit.
package struct Certificate {
  /// The strategy's spelling.
  package let strategy: String
  /// True where the losses have the same bits.
  package let lossAgrees: Bool
  /// True where all outputs beside the loss have the same bits.
  package let outputsAgree: Bool
  /// True where all new values of states have the same bits.
  package let statesAgree: Bool
  /// Names of the targets whose gradients differ.
  package let differing: [String]
  /// How many gradients were compared.
  package let gradientCount: Int
  /// How many new values of states were compared.
  package let stateCount: Int
  /// How many outputs beside the loss were compared.
  package let outputCount: Int
  /// How many operations of the block draw random numbers.
  package let drawCount: Int
  /// Why the strategy replays nothing, where it is there for that: it ran as the plain run does.
  package let idleness: Idleness?

  /// True where no gradient differs.
  package var gradientsAgree: Bool { differing.isEmpty }

  /// Each mask is a function of seed, site and step: where masks differed, what was computed from
  /// them would.
  package var masksAgree: Bool { lossAgrees && outputsAgree && gradientsAgree }

  /// True where nothing that the run gave differs from the plain run's.
  package var isCertified: Bool { masksAgree && statesAgree }
}

extension Workbench {
  /// Runs a block plain and with a strategy, with the same random draws, and compares all that a
  /// run gives; states keep their values.
  package func certify(
    _ problem: Problem, _ strategy: any Strategy
  ) throws(ExperimentError) -> Certificate {
    try repeating { (rewind) throws(ExperimentError) in
      let plain = try run(problem, with: KeepAll())
      rewind()
      let other = try run(problem, with: strategy)
      let block = problem.block
      let differing = zip(block.targets, zip(plain.gradients, other.gradients)).filter {
        !$0.1.0.hasSameBits(as: $0.1.1)
      }
      return Certificate(
        strategy: strategy.spelling,
        lossAgrees: plain.record.loss.hasSameBits(as: other.record.loss),
        outputsAgree: zip(plain.record.outputs, other.record.outputs).allSatisfy {
          $0.hasSameBits(as: $1)
        },
        statesAgree: zip(plain.record.states, other.record.states).allSatisfy {
          $0.hasSameBits(as: $1)
        }, differing: differing.map(\.0.name), gradientCount: block.targets.count,
        stateCount: plain.record.states.count, outputCount: plain.record.outputs.count,
        drawCount: block.drawCount, idleness: other.plan.idleness(under: strategy))
    }
  }
}

extension TracedBlock {
  /// How many of its steps draw random numbers.
  var drawCount: Int { graph.nodes.count { $0.operation.drawing(at: { 0 }) != nil } }
}
