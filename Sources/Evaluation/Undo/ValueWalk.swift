import Schedules

/// Goes through all that values hold, without recursion, down to the tensors: what stays in memory
/// because of them.
struct ValueWalk {
  /// The tensors met, each once.
  private(set) var tensors: [TensorValue] = []
  private var visited: Set<ObjectIdentifier> = []
  private var waiting: [Value] = []

  /// Goes through a value and all behind it that no value before led to.
  mutating func visit(_ value: Value) {
    waiting.append(value)
    while let next = waiting.popLast() { enter(next) }
  }

  /// True where the variable was met behind a value.
  func reaches(_ cell: Cell) -> Bool { visited.contains(ObjectIdentifier(cell)) }

  private mutating func isNew(_ object: AnyObject) -> Bool {
    visited.insert(ObjectIdentifier(object)).inserted
  }

  private mutating func enter(_ value: Value) {
    switch value {
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .plan: break
    case .tensor(let tensor): enter(tensor)
    case .list(let list): if isNew(list) { waiting += list.elements }
    case .dictionary(let dictionary):
      if isNew(dictionary) { waiting += dictionary.entries.values }
    case .record(let record): if isNew(record) { waiting += record.fields.map(\.value) }
    case .layer(let layer): if isNew(layer) { enter(layer) }
    case .function(let function): if isNew(function) { enter(function.kind) }
    case .dataSet(let data): enter(data)
    case .batches(let batches): enter(batches.data)
    case .gradients(let gradients): if isNew(gradients) { enter(gradients) }
    case .optimizer(let optimizer): if isNew(optimizer) { enter(optimizer) }
    case .strategy(let strategy): if isNew(strategy) { enter(strategy.strategy) }
    }
  }

  private mutating func enter(_ tensor: TensorValue) {
    guard isNew(tensor) else { return }
    tensors.append(tensor)
  }

  private mutating func enter(_ cells: [Cell]) {
    for cell in cells where isNew(cell) { waiting.append(cell.value) }
  }

  private mutating func enter(_ layer: Layer) {
    enter(layer.fields.map(\.cell))
    if let maker = layer.maker { enter(maker.captures) }
    switch layer.kind {
    case .declared(let forward): enter(forward.captures)
    case .chain(let elements): waiting += elements
    case .reversible: break
    }
  }

  private mutating func enter(_ function: Function.Kind) {
    switch function {
    case .closure(let closure): enter(closure.captures)
    case .layerMaker(_, let captures): enter(captures)
    case .learnerStrategy(_, let closure): enter(closure.captures)
    case .builtin, .strategyMaker: break
    }
  }

  private mutating func enter(_ data: DataSet) {
    for column in data.columns { enter(column.tensor) }
  }

  private mutating func enter(_ gradients: GradientsValue) {
    enter(gradients.loss)
    for entry in gradients.entries {
      enter(entry.target)
      enter(entry.gradient)
    }
  }

  private mutating func enter(_ optimizer: Optimizer) {
    for parameter in optimizer.parameters { enter(parameter) }
    for moments in optimizer.moments.values { for moment in moments { enter(moment) } }
  }

  private mutating func enter(_ strategy: any Strategy) {
    guard let learner = strategy as? LearnerStrategy else { return }
    enter(learner.closure.captures)
    waiting += learner.arguments.map(\.value)
  }
}
