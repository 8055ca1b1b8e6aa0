import Syntax
import Tensors

struct LiveTensor { let owner: String; let bytes: Int }
extension Interpreter {
  func liveTensors() -> [LiveTensor] { [] }
  static let dataBuiltins: [Builtin] = [
    Builtin("dataset", [.init("x"), .init("y")], summary: "", example: "") { (a, m) throws(Fault) in
      .dataSet(DataSet(name: "data", columns: [("x", try a.tensor(0)), ("y", try a.tensor(1))])) },
    Builtin("batches", [.init("data"), .init("size"), .init("steps")], summary: "", example: "") { (a, m) throws(Fault) in
      guard case .dataSet(let d) = a.value(0).value else { return .none }
      return .batches(Batches(data: d, size: try a.integer(1), epochs: nil, steps: try a.integer(2), isShuffled: false, seed: 0)) },
  ]
}
