/// A function of two elements.
package enum Binary: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, minimum, maximum, floorDivide, remainder
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .floorDivide, .remainder:
      false
    }
  }
}
