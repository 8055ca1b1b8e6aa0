import Graphs
import Tensors

/// Puts updates into a joint graph: one walk over its nodes, which adds others behind them.
struct UpdateInsertion {
  /// A parameter with a gradient.
  private struct Entry {
    /// The parameter.
    let input: Int
    /// Its place in `JointGraph.gradients`.
    let gradient: Int
    /// The node that completes the gradient, and the one behind which the parameter is updated.
    let source: Int
    var place: Int
    /// The stretch of text that made the source.
    let origin: Place
    /// The sum of the group's gradients so far, and what the rule keeps, as inputs.
    let accumulator: Int?
    let moments: Range<Int>
    /// The worker that updates it; 0 where each worker does.
    let owner: Int
  }

  /// Gradients that are exchanged together.
  private struct Bucket {
    var members: [Int]
    var bytes: Int
    let dtype: DType
    let owner: Int
  }

  /// The graph so far: with the updates once `run` is over.
  private(set) var joint: JointGraph
  private let plan: UpdatePlan
  // One of each, which all updates share.
  private let (plainUpdate, scaledUpdate): (Operation, Operation)
  private var entries: [Entry] = []
  private var nodes: [Node] = []
  private var renumbering = Renumbering()
  /// Of each entry: what its update reads.
  private var complete: [Operand] = []
  /// Of entries that end a group: its gradient, with what the group had summed up before.
  private var totals: [Int: Operand] = [:]
  /// The buckets that are exchanged behind a node.
  private var buckets: [Int: [Bucket]] = [:]
  private var exchanges: [JointGraph.Exchanged] = []

  /// Gives each of the parameters that has a gradient its inputs.
  init(_ joint: consuming JointGraph, _ plan: UpdatePlan, parameters: [Int]) {
    self.joint = joint
    self.plan = plan
    plainUpdate = .update(plan.rule, limit: plan.limit, isScaled: false)
    scaledUpdate = .update(plan.rule, limit: plan.limit, isScaled: true)
    let joint = self.joint
    let lastNeeds = joint.lastNeedOfInputs()
    var byInput: [Int: Int] = [:]
    for (place, gradient) in joint.gradients.enumerated() { byInput[gradient.input] = place }
    let trained = parameters.filter {
      byInput[$0].flatMap { joint.gradients[$0].value?.node } != nil
    }
    let owners = owners(of: trained)
    for parameter in parameters {
      guard let place = byInput.removeValue(forKey: parameter),
        let source = joint.gradients[place].value?.node
      else { continue }
      let input = joint.graph.inputs[parameter]
      let owner = owners[parameter] ?? 0
      let accumulator =
        plan.part == .whole
        ? nil : add(.accumulator, input.shape, input.dtype, "\(input.name) gradient sum")
      let first = self.joint.graph.inputs.count
      if plan.part != .early, updates(owner) {
        for (number, shape) in plan.rule.moments(of: input.shape).enumerated() {
          _ = add(.moment, shape, input.dtype, "\(input.name) moment \(number + 1)")
        }
      }
      entries.append(
        Entry(
          input: parameter, gradient: place, source: source,
          place: plan.part == .early ? source : max(source, lastNeeds[parameter]),
          origin: joint.graph.nodes[source].place, accumulator: accumulator,
          moments: first..<self.joint.graph.inputs.count, owner: owner))
    }
    complete = entries.compactMap { joint.gradients[$0.gradient].value }
    fillBuckets()
  }

  /// True where who runs the step updates what this worker owns.
  private func updates(_ owner: Int) -> Bool {
    switch plan.exchange?.duty {
    case .owned(let rank): owner == rank
    case .push: false
    case .gradients, .parameters, nil: true
    }
  }

  /// Who updates each of the parameters that have a gradient.
  private func owners(of parameters: [Int]) -> [Int: Int] {
    guard let exchange = plan.exchange, exchange.rank != nil else { return [:] }
    let bytes = parameters.map { parameter in
      let input = joint.graph.inputs[parameter]
      return plan.rule.moments(of: input.shape).reduce(0) { $0 + $1.byteCount(of: input.dtype) }
    }
    return Dictionary(
      zip(parameters, ExchangePlan.owners(ofBytes: bytes, workers: exchange.workers)),
      uniquingKeysWith: { first, _ in first })
  }

