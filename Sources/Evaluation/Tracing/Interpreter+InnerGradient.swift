import Experiments
import Gradients
import Graphs
import Syntax
import Tensors

/// `gradient` inside a block: the way to second derivatives.
extension Interpreter {
  /// Takes the gradient of a block inside the block that is being traced. Its forward and adjoint
  /// operations are operations of the outer block, which can be differentiated by them in its turn;
  /// what was computed before the inner block is constant in it, unless `wrt` names it.
  func innerGradient(
    _ block: BlockCode, _ frame: Frame, in trace: Trace
  ) throws(Fault) -> GradientsValue {
    if let strategy = block.strategy { throw Fault(.innerStrategy(at: strategy.range)) }
    var named = try namedTargets(of: block, frame)
    var operands = try named.map { (target) throws(Fault) in
      try trace.separate(target.tensor, at: block.range)
    }
    let first = trace.builder.graph.nodes.count
    let outerEvaluations = evaluations
    evaluations = 0
    defer { evaluations = outerEvaluations }
    let (loss, others) = try results(of: block, frame)
    let end = try trace.operand(for: loss, at: block.body.range)
    let reached = trace.builder.graph.differentiable(from: end, since: first)
    if block.wrt.isEmpty {
      named = trace.inputs.filter { $0.role == .parameter }.compactMap { tensor in
        guard let operand = try? trace.operand(for: tensor, at: block.range),
          reached.contains(operand.origin), let input = operand.input
        else { return nil }
        operands.append(operand)
        let name = trace.builder.graph.inputs[input].name
        return (name.isEmpty ? "parameter" : name, tensor)
      }
      guard !named.isEmpty else { throw Fault(.noTargets(at: block.range)) }
    }
    let without = zip(named, operands).filter { !reached.contains($0.1.origin) }.map(\.0.name)
    guard without.count < named.count else { throw Fault(.constantLoss(at: block.body.range)) }
    if !without.isEmpty { remark(Remark.withoutGradient(without)) }
    let gradients = try experiment(at: block.range) { () throws(ExperimentError) in
      do throws(GradientError) {
        return try trace.builder.differentiate(end, wrt: operands, from: first) {
          [interruption] in interruption.isRequested
        }
      } catch {
        throw ExperimentError.gradient(error)
      }
    }
    trace.builder.place = place(block.range)
    var entries: [GradientsValue.Entry] = []
    for (target, gradient) in zip(named, gradients) {
      let value =
        if let gradient {
          TensorValue(gradient, in: trace, origin: block.range)
        } else {
          try filled(0, target.tensor.shape, target.tensor.dtype, at: block.range)
        }
      entries.append(
        GradientsValue.Entry(name: target.name, target: target.tensor, gradient: value))
    }
    return GradientsValue(loss: loss, entries: entries, plan: nil, outputs: others)
  }
}
