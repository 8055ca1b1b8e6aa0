import Gradients
package import Graphs
import Schedules
import Tensors

/// What a worker holds where the training step of a plan is shared among several: a model's
/// figures, from the plan's bytes, and nothing that ran.
///
/// Bytes of parameters, gradients, optimizer and kept activations, as the papers count them: ZeRO's
/// stages (Rajbhandari et al. 2020, section 5), tensor, sequence and pipeline parallelism
/// (Korthikanti et al. 2022, section 4). Adjoints, scratch and the buffers of messages are beside
/// it.
package struct Sharing {
  /// How a step is shared.
  package enum Way: String, CaseIterable, Sendable {
    /// Each worker has all of it, and rows of its own as many as the plan's.
    case data
    /// The same, the optimizer divided; then the gradients too; then the parameters too.
    case zero1, zero2, zero3
    /// Products are divided by columns and rows in turn.
    case tensor
    /// The same, and what lies between divided along the sequence.
    case sequence
    /// Stages are divided; the first worker keeps activations of as many micro-batches as there are
    /// workers.
    case pipeline
  }

  /// Bytes of one class, and those of them that tensor parallelism divides.
  package struct Part: Hashable, Sendable {
    /// All of them.
    package let bytes: Int
    /// Those that each worker holds a part of under tensor parallelism.
    package let divided: Int

    /// `divided` is at most `bytes`.
    package init(_ bytes: Int, divided: Int) {
      self.bytes = bytes
      self.divided = divided
    }
  }

  /// What the graph reads as parameters.
  package let parameters: Part
  /// Of what `wrt` names.
  package let gradients: Part
  /// The optimizer's moments.
  package let optimizer: Part
  /// What the forward pass leaves for the backward pass.
  package let activations: Part
  /// Most workers that a pipeline can have.
  package let stages: Int

  /// Figures as they are.
  package init(
    parameters: Part, gradients: Part, optimizer: Part, activations: Part, stages: Int
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.optimizer = optimizer
    self.activations = activations
    self.stages = stages
  }

  /// What the worker that holds most holds; `nil` where the step cannot be shared among so many.
  package func bytes(_ way: Way, workers: Int) -> Int? {
    let (p, g, o, a) = (parameters, gradients, optimizer, activations)
    func share(_ bytes: Int) -> Int { (bytes + workers - 1) / workers }
    func split(_ part: Part) -> Int { part.bytes - part.divided + share(part.divided) }
    switch way {
    case .data: return p.bytes + g.bytes + o.bytes + a.bytes
    case .zero1: return p.bytes + g.bytes + share(o.bytes) + a.bytes
    case .zero2: return p.bytes + share(g.bytes + o.bytes) + a.bytes
    case .zero3: return share(p.bytes + g.bytes + o.bytes) + a.bytes
    case .tensor: return split(p) + split(g) + split(o) + split(a)
    case .sequence: return split(p) + split(g) + split(o) + share(a.bytes)
    case .pipeline:
      guard workers <= stages else { return nil }
      let most = Double((stages + workers - 1) / workers) / Double(max(stages, 1))
      return Int((Double(p.bytes + g.bytes + o.bytes) * most).rounded(.up)) + a.bytes
    }
  }
}

extension Sharing {
  /// The figures of a plan whose parameters are updated by a rule; `nil` for one that was not made
  /// of a graph.
  package init?(_ plan: Plan, updatedBy rule: UpdateRule?) {
    guard let joint = plan.joint else { return nil }
    let split = TensorSplit(joint)
    let graph = joint.graph
    func part(
      _ inputs: some Sequence<Int>, _ shapes: (Shape) -> [Shape] = { [$0] }
    ) -> Part {
      var (all, divided) = (0, 0)
      for input in inputs {
        let bytes = shapes(graph.inputs[input].shape).reduce(0) {
          $0 + $1.byteCount(of: graph.inputs[input].dtype)
        }
        all += bytes
        if split.dividesInput[input] { divided += bytes }
      }
      return Part(all, divided: divided)
    }
    parameters = part(graph.inputs.indices.filter { graph.inputs[$0].kind == .parameter })
    let targets = Set(joint.gradients.map(\.input))
    gradients = part(targets)
    optimizer = part(targets) { rule?.moments(of: $0) ?? [] }
    var (kept, divided) = (0, 0)
    if let turn = plan.turn {
      for life in LiveSet(plan).live(at: turn)
      where life.holding == .kept && life.range.lowerBound < turn {
        kept += life.bytes
        if split.dividesNode[plan.workload.maker(of: life.value)] { divided += life.bytes }
      }
    }
    activations = Part(kept, divided: divided)
    stages = (try? Chain.find(in: plan.workload))?.stages.count ?? 1
  }
}
