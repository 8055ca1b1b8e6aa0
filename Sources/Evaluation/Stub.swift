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
  static let dataBuiltins: [Builtin] = [
    Builtin("dataset", [.init("x"), .init("y")], summary: "", example: "") { (a, m) throws(Fault) in
      .dataSet(DataSet(name: "data", columns: [("x", try a.tensor(0)), ("y", try a.tensor(1))])) },
    Builtin("batches", [.init("data"), .init("size"), .init("steps")], summary: "", example: "") { (a, m) throws(Fault) in
      guard case .dataSet(let d) = a.value(0).value else { return .none }
      return .batches(Batches(data: d, size: try a.integer(1), epochs: nil, steps: try a.integer(2), isShuffled: false, seed: 0)) },
  ]
}
