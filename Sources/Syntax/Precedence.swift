/// How tightly an operator binds, loosest first.
enum Precedence: Int, Comparable {
  case pipe, or, and, negation, comparison, range, sum, product, matrixProduct, unary, power
  case postfix

  /// The precedence of an infix operator; `nil` for other symbols, and for `**`, whose operands
  /// are read by their own productions.
  init?(of symbol: Symbol) {
    switch symbol {
    case .pipe: self = .pipe
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .approximately:
      self = .comparison
    case .halfOpenRange, .closedRange: self = .range
    case .plus, .minus: self = .sum
    case .multiply, .divide, .floorDivide, .remainder: self = .product
    case .at: self = .matrixProduct
    default: return nil
    }
  }

  /// The precedence of a binary operator of the tree.
  init(of binary: BinaryOperator) {
    switch binary {
    case .pipe: self = .pipe
    case .or: self = .or
    case .and: self = .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .membership:
      self = .comparison
    case .add, .subtract: self = .sum
    case .multiply, .divide, .floorDivide, .remainder: self = .product
    case .matrixMultiply: self = .matrixProduct
    case .power: self = .power
    }
  }

  /// The next tighter one: what the right operand of a left-associative operator is made of.
  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .postfix }

  static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
}
