import Experiments
import Gradients
import Graphs
import Reports
import Schedules
import Syntax
import Tensors

extension Interpreter {
  /// `value.field`
  func field(
    _ field: Identifier, of value: Value, at range: SourceRange
  ) throws(Fault) -> Value {
    let name = field.name
    var found: Value?
    switch value {
    case .tensor(let x): found = try self.field(name, of: x, at: range)
    case .layer(let layer): found = self.field(name, of: layer)
    case .gradients(let gradients): found = try self.field(name, of: gradients, at: range)
    case .plan(let plan): found = try self.field(name, of: plan, at: range)
    case .dataSet(let data): found = try self.field(name, of: data, at: range)
    case .record(let record): found = record[name]
    case .optimizer(let optimizer):
      switch name {
      case "name": found = .string(.of(optimizer.name))
      case "lr":
        found =
          optimizer.setting.rateFunction.map { .function($0) }
          ?? .float(optimizer.rule.rate)
      case "updates": found = .integer(optimizer.updateCount)
      case "bytes":
        found = .bytes(optimizer.moments.values.joined().reduce(0) { $0 + $1.byteCount })
      default: break
      }
    case .batches(let batches):
      switch name {
      case "size": found = .integer(batches.order.size)
      case "total": found = .integer(batches.order.total)
      case "data": found = .dataSet(batches.data)
      default: break
      }
    case .list(let list) where name == "length": found = .integer(list.count)
    case .dictionary(let dictionary):
      switch name {
      case "keys": found = .list(List(dictionary.entries.keys.map(\.value)))
      case "values": found = .list(List(dictionary.entries.values))
      case "pairs":
        found = .list(
          List(dictionary.entries.map { .list(List([$0.key.value, $0.value])) }))
      case "length": found = .integer(dictionary.entries.count)
      default: break
      }
    case .string(let text) where name == "length": found = .integer(text.count)
    case .range(let numbers):
      switch name {
      case "length": found = .integer(numbers.count)
      case "start": found = .integer(numbers.lower)
      case "end": found = .integer(numbers.upper)
      default: break
      }
    case .function(let function) where name == "name": found = .string(.of(function.name))
    case .strategy(let strategy) where name == "name": found = .string(.of(strategy.spelling))
    default: break
    }
    if let found { return found }
    throw Fault(
      .unknownField(field, of: value, known: fieldNames(of: value), functions: knownNames))
  }

  /// The fields of a value: completion after a dot, and did-you-mean.
  package func fieldNames(of value: Value) -> [String] {
    switch value {
    case .tensor(let x):
      ["shape", "dtype", "rank", "count", "bytes"] + (x.shape.rank == 2 ? ["T"] : [])
    case .layer(let layer):
      layer.fields.map(\.name) + (isChain(layer) ? ["layers", "length"] : [])
        + ["parameters", "bytes", "name"]
    case .gradients: ["loss", "names", "outputs", "norm", "plan"]
    case .plan:
      [
        "peak", "kept", "replayed", "forward", "backward", "steps", "flops", "replayed_flops",
        "traffic", "actions", "chain", "strategy",
        "outside", "graph", "joint", "workload", "timeline",
      ]
    case .dataSet(let data):
      data.columns.map(\.name) + ["columns", "count", "classes", "features", "name", "bytes"]
        + (data.alphabet == nil ? [] : ["alphabet", "vocabulary", "unit"])
    case .record(let record): record.fields.map(\.name)
    case .optimizer: ["name", "lr", "updates", "bytes"]
    case .batches: ["size", "total", "data"]
    case .list, .string: ["length"]
    case .dictionary: ["keys", "values", "pairs", "length"]
    case .range: ["length", "start", "end"]
    case .function, .strategy: ["name"]
    case .none, .integer, .float, .boolean, .bytes: []
    }
  }

  private func isChain(_ layer: Layer) -> Bool {
    if case .chain = layer.kind { true } else { false }
  }

  private func field(
    _ name: String, of x: TensorValue, at range: SourceRange
  ) throws(Fault) -> Value? {
    switch name {
    case "shape": return .list(List(x.shape.axes.map { .integer($0) }))
    case "dtype": return .string(.of(x.dtype.description))
    case "rank": return .integer(x.shape.rank)
    case "count": return .integer(x.shape.count)
    case "bytes": return .bytes(x.byteCount)
    case "T":
      guard x.shape.rank == 2 else {
        throw Fault(
          .invalidShape(.transposed(x), at: range))
      }
      return .tensor(try emit(.permute([1, 0]), [x], at: range))
    default: return nil
    }
  }

  private func field(_ name: String, of layer: Layer) -> Value? {
    if let field = layer.fields.first(where: { $0.name == name }) { return field.cell.value }
    if case .chain(let elements) = layer.kind {
      if name == "layers" { return .list(List(elements)) }
      if name == "length" { return .integer(layer.flatElements.count) }
    }
    switch name {
    case "parameters": return .list(List(layer.parameters().map { .tensor($0.tensor) }))
    case "bytes": return .bytes(layer.parameters().reduce(0) { $0 + $1.tensor.byteCount })
    case "name": return .string(.of(layer.name))
    default: return nil
    }
  }

  private func field(
    _ name: String, of gradients: GradientsValue, at range: SourceRange
  ) throws(Fault) -> Value? {
    switch name {
    case "loss":
      trace?.computes(gradients.loss) == true
        ? .tensor(gradients.loss) : .float(try number(in: gradients.loss, at: range))
    case "names": .list(List(gradients.entries.map { .string(.of($0.name)) }))
    case "plan": gradients.plan.map { .plan($0) } ?? Value.none
    case "outputs": .list(List(gradients.outputs))
    case "norm": try norm(of: gradients, at: range)
    default: nil
    }
  }

