package import Graphs
import Tensors

extension JointGraph {
  /// Lets the run update parameters from their gradients: each of `parameters` (indices of inputs)
  /// that has a gradient gets what the plan keeps of it as new inputs, and an update node.
  ///
  /// An update stands at the earliest place where nothing that can still run needs the old
  /// parameter: after its gradient is complete, after the last backward node that reads the
  /// parameter, and after the last one that reads a forward value which depends on the parameter,
  /// since that value may have to be computed again. On a chain, each layer is updated before the
  /// layer below it is differentiated (Lv et al. 2023, "LOMO", fuse gradient and update in the same
  /// way), so that its gradient dies at once. An update belongs to the forward node that the node
  /// before it differentiates.
  ///
  /// Where the plan updates all together, updates stand at the end and read a number that is there
  /// when all gradients are: no schedule can make one of them earlier. In a micro-batch before the
  /// last of its group, a node that adds the gradient to the group's sum stands in the place of the
  /// update; in the last one, the gradient and the sum are added first: in the sum's place where
  /// all are updated together.
  ///
  /// `gradients` names what updates consume, which need not outlive them.
  package mutating func addUpdates(_ plan: UpdatePlan, parameters: [Int]) {
    var insertion = UpdateInsertion(self, plan, parameters: parameters)
    insertion.run()
    self = insertion.joint
  }
}

/// Puts updates into a joint graph: one walk over its nodes, which copies them and adds others
/// behind them.
private struct UpdateInsertion {
  /// A parameter with a gradient.
  private struct Entry {
    /// The parameter.
    let input: Int
    /// Its place in `JointGraph.gradients`.
    let gradient: Int
    /// The node that completes the gradient, and the one behind which the parameter is updated.
    let source: Int
    let place: Int
    /// The sum of the group's gradients so far, and what the rule keeps, as inputs.
    let accumulator: Int?
    let moments: Range<Int>
  }

  private(set) var joint: JointGraph
  private let original: JointGraph
  private let plan: UpdatePlan
  // One of each, which all updates share.
  private let (plainUpdate, scaledUpdate): (Operation, Operation)
  private var entries: [Entry] = []
  private var nodes: [Node] = []
  private var renumbering: [Int?] = []
  /// Of each entry: what its update reads.
  private var complete: [Operand] = []

  /// Gives each of the parameters that has a gradient its inputs.
  init(_ joint: JointGraph, _ plan: UpdatePlan, parameters: [Int]) {
    self.joint = joint
    original = joint
    self.plan = plan
    plainUpdate = .update(plan.rule, limit: plan.limit, isScaled: false)
    scaledUpdate = .update(plan.rule, limit: plan.limit, isScaled: true)
    let lastNeeds = joint.lastNeedOfInputs()
    var byInput: [Int: Int] = [:]
    for (place, gradient) in joint.gradients.enumerated() { byInput[gradient.input] = place }
    for parameter in parameters {
      guard let place = byInput.removeValue(forKey: parameter),
        let source = joint.gradients[place].value?.node
      else { continue }
      let input = joint.graph.inputs[parameter]
      let accumulator =
        plan.part == .whole
        ? nil : add(.accumulator, input.shape, input.dtype, "\(input.name) gradient sum")
      let first = self.joint.graph.inputs.count
      if plan.part != .early {
        for (number, shape) in plan.rule.moments(of: input.shape).enumerated() {
          _ = add(.moment, shape, input.dtype, "\(input.name) moment \(number + 1)")
        }
      }
      entries.append(
        Entry(
          input: parameter, gradient: place, source: source,
          place: plan.part == .early ? source : max(source, lastNeeds[parameter]),
          accumulator: accumulator, moments: first..<self.joint.graph.inputs.count))
    }
    complete = entries.compactMap { joint.gradients[$0.gradient].value }
  }

  private mutating func add(
    _ kind: Input.Kind, _ shape: Shape, _ dtype: DType, _ name: String
  ) -> Int {
    joint.graph.inputs.append(Input(kind: kind, shape: shape, dtype: dtype, name: name))
    return joint.graph.inputs.count - 1
  }

  /// Copies the nodes, with the updates behind those that they follow.
  mutating func run() {
    // Entries by the node that they follow, in the order of the parameters.
    var following = [[Int]](repeating: [], count: original.graph.nodes.count)
    for (number, entry) in entries.enumerated() { following[entry.place].append(number) }
    let isTogether = plan.isTogether && plan.part != .early
    var updates: [(entry: Int, node: Int)] = []
    nodes.reserveCapacity(original.graph.nodes.count + 2 * entries.count + 1)
    renumbering.reserveCapacity(original.graph.nodes.count)
    for (index, node) in original.graph.nodes.enumerated() {
      renumbering.append(nodes.count)
      nodes.append(node.renumbered(renumbering))
      for number in following[index] {
        addToSum(number)
        if plan.part == .early {
          updates.append((number, nodes.count - 1))
        } else if !isTogether {
          updates.append((number, update(number, scale: nil)))
        }
      }
    }
    if isTogether, !entries.isEmpty {
      let operation = Operation.gradientScale(
        norm: (plan.clipping.norm ?? .infinity) * (plan.lossScale ?? 1), limit: plan.limit,
        lossScale: plan.lossScale)
      let scale = append(operation, complete, [TensorType(.scalar, .f64)])
      for number in entries.indices { updates.append((number, update(number, scale: scale))) }
    }
    finish(updates)
  }