  /// Puts gradients that are exchanged into buckets, in the order in which they are complete: those
  /// of one type, and of one owner, as long as they stay within the bytes that a bucket may have.
  private mutating func fillBuckets() {
    guard let exchange = plan.exchange, exchange.takesGradients, plan.part != .early else { return }
    var open: [Bucket] = []
    func close(_ bucket: Bucket) {
      let place = bucket.members.map { entries[$0].source }.max() ?? 0
      buckets[place, default: []].append(bucket)
      for member in bucket.members { entries[member].place = max(entries[member].place, place) }
    }
    let order = entries.indices.sorted { (entries[$0].source, $0) < (entries[$1].source, $1) }
    for number in order {
      let (gradient, owner) = (complete[number], entries[number].owner)
      let bytes = gradient.shape.byteCount(of: gradient.dtype)
      let alone = Bucket(members: [number], bytes: bytes, dtype: gradient.dtype, owner: owner)
      guard let most = exchange.bucket else {
        close(alone)
        continue
      }
      guard let place = open.firstIndex(where: { $0.dtype == alone.dtype && $0.owner == owner })
      else {
        open.append(alone)
        continue
      }
      if open[place].bytes + bytes > most {
        close(open[place])
        open[place] = alone
      } else {
        open[place].members.append(number)
        open[place].bytes += bytes
      }
    }
    for bucket in open { close(bucket) }
  }

  private mutating func add(
    _ kind: Input.Kind, _ shape: Shape, _ dtype: DType, _ name: String
  ) -> Int {
    joint.graph.inputs.append(Input(kind: kind, shape: shape, dtype: dtype, name: name))
    return joint.graph.inputs.count - 1
  }

  /// Takes the nodes over, with the updates behind those that they follow.
  mutating func run() {
    var taken: [Node] = []
    swap(&taken, &joint.graph.nodes)
    // Entries by the node that they follow, in the order of the parameters.
    var following =
      entries.indices.sorted { (entries[$0].place, $0) < (entries[$1].place, $1) }[...]
    let isTogether = plan.isTogether && plan.part != .early
    var updates: [(entry: Int, node: Int)] = []
    nodes.reserveCapacity(taken.count + 2 * entries.count + 1)
    renumbering = Renumbering(capacity: taken.count)
    // A node that nobody else holds is changed where it lies: nothing here may hold it either.
    let gone = Node(operation: .fill(0, .f32, .scalar), operands: [], results: [])
    for index in taken.indices {
      renumbering.append(nodes.count)
      nodes.append(gone)
      swap(&nodes[nodes.count - 1], &taken[index])
      Node.renumber(&nodes[nodes.count - 1], renumbering)
      for bucket in buckets[index] ?? [] { updates += exchange(bucket) }
      while let number = following.first, entries[number].place == index {
        following.removeFirst()
        if plan.part == .early || plan.exchange?.takesGradients != true { addToSum(number) }
        if plan.part == .early {
          updates.append((number, nodes.count - 1))
        } else if !isTogether {
          updates += update(number, scale: nil)
        }
      }
    }
    if isTogether, !entries.isEmpty, plan.exchange?.duty != .push {
      let operation = Operation.gradientScale(
        norm: (plan.clipping.norm ?? .infinity) * (plan.lossScale ?? 1), limit: plan.limit,
        lossScale: plan.lossScale)
      let scale = append(operation, complete, [TensorType(.scalar, .f64)])
      for number in entries.indices { updates += update(number, scale: scale) }
    }
    let states = averageStates()
    finish(updates)
    for (number, value) in states {
      let input = joint.graph.stateUpdates[number].input
      joint.graph.stateUpdates[number] = Graph.StateUpdate(input: input, value: value)
    }
  }

  /// Exchanges the gradients of a bucket, which its members' updates read from then on; gives those
  /// that somebody else updates.
  private mutating func exchange(_ bucket: Bucket) -> [(entry: Int, node: Int)] {
    guard let plan = plan.exchange else { return [] }
    for member in bucket.members { addToSum(member) }
    let operands = bucket.members.map { complete[$0] }
    let exchange = plan.exchange(
      ofGradients: operands.count, owner: bucket.owner, isTogether: self.plan.isTogether,
      areSums: self.plan.part == .last)
    let types = operands.map { TensorType($0.shape, $0.dtype) }
    _ = append(
      .exchange(exchange), operands, exchange.isInPlace ? [] : types,
      at: entries[bucket.members[0]].origin)
    let node = nodes.count - 1
    exchanges.append(
      JointGraph.Exchanged(node: node, inputs: bucket.members.map { entries[$0].input }))
    guard !exchange.isInPlace else { return bucket.members.map { ($0, node) } }
    for (result, member) in bucket.members.enumerated() {
      complete[member] = Operand(
        .node(node, result: result), shape: types[result].shape, dtype: types[result].dtype)
    }
    return []
  }

