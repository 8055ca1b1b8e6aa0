import Execution
import Syntax
import Tensors

/// The items that a `for` loop goes through, made one at a time.
struct ElementSequence {
  typealias Visit = (_ body: (Value) throws(Fault) -> Bool) throws(Fault) -> Void
  private let visit: Visit

  /// `visit` goes through the items in order, and stops where its body gives false.
  init(_ visit: @escaping Visit) { self.visit = visit }

  /// Calls `body` with each item; it returns false to stop.
  func visit(_ body: (Value) throws(Fault) -> Bool) throws(Fault) { try visit(body) }
}

extension Interpreter {
  /// What a loop over a value goes through: elements, numbers, rows, batches.
  func elements(of value: Value, at range: SourceRange) throws(Fault) -> ElementSequence {
    switch value {
    case .list(let list):
      return ElementSequence { (body) throws(Fault) in
        for element in list.elements { if try !body(element) { return } }
      }
    case .range(let numbers):
      return ElementSequence { (body) throws(Fault) in
        var next = numbers.lower
        while next < numbers.upper {
          if try !body(.integer(next)) { return }
          next += 1
        }
      }
    case .dictionary(let dictionary):
      return ElementSequence { (body) throws(Fault) in
        for key in dictionary.entries.keys { if try !body(key.value) { return } }
      }
    case .string(let text):
      return ElementSequence { (body) throws(Fault) in
        try text.forEachCharacter(body)
      }
    case .tensor(let x) where x.shape.rank > 0:
      return ElementSequence { (body) throws(Fault) in
        for row in 0..<x.shape[0] {
          let part = try self.index(value, [.integer(row)], at: range, subscripts: [range])
          if try !body(part) { return }
        }
      }
    case .dataSet(let data):
      return ElementSequence { (body) throws(Fault) in
        for row in 0..<data.count {
          var parts: [Value] = []
          for column in data.columns {
            let isHeld = column.windows == nil
            let rows = isHeld ? column.tensor : try self.gathered(column, [row], at: range)
            parts.append(
              try self.index(
                .tensor(rows), [.integer(isHeld ? row : 0)], at: range, subscripts: [range]))
          }
          if try !body(self.whole(parts)) { return }
        }
      }
    case .batches(let batches):
      return ElementSequence { (body) throws(Fault) in
        try self.visit(batches, at: range, body)
      }
    default:
      throw Fault(
        .expected(
          .sequence, found: value,
          as: .loopSource, at: range))
    }
  }

  /// What a loop binds of a data set's columns: their list, or the only one itself.
  private func whole(_ columns: [Value]) -> Value {
    columns.count == 1 ? columns[0] : .list(List(columns))
  }

  private func visit(
    _ batches: Batches, at range: SourceRange, _ body: (Value) throws(Fault) -> Bool
  ) throws(Fault) {
    let perEpoch = batches.order.batchesPerEpoch
    let room = try workspace(batches.order.orderBytes, at: range)
    defer { withExtendedLifetime(room) {} }
    var order: [Int] = []
    var number = 0
    while number < batches.order.total {
      if number % perEpoch == 0 {
        batches.order.draw(epoch: number / perEpoch, into: &order)
      }
      let rows = order[batches.order.places(ofBatch: number)]
      let columns = try batches.data.columns.map { (column) throws(Fault) in
        Value.tensor(try gathered(column, rows, at: range))
      }
      if try !body(whole(columns)) { return }
      number += 1
    }
  }
}
