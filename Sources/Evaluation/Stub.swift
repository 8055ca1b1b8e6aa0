import Execution
import Foundation
import Graphs
import Schedules
import Syntax
import Tensors

enum Display {
  static func number(_ x: Double) -> String { "\(x)" }
  static func loss(_ x: Double) -> String { String(format: "%.4f", x) }
}
package enum ByteFormat { package static func text(_ x: Int) -> String { "\(x) B" } }
enum Prelude { static let text = """
  layer dense(inputs, outputs) {
    param w = glorot(inputs, outputs)
    param b = zeros(outputs)
    forward(x) { x @ w + b }
  }
  """ }
struct LiveTensor { let owner: String; let bytes: Int }
struct ElementSequence {
  let values: [Value]
  func forEach(_ body: (Value) throws(Fault) -> Bool) throws(Fault) { for v in values { if try !body(v) { break } } }
}
extension Interpreter {
  func liveTensors() -> [LiveTensor] { [] }
  func text(of value: Value) -> String {
    switch value {
    case .integer(let x): "\(x)"
    case .float(let x): "\(x)"
    case .string(let x): x.string
    case .bytes(let x): "\(x) B"
    case .tensor(let t): "\(t.typeDescription) \(t.doubles().prefix(8))"
    case .list(let l): "[" + l.elements.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .record(let r): r.display ?? r.fields.map { "\($0.name): \(text(of: $0.value))" }.joined(separator: "\n")
    case .boolean(let b): "\(b)"
    default: Diagnostic.describe(value)
    }
  }
  func typeName(of value: Value) -> String { Diagnostic.describe(value) }
  package func display(_ value: Value) -> String { text(of: value) }
  func elements(of value: Value, at range: SourceRange) throws(Fault) -> ElementSequence {
    if case .list(let l) = value { return ElementSequence(values: l.elements) }
    throw Fault(.expected("a list", found: value, as: "items", at: range))
  }
  func unpack(_ value: Value, into count: Int, at range: SourceRange) throws(Fault) -> [Value] {
    if case .list(let l) = value { return l.elements }
    return [value]
  }
  func tensorOperator(_ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange, left: SourceRange, right: SourceRange) throws(Fault) -> Value {
    let table: [BinaryOperator: Binary] = [.add: .add, .subtract: .subtract, .multiply: .multiply, .divide: .divide, .greater: .greater]
    if operation == .matrixMultiply, case .tensor(let x) = a, case .tensor(let y) = b {
      return .tensor(try emit(.matmul(transposeLeft: false, transposeRight: false), [x, y], at: range))
    }
    if case .tensor(let x) = a, case .tensor(let y) = b { return .tensor(try emit(.binary(table[operation] ?? .add), [x, y], at: range)) }
    if case .tensor(let x) = a, let y = double(b) { return .tensor(try emit(.scalar(table[operation] ?? .add, y, numberFirst: false), [x], at: range)) }
    if case .tensor(let y) = b, let x = double(a) { return .tensor(try emit(.scalar(table[operation] ?? .add, x, numberFirst: true), [y], at: range)) }
    return .none
  }
  func index(_ base: Value, _ indices: [Value], at range: SourceRange, subscripts: [SourceRange]) throws(Fault) -> Value {
    if case .gradients(let g) = base, case .tensor(let t) = indices[0], let e = g.entries.first(where: { $0.target === t }) { return .tensor(e.gradient) }
    return .none
  }
  func field(_ field: Identifier, of value: Value, at range: SourceRange) throws(Fault) -> Value {
    switch value {
    case .gradients(let g): return .float(g.loss.doubles()[0])
    case .plan(let p): return field.name == "peak" ? .bytes(p.peak) : .integer(p.rehearsal.replayedSteps)
    case .record(let r): return r[field.name] ?? .none
    case .dataSet(let d): return .tensor(d.columns[field.name == "x" ? 0 : 1].tensor)
    default: return .none
    }
  }
  func own(_ value: Value, as member: Layer.Member, _ name: Identifier) throws(Fault) -> TensorValue {
    guard case .tensor(let t) = value else { throw Fault(.expected("a tensor", found: value, as: "param", at: name.range)) }
    t.role = member == .state ? .state : .parameter
    t.tensor?.storage.account = member == .state ? .state : .parameters
    return t
  }
  static let tensorBuiltins: [Builtin] = [
    Builtin("zeros", [.init("n")], summary: "", example: "") { (a, m) throws(Fault) in
      .tensor(try m.makeTensor(Array(repeating: 0, count: try a.integer(0)), shape: [try a.integer(0)], dtype: .f32, at: a.range)) },
    Builtin("glorot", [.init("n"), .init("m")], summary: "", example: "") { (a, m) throws(Fault) in
      let (n, k) = (try a.integer(0), try a.integer(1))
      let limit = (6.0 / Double(n + k)).squareRoot()
      return .tensor(try m.emit(.random(.uniform(low: -limit, high: limit), .f32, [n, k], site: 0), [], at: a.range)) },
    Builtin("randn", [.init("n"), .init("m")], summary: "", example: "") { (a, m) throws(Fault) in
      return .tensor(try m.emit(.random(.normal, .f32, [try a.integer(0), try a.integer(1)], site: 0), [], at: a.range)) },
    Builtin("tensor", [.init("n")], summary: "", example: "") { (a, m) throws(Fault) in
      let v = try a.list(0).map { m.double($0) ?? 0 }
      return .tensor(try m.makeTensor(v, shape: [v.count], dtype: .f32, at: a.range)) },
    Builtin("sum", [.init("n")], summary: "", example: "") { (a, m) throws(Fault) in
      let t = try a.tensor(0)
      return .tensor(try m.emit(.reduce(.sum, axes: Array(0..<t.shape.rank), keepDims: false), [t], at: a.range)) },
    Builtin("relu", [.init("n")], summary: "", example: "") { (a, m) throws(Fault) in
      .tensor(try m.emit(.unary(.relu), [try a.tensor(0)], at: a.range)) },
    Builtin("tanh", [.init("n")], summary: "", example: "") { (a, m) throws(Fault) in
      .tensor(try m.emit(.unary(.tanh), [try a.tensor(0)], at: a.range)) },
    Builtin("cross_entropy", [.init("n"), .init("y")], summary: "", example: "") { (a, m) throws(Fault) in
      .tensor(try m.emit(.crossEntropy, [try a.tensor(0), try a.tensor(1)], at: a.range)) },
    Builtin("labels", [.init("n"), .init("c")], summary: "", example: "") { (a, m) throws(Fault) in
      let n = try a.integer(0), c = try a.integer(1)
      return .tensor(try m.makeTensor((0..<n).map { Double($0 % c) }, shape: [n], dtype: .i32, at: a.range)) },
  ]
  static let layerBuiltins: [Builtin] = [
    Builtin("chain", [], variadic: true, summary: "", example: "") { (a, m) throws(Fault) in
      .layer(Layer(name: "chain", kind: .chain(a.rest.map(\.value)), fields: [], argumentCount: 0)) }
  ]
  static let dataBuiltins: [Builtin] = [
    Builtin("dataset", [.init("x"), .init("y")], summary: "", example: "") { (a, m) throws(Fault) in
      .dataSet(DataSet(name: "data", columns: [("x", try a.tensor(0)), ("y", try a.tensor(1))])) },
    Builtin("batches", [.init("data"), .init("size"), .init("steps")], summary: "", example: "") { (a, m) throws(Fault) in
      guard case .dataSet(let d) = a.value(0).value else { return .none }
      return .batches(Batches(data: d, size: try a.integer(1), epochs: nil, steps: try a.integer(2), isShuffled: false, seed: 0)) },
  ]
  static let optimizerBuiltins: [Builtin] = [
    Builtin("sgd", [.init("lr")], summary: "", example: "") { (a, m) throws(Fault) in
      .optimizer(Optimizer(rule: .sgd(rate: try a.number(0)), spelling: "sgd")) }
  ]
}
extension Layer {
  func parameters() -> [(path: String, tensor: TensorValue)] {
    if case .chain(let es) = kind {
      return es.enumerated().flatMap { (i, e) -> [(path: String, tensor: TensorValue)] in
        func walk(_ e: Value, _ path: String) -> [(path: String, tensor: TensorValue)] {
          switch e {
          case .layer(let l): return l.parameters().map { ("\(path).\($0.path)", $0.tensor) }
          case .list(let l): return l.elements.enumerated().flatMap { walk($1, "\(path)[\($0)]") }
          default: return []
          }
        }
        return walk(e, "layers[\(i)]")
      }
    }
    return fields.compactMap { f in
      if f.kind == .parameter, case .tensor(let t) = f.cell.value { return (f.name, t) }
      return nil
    }
  }
  func states() -> [(path: String, tensor: TensorValue)] { [] }
}