  /// Exchanges a parameter behind its update, where its owner sends it or all are averaged.
  private mutating func exchangeParameter(_ number: Int) {
    guard let plan = plan.exchange else { return }
    let kind: Exchange.Kind
    switch plan.duty {
    case .owned: kind = .broadcast(owner: entries[number].owner)
    case .parameters: kind = .average
    case .gradients, .push: return
    }
    let input = joint.graph.inputs[entries[number].input]
    _ = append(
      .exchange(Exchange(kind, plan.way, workers: plan.workers, values: 1)),
      [Operand(.input(entries[number].input), shape: input.shape, dtype: input.dtype)], [],
      at: entries[number].origin)
    exchanges.append(
      JointGraph.Exchanged(node: nodes.count - 1, inputs: [entries[number].input]))
  }

  /// Averages the new values of states over the workers, those of one type together; gives what
  /// stands for each in the place of what this worker found.
  private mutating func averageStates() -> [(update: Int, value: Operand)] {
    guard let plan = plan.exchange, plan.duty != .push else { return [] }
    let updates = joint.graph.stateUpdates
    let floating = updates.indices.filter {
      updates[$0].value.node != nil && updates[$0].value.dtype.isFloating
    }
    var values: [(update: Int, value: Operand)] = []
    for dtype in DType.allCases {
      let members = floating.filter { updates[$0].value.dtype == dtype }
      guard !members.isEmpty else { continue }
      let operands = members.map { updates[$0].value }
      let types = operands.map { TensorType($0.shape, $0.dtype) }
      _ = append(
        .exchange(
          Exchange(.allReduce, plan.way, workers: plan.workers, values: operands.count)),
        operands, types)
      let node = nodes.count - 1
      exchanges.append(JointGraph.Exchanged(node: node, inputs: members.map { updates[$0].input }))
      for (result, member) in members.enumerated() {
        values.append(
          (
            member,
            Operand(
              .node(node, result: result), shape: types[result].shape, dtype: types[result].dtype)
          ))
      }
    }
    return values
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
      at: entries[number].origin)
    complete[number] = isInPlace ? sum : total
    if !isInPlace { totals[number] = total }
  }

  /// Adds the update of a parameter that is updated here, and gives its place; then what workers
  /// exchange of it.
  private mutating func update(_ number: Int, scale: Operand?) -> [(entry: Int, node: Int)] {
    let entry = entries[number]
    guard updates(entry.owner) else {
      exchangeParameter(number)
      // Where gradients are needed together all are here, and nothing has consumed this one.
      return plan.isTogether ? [(number, nodes.count - 1)] : []
    }
    defer { exchangeParameter(number) }
    let inputs = joint.graph.inputs
    func operand(_ input: Int) -> Operand {
      Operand(.input(input), shape: inputs[input].shape, dtype: inputs[input].dtype)
    }
    let operands =
      [operand(entry.input), complete[number].reshaped(inputs[entry.input].shape)]
      + entry.moments.map(operand) + [scale].compactMap(\.self)
    _ = append(
      scale == nil ? plainUpdate : scaledUpdate, operands, [],
      at: entry.origin)
    return [(number, nodes.count - 1)]
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
    for (number, total) in totals {
      let entry = entries[number]
      joint.gradients[entry.gradient] = JointGraph.Gradient(input: entry.input, value: total)
    }
    joint.updates = joint.updates.map { update in
      JointGraph.Update(
        input: update.input, accumulator: update.accumulator, moments: update.moments,
        node: renumbering[update.node] ?? update.node)
    }
    joint.exchanges = exchanges
    joint.updates += updates.sorted { $0.entry < $1.entry }.map { number, node in
      let entry = entries[number]
      return JointGraph.Update(
        input: entry.input, accumulator: entry.accumulator, moments: entry.moments, node: node)
    }
  }
}
