/// A function of two elements.
package enum Binary: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power, minimum, maximum, floorDivide, remainder
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

  /// True for the functions whose result is i32 0 or 1.
  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum, .floorDivide, .remainder:
      false
    }
  }
}
