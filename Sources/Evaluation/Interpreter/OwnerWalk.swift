/// Goes through what names hold, down to the tensors, and says what holds each: without recursion,
/// so that it finds all of them however deep they lie.
struct OwnerWalk {
  /// The tensors met, each storage once, under the first owner that leads to it.
  private(set) var found: [LiveTensor] = []
  private var storages: Set<ObjectIdentifier> = []
  private var visited: Set<ObjectIdentifier> = []
  /// What to go through, the next one last.
  private var waiting: [Step] = []
  /// What is held by something that is not there for it, as an optimizer holds parameters: an
  /// owner where there is no other.
  private var beside: [Step] = []

  private typealias Step = (path: String, value: Value)

  /// Paths are cut behind so many bytes.
  private static let longestPath = 4096

  /// Goes through the values, in order.
  mutating func visit(_ owners: [(name: String, value: Value)]) {
    for (name, value) in owners {
      waiting = [(name, value)]
      drain()
    }
    while !beside.isEmpty {
      waiting = beside.reversed()
      beside = []
      drain()
    }
  }

  private mutating func drain() {
    while let (path, value) = waiting.popLast() {
      let place = waiting.count
      enter(value, path)
      waiting[place...].reverse()
    }
  }

  private mutating func enter(_ value: Value, _ path: String) {
    switch value {
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .plan: break
    case .tensor(let x): add(x, path)
    case .list(let list):
      guard isNew(list) else { return }
      for (index, element) in list.elements.enumerated() { wait(element, path, "[\(index)]") }
    case .dictionary(let dictionary):
      guard isNew(dictionary) else { return }
      for (key, value) in dictionary.entries {
        wait(value, path, "[\(InlineText.of(key.value))]")
      }
    case .record(let record):
      guard isNew(record) else { return }
      for field in record.fields { wait(field.value, path, ".\(field.name)") }
    case .layer(let layer): if isNew(layer) { enter(layer, path) }
    case .function(let function): if isNew(function) { enter(function.kind, path) }
    case .dataSet(let data): enter(data, path)
    case .batches(let batches): enter(batches.data, "\(path).data")
    case .gradients(let gradients): if isNew(gradients) { enter(gradients, path) }
    case .optimizer(let optimizer): if isNew(optimizer) { enter(optimizer, path) }
    case .strategy(let strategy): if isNew(strategy) { enter(strategy, path) }
    }
  }

  private mutating func enter(_ layer: Layer, _ path: String) {
    switch layer.kind {
    case .chain(let elements):
      for (index, element) in elements.enumerated() { wait(element, path, ".layers[\(index)]") }
    case .declared, .reversible: break
    }
    for field in layer.fields { wait(field.cell.value, path, ".\(field.name)") }
    if case .declared(let forward, let maker) = layer.kind {
      wait(forward.captures, path)
      for cell in maker.captures { beside.append(("\(path) (captured \(cell.name))", cell.value)) }
    }
  }

  private mutating func enter(_ function: Function.Kind, _ path: String) {
    switch function {
    case .closure(let closure): wait(closure.captures, path)
    case .layerMaker(_, let captures): wait(captures, path)
    case .learnerStrategy(_, let closure): wait(closure.captures, path)
    case .builtin, .strategyMaker: break
    }
  }

  private mutating func enter(_ data: DataSet, _ path: String) {
    for column in data.columns {
      add(column.tensor, column.windows == nil ? "\(path).\(column.name)" : path)
    }
  }

  private mutating func enter(_ gradients: GradientsValue, _ path: String) {
    add(gradients.loss, "\(path).loss")
    for (index, output) in gradients.outputs.enumerated() {
      wait(output, path, ".outputs[\(index)]")
    }
    for entry in gradients.entries {
      add(entry.gradient, "\(path)[\(entry.name)]")
      beside.append(("\(path) (gradient of \(entry.name))", .tensor(entry.target)))
    }
  }

  private mutating func enter(_ optimizer: Optimizer, _ path: String) {
    for (place, parameter) in optimizer.parameters.enumerated() {
      let moments = optimizer.moments[ObjectIdentifier(parameter)] ?? []
      for (number, moment) in moments.enumerated() {
        add(moment, "\(path).moments[\(place)][\(number)]")
      }
      beside.append(("\(path) (moments of parameter \(place))", .tensor(parameter)))
    }
    if let rate = optimizer.setting.rateFunction { wait(.function(rate), path, ".lr") }
  }

  private mutating func enter(_ strategy: StrategyValue, _ path: String) {
    guard let learner = strategy.strategy as? LearnerStrategy else { return }
    wait(learner.closure.captures, path)
    for argument in learner.arguments { wait(argument.value, path, " (argument)") }
  }

  private mutating func wait(_ captures: [Cell], _ path: String) {
    for cell in captures { wait(cell.value, path, " (captured \(cell.name))") }
  }

  private mutating func wait(_ value: Value, _ path: String, _ step: String) {
    switch value {
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .plan: return
    case .list, .dictionary, .record, .function, .layer, .tensor, .dataSet, .batches, .optimizer,
      .strategy, .gradients:
      break
    }
    let isLong = path.utf8.count > OwnerWalk.longestPath
    waiting.append((isLong ? (path.hasSuffix("…") ? path : path + "…") : path + step, value))
  }

  private mutating func isNew(_ object: AnyObject) -> Bool {
    visited.insert(ObjectIdentifier(object)).inserted
  }

  private mutating func add(_ x: TensorValue, _ path: String) {
    guard let tensor = x.tensor, storages.insert(ObjectIdentifier(tensor.storage)).inserted else {
      return
    }
    found.append(
      LiveTensor(
        owner: path, shape: x.shape, dtype: x.dtype, account: tensor.storage.account,
        bytes: tensor.storage.byteCount))
  }
}
