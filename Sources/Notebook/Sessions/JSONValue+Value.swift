package import Evaluation
import Experiments
package import Reports
import Schedules
import Tensors

extension JSONValue {
  /// A value of the language, as machine mode gives it.
  package init(_ value: Value, in interpreter: Interpreter) {
    switch value {
    case .none: self = .null
    case .integer(let number): self = .integer(number)
    case .float(let number): self = .number(number)
    case .boolean(let flag): self = .boolean(flag)
    case .string(let text): self = .string(text.string)
    case .list(let list): self = JSONValue.elements(of: list, interpreter)
    case .dictionary(let dictionary):
      let entries = dictionary.entries.map { key, value in
        JSONValue.array([JSONValue(key.value, in: interpreter), JSONValue(value, in: interpreter)])
      }
      self = .object([("type", .string("dictionary")), ("entries", .array(entries))])
    case .bytes(let count):
      self = .object([("type", .string("bytes")), ("bytes", .integer(count))])
    case .tensor(let tensor):
      self = .object([("type", .string("tensor"))] + JSONValue.members(of: tensor, withType: true))
    case .gradients(let gradients): self.init(gradients)
    case .plan(let plan): self.init(plan)
    case .range: self = JSONValue.other("range", value, interpreter)
    case .function: self = JSONValue.other("function", value, interpreter)
    case .layer: self = JSONValue.other("layer", value, interpreter)
    case .dataSet: self = JSONValue.other("data set", value, interpreter)
    case .batches: self = JSONValue.other("batches", value, interpreter)
    case .optimizer: self = JSONValue.other("optimizer", value, interpreter)
    case .strategy: self = JSONValue.other("strategy", value, interpreter)
    case .record(let record): self = JSONValue.other(record.typeName, value, interpreter)
    }
  }

  private static func elements(of list: List, _ interpreter: Interpreter) -> JSONValue {
    // As with tensors: read while the value is as the command left it.
    nonisolated(unsafe) let (elements, interpreter) = (list.elements, interpreter)
    return .elements(elements.count) { JSONValue(elements[$0], in: interpreter) }
  }

  private static func other(
    _ type: String, _ value: Value, _ interpreter: Interpreter
  ) -> JSONValue {
    .object([("type", .string(type)), ("text", .string(interpreter.display(value)))])
  }

  private static func members(
    of tensor: TensorValue, withType: Bool
  ) -> [(String, JSONValue)] {
    let shape = JSONValue.array(tensor.shape.axes.map(JSONValue.integer))
    let values = tensor.isConcrete ? tensor.tensor.map { elements(of: $0) } : nil
    return (withType ? [("dtype", .string(tensor.dtype.description))] : [])
      + [("shape", shape), ("values", values ?? .null)]
  }

  private static func elements(of tensor: Tensor) -> JSONValue {
    // Read where the value is made, and while it is as the command left it.
    nonisolated(unsafe) let tensor = tensor
    return .elements(tensor.shape.count) { element(tensor.number(at: $0), tensor.dtype) }
  }

  private static func element(_ number: Double, _ dtype: DType) -> JSONValue {
    switch dtype {
    case .f32: .single(Float(number))
    case .f64: .number(number)
    case .i32: Int(exactly: number).map(JSONValue.integer) ?? .number(number)
    case .bool: .boolean(number != 0)
    }
  }

  private init(_ gradients: GradientsValue) {
    let loss =
      gradients.loss.isConcrete
      ? gradients.loss.doubles().first.map { JSONValue.element($0, gradients.loss.dtype) } : nil
    let entries = gradients.entries.map { entry in
      JSONValue.object(
        [("name", .string(entry.name))] + JSONValue.members(of: entry.gradient, withType: false))
    }
    self = .object([
      ("type", .string("gradients")), ("loss", loss ?? .null), ("gradients", .array(entries)),
    ])
  }

  private init(_ plan: Plan) {
    let rehearsal = plan.rehearsal
    self = .object([
      ("type", .string("schedule")),
      ("peak", .integer(plan.peak)),
      ("kept", .integer(plan.kept)),
      (
        "steps",
        .object([
          ("forward", .integer(rehearsal.forwardSteps)),
          ("replayed", .integer(rehearsal.replayedSteps)),
          ("backward", .integer(rehearsal.backwardSteps)),
        ])
      ),
      ("actions", .array(plan.schedule.actions.map { JSONValue($0, in: plan.workload) })),
      (
        "chain",
        plan.schedule.chain.map { JSONValue($0, replayed: plan.replayedStages ?? 0) } ?? .null
      ),
    ])
  }

  private init(_ action: Schedule.Action, in workload: Workload) {
    let label =
      switch action {
      case .compute(let step, reusing: _): workload.label(ofStep: step)
      case .free(let value), .offload(let value), .fetch(let value):
        workload.label(ofValue: value)
      }
    self = .array([.string(action.verb), .string(label)])
  }

  private init(_ plan: ChainPlan, replayed: Int) {
    self = .object([
      ("stages", .integer(plan.chain.length)),
      ("slots", .integer(plan.slots)),
      ("forward_stages", .integer(plan.forwardStages - plan.replayedStages)),
      ("replayed_stages", .integer(replayed)),
      ("actions", .array(plan.actions.map { JSONValue($0) })),
    ])
  }

  private init(_ action: ChainAction) {
    let (verb, numbers) = action.parts
    self = .array([.string(verb)] + numbers.map(JSONValue.integer))
  }
}
