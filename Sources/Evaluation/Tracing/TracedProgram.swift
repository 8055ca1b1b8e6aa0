import Experiments
import Graphs
import Syntax

/// A block after tracing, and the way back from it to the language.
struct TracedProgram {
  /// What experiments work on.
  let block: TracedBlock
  /// The tensors behind the graph's inputs, as the language knows them.
  let inputs: [TensorValue]
  /// What the gradient is taken with respect to: `block.targets`, as the language knows them.
  let targets: [TensorValue]
  /// States that get a new value once the run is over: `block.states`.
  let states: [Cell]

  init(
    graph: Graph, inputs: [TensorValue], targets: [(name: String, tensor: TensorValue)],
    states: [Cell], inputNumber: (TensorValue) -> Int?
  ) {
    self.inputs = inputs
    self.targets = targets.map(\.tensor)
    self.states = states
    block = TracedBlock(
      graph: graph, inputs: inputs.compactMap(\.tensor),
      targets: targets.map { target in
        TracedBlock.Target(
          name: target.name, input: inputNumber(target.tensor), shape: target.tensor.shape,
          dtype: target.tensor.dtype)
      }, states: states.map(\.name))
  }
}

extension Interpreter {
  /// Traces a block. `prepare` binds names in the frame to tensors first, as `train` does with its
  /// batch.
  func traceBlock(
    _ block: BlockCode, _ frame: Frame, prepare: () -> Void = {}
  ) throws(Fault) -> TracedProgram {
    guard trace == nil else { throw Fault(.nestedBlock(at: block.range)) }
    var named: [(name: String, tensor: TensorValue)] = []
    for node in block.wrt {
      for target in try targets(try node.evaluate(frame), at: node.range)
      where !named.contains(where: { $0.tensor === target.tensor }) {
        named.append(target)
      }
    }
    var names = ownerNames()
    for target in named { names[ObjectIdentifier(target.tensor)] = target.name }
    let trace = Trace(
      names: names, targets: Set(named.map { ObjectIdentifier($0.tensor) }))
    let outerEvaluations = evaluations
    self.trace = trace
    evaluations = 0
    defer {
      self.trace = nil
      evaluations = outerEvaluations
      for state in trace.states { write(state.before, to: state.cell) }
      trace.end()
    }
    prepare()
    let value: Value
    do {
      value = try block.body.evaluate(frame)
    } catch {
      throw error.exit == nil ? error : Fault(.leftBlock(at: block.range))
    }
    guard case .tensor(let loss) = value, loss.shape.count == 1, loss.dtype.isFloating else {
      throw Fault(.lossNotTensor(value, at: block.body.range))
    }
    trace.builder.setResult(try trace.operand(for: loss, at: block.body.range))
    for state in trace.states {
      guard case .tensor(let new) = state.cell.value else { continue }
      let operand = try trace.operand(for: new, at: block.range)
      do {
        try trace.builder.updateState(state.input, to: operand)
      } catch {
        throw Fault(.shape(error, of: [new], at: block.range))
      }
    }
    if block.wrt.isEmpty {
      named = trace.inputs.filter { $0.role == .parameter }.map {
        (names[ObjectIdentifier($0)] ?? "parameter", $0)
      }
      guard !named.isEmpty else { throw Fault(.noTargets(at: block.range)) }
    }
    return TracedProgram(
      graph: trace.builder.finished(), inputs: trace.inputs, targets: named,
      states: trace.states.map(\.cell), inputNumber: trace.inputNumber)
  }

  /// What a value after `wrt` or `train` stands for: a tensor, or every parameter of a layer.
  func targets(
    _ value: Value, at range: SourceRange
  ) throws(Fault) -> [(name: String, tensor: TensorValue)] {
    switch value {
    case .tensor(let tensor) where tensor.dtype.isFloating && tensor.isConcrete:
      return [(range.text, tensor)]
    case .layer(let layer):
      let parameters = layer.parameters().map { (name: $0.path, tensor: $0.tensor) }
      guard !parameters.isEmpty else { throw Fault(.badTarget(value, at: range)) }
      return parameters
    case .list(let list):
      var all: [(name: String, tensor: TensorValue)] = []
      for element in list.elements { all += try targets(element, at: range) }
      return all
    default:
      throw Fault(.badTarget(value, at: range))
    }
  }

  /// How a learner names every tensor that a name of the session leads to.
  private func ownerNames() -> [ObjectIdentifier: String] {
    var names: [ObjectIdentifier: String] = [:]
    for (name, value) in bindings {
      switch value {
      case .tensor(let tensor): names[ObjectIdentifier(tensor)] = name
      case .layer(let layer):
        for parameter in layer.parameters() {
          names[ObjectIdentifier(parameter.tensor)] = "\(name).\(parameter.path)"
        }
        for state in layer.states() {
          names[ObjectIdentifier(state.tensor)] = "\(name).\(state.path)"
        }
      case .dataSet(let data):
        for column in data.columns {
          names[ObjectIdentifier(column.tensor)] = "\(name).\(column.name)"
        }
      default: break
      }
    }
    return names
  }
}