  private func field(
    _ name: String, of plan: Plan, at range: SourceRange
  ) throws(Fault) -> Value? {
    let run = plan.rehearsal
    switch name {
    case "peak": return .bytes(plan.peak)
    case "kept": return .bytes(plan.kept)
    case "outside": return .bytes(plan.base.total)
    case "replayed": return .integer(run.replayedSteps)
    case "forward": return .integer(run.forwardSteps)
    case "backward": return .integer(run.backwardSteps)
    case "steps": return .integer(run.forwardSteps + run.replayedSteps + run.backwardSteps)
    case "flops":
      return .integer(run.forwardCost &+ run.replayedCost &+ run.backwardCost)
    case "replayed_flops": return .integer(run.replayedCost)
    case "traffic": return .bytes(run.tierTraffic)
    case "strategy": return .string(.of(plan.strategy))
    case "graph":
      return listing(plan.graphListing, "graph", nodes: plan.joint?.forwardCount)
    case "joint":
      return listing(plan.jointListing, "joint graph", nodes: plan.joint?.graph.nodes.count)
    case "workload":
      let fields: [(name: String, value: Value)] = [
        ("steps", .integer(plan.workload.steps.count)),
        ("forward", .integer(plan.workload.forwardCount)),
      ]
      return .record(
        Record(typeName: "workload", fields: fields, display: plan.workloadListing))
    case "timeline":
      let fields: [(name: String, value: Value)] = [
        ("peak", .bytes(run.peak)), ("action", .integer(run.peakAction)),
      ]
      return .record(Record(typeName: "timeline", fields: fields, display: plan.timelineChart))
    case "actions":
      return .list(
        List(plan.schedule.actions.map { .record(record(of: $0, in: plan.workload)) }))
    case "chain":
      if let chain = plan.schedule.chain {
        return .record(
          chainRecord(chain.chain, planned: chain, replayed: plan.replayedStages ?? 0))
      }
      // A strategy that does not work on stages: the chain is there all the same.
      do {
        return try Chain.find(in: plan.workload).map { .record(chainRecord($0)) } ?? Value.none
      } catch {
        throw Fault(.schedule(error, strategy: plan.strategy, base: plan.base.total, at: range))
      }
    default: return nil
    }
  }

  /// A graph that prints as its listing; none for a plan that was made of no graph.
  private func listing(_ report: Report?, _ typeName: String, nodes: Int?) -> Value {
    guard let report, let nodes else { return .none }
    return .record(
      Record(typeName: typeName, fields: [("nodes", .integer(nodes))], display: report))
  }

  /// A chain as a record: what `p.chain` is, and what the body of a learner's strategy sees.
  func chainRecord(
    _ chain: Chain, planned plan: ChainPlan? = nil, replayed: Int = 0
  ) -> Record {
    var fields: [(name: String, value: Value)] = [
      ("length", .integer(chain.length)),
      ("stages", .list(List(chain.stages.map { .record(stageRecord($0)) }))),
    ]
    if let plan {
      fields += [
        ("slots", .integer(plan.slots)),
        ("forward_stages", .integer(plan.forwardStages - plan.replayedStages)),
        ("replayed_stages", .integer(replayed)),
        ("actions", .list(List(plan.actions.map { .string(.of($0.reading)) }))),
      ]
    }
    return Record(typeName: "chain", fields: fields)
  }

  /// An action as a record: what it does, about which step, and the bytes it makes, frees or moves.
  private func record(of action: Schedule.Action, in workload: Workload) -> Record {
    let step = workload.step(of: action)
    let label: String
    let bytes: Int
    switch action {
    case .compute:
      label = workload.label(ofStep: step)
      bytes = workload.steps[step].results.reduce(0) { $0 + $1.bytes }
    case .free(let value), .offload(let value), .fetch(let value):
      label = workload.label(ofValue: value)
      bytes = workload.value(value).bytes
    }
    return Record(
      typeName: "action",
      fields: [
        ("kind", .string(.of(action.verb))), ("step", .integer(step)),
        ("label", .string(.of(label))),
        ("bytes", .bytes(bytes)), ("layer", .string(.of(workload.steps[step].origin.layer))),
      ])
  }

  /// A stage as a record, with FLOPs forward and backward.
  func stageRecord(_ stage: Stage) -> Record {
    Record(
      typeName: "stage",
      fields: [
        ("label", .string(.of(stage.label))),
        ("boundary", .bytes(stage.boundaryBytes)),
        ("recorded", .bytes(stage.recordedBytes)),
        ("scratch", .bytes(stage.scratch)),
        ("forward", .integer(stage.forwardCost)),
        ("backward", .integer(stage.backwardCost)),
      ])
  }

  private func field(
    _ name: String, of data: DataSet, at range: SourceRange
  ) throws(Fault) -> Value? {
    if let column = data.columns.first(where: { $0.name == name }) {
      return .tensor(try whole(column, at: range))
    }
    switch name {
    case "columns": return .list(List(data.columns.map { .string(.of($0.name)) }))
    case "count": return .integer(data.count)
    case "name": return .string(.of(data.name))
    case "classes": return .list(List(data.classNames.map { .string(.of($0)) }))
    case "features": return .list(List(data.featureNames.map { .string(.of($0)) }))
    case "bytes": return .bytes(data.byteCount)
    case "alphabet": return data.alphabet.map { .list(List($0.symbols)) }
    case "vocabulary": return data.alphabet.map { .integer($0.count) }
    case "unit": return data.alphabet.map { .string(.of($0.unit.rawValue)) }
    default: return nil
    }
  }
}