  /// In a group of micro-batches, adds a gradient to the sum so far; elsewhere finds where it is.
  private mutating func addToSum(_ number: Int) {
    let gradient = complete[number].renumbered(renumbering)
    complete[number] = gradient
    guard let accumulator = entries[number].accumulator else { return }
    let input = joint.graph.inputs[accumulator]
    let sum = Operand(.input(accumulator), shape: input.shape, dtype: input.dtype)
    // Where sums are held anyway, until all are complete, they need not be held twice.
    let isInPlace = plan.part == .early || plan.isTogether
    let total = append(
      .accumulate(isInPlace: isInPlace), [sum, gradient.reshaped(input.shape)],
      isInPlace ? [] : [TensorType(input.shape, input.dtype)],
      at: original.graph.nodes[entries[number].source].place)
    complete[number] = isInPlace ? sum : total
  }

  /// Adds the update of a parameter, and gives its place.
  private mutating func update(_ number: Int, scale: Operand?) -> Int {
    let entry = entries[number]
    let inputs = joint.graph.inputs
    func operand(_ input: Int) -> Operand {
      Operand(.input(input), shape: inputs[input].shape, dtype: inputs[input].dtype)
    }
    let operands =
      [operand(entry.input), complete[number].reshaped(inputs[entry.input].shape)]
      + entry.moments.map(operand) + [scale].compactMap(\.self)
    _ = append(
      scale == nil ? plainUpdate : scaledUpdate, operands, [],
      at: original.graph.nodes[entry.source].place)
    return nodes.count - 1
  }

  /// Adds a node that differentiates what the node before it does; its place is that one's unless
  /// given.
  private mutating func append(
    _ operation: Operation, _ operands: [Operand], _ results: [TensorType], at place: Place? = nil
  ) -> Operand {
    let before = nodes.last
    nodes.append(
      Node(
        operation: operation, operands: operands, results: results,
        place: place ?? before?.place ?? .nowhere, differentiates: before?.differentiates))
    let type = results.first
    return Operand(
      .node(nodes.count - 1), shape: type?.shape ?? .scalar, dtype: type?.dtype ?? .f64)
  }

  /// Lets all that refers to nodes follow them, and records the updates, in the order of the
  /// parameters.
  private mutating func finish(_ updates: [(entry: Int, node: Int)]) {
    joint.graph.nodes = nodes
    joint.graph = joint.graph.asserted("the addition of updates")
    // Updates follow backward nodes only: forward nodes, and all that refers to them, stay where
    // they are.
    joint.gradients = joint.gradients.map {
      JointGraph.Gradient(input: $0.input, value: $0.value?.renumbered(renumbering))
    }
    if plan.part == .last {
      for (number, entry) in entries.enumerated() where complete[number].node != nil {
        joint.gradients[entry.gradient] = JointGraph.Gradient(
          input: entry.input, value: complete[number])
      }
    }
    joint.updates = joint.updates.map { update in
      JointGraph.Update(
        input: update.input, accumulator: update.accumulator, moments: update.moments,
        node: renumbering[update.node] ?? update.node)
    }
    joint.updates += updates.sorted { $0.entry < $1.entry }.map { number, node in
      let entry = entries[number]
      return JointGraph.Update(
        input: entry.input, accumulator: entry.accumulator, moments: entry.moments, node: node)
    }
  }
}

extension JointGraph {
  /// For each input, the last backward node, of those that count, that reads it or a forward value
  /// which depends on it; −1 for none.
  ///
  /// One pass back over the nodes: the last need of a forward value is the latest of the backward
  /// nodes that read it and the last needs of the forward values made from it.
  package func lastNeedOfInputs(where counts: (Node) -> Bool = { _ in true }) -> [Int] {
    var ofNodes = [Int](repeating: -1, count: graph.nodes.count)
    var ofInputs = [Int](repeating: -1, count: graph.inputs.count)
    for (index, node) in graph.nodes.enumerated().reversed() {
      let need = index < forwardCount ? ofNodes[index] : counts(node) ? index : -1
      for operand in node.operands {
        switch operand.origin {
        case .input(let input): ofInputs[input] = max(ofInputs[input], need)
        case .node(let source, result: _): ofNodes[source] = max(ofNodes[source], need)
        }
      }
    }
    return ofInputs
  }
}
