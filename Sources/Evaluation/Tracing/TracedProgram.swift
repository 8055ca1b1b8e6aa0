import Experiments
import Gradients
import Graphs
import Syntax
import Tensors

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
  /// What the block gives beside its loss.
  let outputs: [Output]

  /// One of the values that a block ends in.
  enum Output {
    /// The next of `block.graph.outputs`.
    case tensor
    /// What it is without running the block: a number, a string.
    case plain(Value)
  }

  /// `places` are the numbers of the targets among the inputs.
  init(
    graph: Graph, inputs: [TensorValue], targets: [(name: String, tensor: TensorValue)],
    at places: [Int], states: [Cell], outputs: [Output]
  ) {
    self.outputs = outputs
    self.inputs = inputs
    self.targets = targets.map(\.tensor)
    self.states = states
    block = TracedBlock(
      graph: graph, inputs: inputs.compactMap(\.tensor),
      targets: zip(targets, places).map { target, place in
        TracedBlock.Target(
          name: target.name, input: place, shape: target.tensor.shape, dtype: target.tensor.dtype)
      }, states: states.map(\.name), sketched: Self.bytes(ofSketches: inputs))
  }

  /// True where the block uses a sketch: it can be rehearsed and not be run.
  var isSketch: Bool { inputs.contains(where: \.isSketch) }

  /// What the sketches among these tensors would take.
  private static func bytes(ofSketches inputs: [TensorValue]) -> Account {
    var account = Account()
    for input in inputs where input.isSketch { account[input.role.account] += input.byteCount }
    return account
  }
}

extension Input.Kind {
  /// The class that the bytes of such a tensor belong to.
  fileprivate var account: AccountClass {
    switch self {
    case .parameter: .parameters
    case .state: .state
    case .moment: .optimizer
    case .accumulator: .gradients
    case .data: .data
    case .constant: .values
    }
  }
}

extension Interpreter {
  /// Traces a block that is to be run: sketches have no numbers.
  func traceToRun(
    _ block: BlockCode, _ frame: Frame, isRepeated: Bool = false,
    prepare: ([TensorValue]) -> Void = { _ in }
  ) throws(Fault) -> TracedProgram {
    let traced = try traceBlock(block, frame, isRepeated: isRepeated, prepare: prepare)
    guard !traced.isSketch else { throw Fault(.sketched(at: block.range)) }
    return traced
  }

