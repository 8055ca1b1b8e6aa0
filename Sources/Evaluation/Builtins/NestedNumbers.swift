import Syntax
import Tensors

/// The numbers of nested lists in row-major order, and their shape.
struct NestedNumbers {
  /// In row-major order; `true` is 1 and `false` is 0.
  var values: [Double] = []
  /// One axis for each level of lists, then the axes of the tensors in them.
  var shape: Shape = .scalar
  /// What the values take, in the account.
  var room: Workspace?
}

extension Interpreter {
  private static let deepestTensor = 16

  /// Reads nested lists of numbers. Refuses ragged ones, with the place of the first element that
  /// does not fit.
  func nestedNumbers(_ value: Value, at range: SourceRange) throws(Fault) -> NestedNumbers {
    var nested = NestedNumbers()
    let count = Interpreter.count(in: value)
    nested.room = try workspace(count * MemoryLayout<Double>.size, at: range)
    nested.values.reserveCapacity(count)
    let lengths = try collect(value, "", 0, &nested.values, at: range)
    guard let shape = Shape.checked(lengths) else { throw Fault(.tooManyElements(at: range)) }
    nested.shape = shape
    return nested
  }

  /// How many numbers there will be, where the lists are no deeper than a tensor.
  private static func count(in value: Value, _ depth: Int = 0) -> Int {
    switch value {
    case .tensor(let x): x.shape.count
    case .range(let x): x.count
    case .list(let list) where depth <= deepestTensor:
      list.elements.reduce(0) { sum, element in
        sum.addingReportingOverflow(count(in: element, depth + 1)).partialValue
      }
    default: 1
    }
  }

  private func collect(
    _ value: Value, _ place: String, _ depth: Int, _ values: inout [Double], at range: SourceRange
  ) throws(Fault) -> [Int] {
    guard depth <= Interpreter.deepestTensor else {
      throw Fault(.invalidShape(.nestedLists(limit: Interpreter.deepestTensor), at: range))
    }
    switch value {
    case .integer(let x):
      values.append(Double(x))
      return []
    case .float(let x):
      values.append(x)
      return []
    case .boolean(let x):
      values.append(x ? 1 : 0)
      return []
    case .tensor(let x):
      let tensor = try readable(x, at: range)
      for place in 0..<tensor.shape.count {
        if place % (1 << 14) == 0 { try heed(at: range) }
        values.append(tensor.number(at: place))
      }
      return x.shape.axes
    case .range(let x):
      guard x.count <= 10_000_000 else {
        throw Fault(.invalidShape(.longRange(x.count), at: range))
      }
      for number in x.lower..<x.upper { values.append(Double(number)) }
      return [x.count]
    case .list(let list):
      var inner: [Int]?
      for (index, element) in list.elements.enumerated() {
        try heed(at: range)
        let here = "\(place)[\(index)]"
        let found = try collect(element, here, depth + 1, &values, at: range)
        if let inner, inner != found {
          throw Fault(
            .ragged(here, found: describe(found), wanted: describe(inner), at: range))
        }
        inner = found
      }
      return [list.elements.count] + (inner ?? [])
    default:
      throw Fault(
        .expected(
          .number, found: value, as: .nested(place),
          at: range))
    }
  }

  private func describe(_ lengths: [Int]) -> String {
    lengths.isEmpty
      ? "no axes (a number)" : "the shape [\(lengths.map(String.init).joined(separator: ", "))]"
  }
}