  /// Traces a block. `prepare`, which is given what stands behind `wrt`, binds names in the frame
  /// to tensors first, as `train` does with its batch; a block that `isRepeated` may then assign
  /// nothing that stands outside it.
  func traceBlock(
    _ block: BlockCode, _ frame: Frame, isRepeated: Bool = false,
    prepare: ([TensorValue]) -> Void = { _ in }
  ) throws(Fault) -> TracedProgram {
    guard trace == nil else { throw Fault(.nestedBlock(at: block.range)) }
    guard !isSketching else { throw Fault(.insideSketch(at: block.range)) }
    var named = try namedTargets(of: block, frame)
    traceCount &+= 1
    let trace = Trace(
      number: traceCount, targets: named, names: { [unowned self] in ownerNames() },
      layerPaths: layerPaths(), isRepeated: isRepeated)
    let outerEvaluations = evaluations
    self.trace = trace
    evaluations = 0
    defer {
      self.trace = nil
      evaluations = outerEvaluations
      for state in trace.states { write(state.before, to: state.cell) }
      trace.end()
    }
    prepare(named.map(\.tensor))
    let (loss, others) = try results(of: block, frame)
    trace.builder.setResult(try trace.operand(for: loss, at: block.body.range))
    let outputs = try others.map { (other) throws(Fault) in
      try output(other, of: trace, at: block.body.range)
    }
    if isRepeated { trace.builder.dropOutputs() }
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
        (trace.name(of: $0) ?? "parameter", $0)
      }
      guard !named.isEmpty else { throw Fault(.noTargets(at: block.range)) }
    }
    // Targets that the block does not use are added to its inputs.
    let places = try named.map { (target) throws(Fault) in
      guard let input = try trace.operand(for: target.tensor, at: block.range).input else {
        throw Fault(.staleTensor(at: block.range))
      }
      return input
    }
    let graph = trace.builder.finished()
    guard graph.resultDepends(on: Set(places)) else {
      throw Fault(.constantLoss(at: block.body.range))
    }
    let reached = graph.differentiableInputs
    let without = places.indices.filter { !reached.contains(places[$0]) }
    guard without.count < named.count else { throw Fault(.noAdjoint(at: block.body.range)) }
    if !without.isEmpty { remark(Remark.withoutGradient(without.map { named[$0].name })) }
    return TracedProgram(
      graph: graph, inputs: trace.inputs, targets: named, at: places,
      states: trace.states.map(\.cell), outputs: outputs)
  }

  /// What stands behind the `wrt` of a block, each once, under names that tell them apart.
  func namedTargets(
    of block: BlockCode, _ frame: Frame
  ) throws(Fault) -> [(name: String, tensor: TensorValue)] {
    var named: [(name: String, tensor: TensorValue)] = []
    var known: Set<ObjectIdentifier> = []
    for node in block.wrt {
      let value = try node.evaluate(frame)
      let all = try targets(value, at: node.range)
      // A layer gives each of its parameters once, and each has a path of its own.
      if block.wrt.count == 1, case .layer = value { return all }
      for target in all where known.insert(ObjectIdentifier(target.tensor)).inserted {
        named.append(target)
      }
    }
    return tellingApart(named)
  }

  /// Evaluates a block while it is traced: its loss, and what comes out beside it.
  func results(
    of block: BlockCode, _ frame: Frame
  ) throws(Fault) -> (loss: TensorValue, others: [Value]) {
    let value: Value
    do {
      value = try block.body.evaluate(frame)
    } catch {
      throw error.exit == nil ? error : Fault(.leftBlock(at: block.range))
    }
    var (last, others) = (value, [Value]())
    if case .list(let list) = value, let first = list.elements.first {
      (last, others) = (first, Array(list.elements.dropFirst()))
    }
    guard case .tensor(let loss) = last, loss.shape.count == 1, loss.dtype.isFloating else {
      throw Fault(.lossNotTensor(last, at: block.body.range))
    }
    return (loss, others)
  }

  /// Has a value come out of the block that is traced.
  private func output(
    _ value: Value, of trace: Trace, at range: SourceRange
  ) throws(Fault) -> TracedProgram.Output {
    switch value {
    case .tensor(let tensor):
      trace.builder.addOutput(try trace.operand(for: tensor, at: range))
      return .tensor
    case .none, .integer, .float, .boolean, .bytes, .string: return .plain(value)
    default: throw Fault(.blockOutput(value, at: range))
    }
  }

  /// What a value after `wrt` or `train` stands for: a tensor, or every parameter of a layer.
  /// `name` is what it is called where it is an element of a list.
  func targets(
    _ value: Value, at range: SourceRange, called name: String? = nil
  ) throws(Fault) -> [(name: String, tensor: TensorValue)] {
    switch value {
    case .tensor(let tensor)
    where tensor.dtype.isFloating
      && (tensor.isConcrete || tensor.isSketch || trace?.computes(tensor) == true):
      return [(name ?? range.text, tensor)]
    case .layer(let layer):
      let parameters = layer.parameters()
      guard !parameters.isEmpty else { throw Fault(.badTarget(value, at: range)) }
      return parameters
    case .list(let list):
      var all: [(name: String, tensor: TensorValue)] = []
      for (index, element) in list.elements.enumerated() {
        let whole = "\(name ?? range.text)[\(index)]"
        all += try targets(element, at: range, called: whole).map { name, tensor in
          if case .layer = element { return ("\(whole).\(name)", tensor) }
          return (name, tensor)
        }
      }
      return all
    default:
      throw Fault(.badTarget(value, at: range))
    }
  }

  /// How a learner names every layer that a name of the session leads to; the first name where
  /// several do.
  private func layerPaths() -> [ObjectIdentifier: String] {
    var paths: [ObjectIdentifier: String] = [:]
    func add(_ value: Value, named name: String) {
      switch value {
      case .layer(let layer):
        for inner in layer.layers(under: name) where paths[ObjectIdentifier(inner.layer)] == nil {
          paths[ObjectIdentifier(inner.layer)] = inner.path
        }
      case .list(let list):
        for (index, element) in list.elements.enumerated() {
          add(element, named: "\(name)[\(index)]")
        }
      default: break
      }
    }
    for (name, value) in bindings { add(value, named: name) }
    return paths
  }

  /// The same targets; those of one name, and those in a list that has none, are called what the
  /// session calls them.
  private func tellingApart(
    _ targets: [(name: String, tensor: TensorValue)]
  ) -> [(name: String, tensor: TensorValue)] {
    var counts: [String: Int] = [:]
    counts.reserveCapacity(targets.count)
    for target in targets { counts[target.name, default: 0] += 1 }
    func isUnclear(_ name: String) -> Bool { counts[name] ?? 0 > 1 || name.hasPrefix("[") }
    guard targets.contains(where: { isUnclear($0.name) }) else { return targets }
    let names = ownerNames()
    return targets.map { target in
      guard isUnclear(target.name), let name = names[ObjectIdentifier(target.tensor)] else {
        return target
      }
      return (name, target.tensor)
    }
  }

  /// How a learner names every tensor that a name of the session leads to.
  func ownerNames() -> [ObjectIdentifier: String] {
    var names: [ObjectIdentifier: String] = [:]
    for (name, value) in bindings {
      switch value {
      case .tensor(let tensor): names[ObjectIdentifier(tensor)] = name
      case .layer(let layer):
        for parameter in layer.parameters() {
          names[ObjectIdentifier(parameter.tensor)] = "\(name).\(parameter.name)"
        }
        for state in layer.states() {
          names[ObjectIdentifier(state.tensor)] = "\(name).\(state.name)"
        }
      case .dataSet(let data):
        for column in data.columns where column.windows == nil {
          names[ObjectIdentifier(column.tensor)] = "\(name).\(column.name)"
        }
      default: break
      }
    }
    return names
  }
}
