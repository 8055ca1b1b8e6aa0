import Syntax
import Tensors

/// Operands that would fit each other, as the texts of those that do not.
struct FittingOperands {
  private let (x, y): (Shape, Shape)
  private let (left, right): (String, String)

  /// `nil` for texts that cannot stand between other parentheses as they are.
  init?(_ x: TensorValue, _ y: TensorValue, _ left: SourceRange, _ right: SourceRange) {
    (self.x, self.y, self.left, self.right) = (x.shape, y.shape, left.text, right.text)
    guard self.left.isOneOperand, self.right.isOneOperand else { return nil }
  }

  /// A product of matrices, one of them read transposed; `nil` where neither way fits.
  var product: String? {
    guard x.rank == 2, y.rank == 2 else { return nil }
    if x[1] == y[1] { return "`\(left) @ transpose(\(right))` fits" }
    if x[0] == y[0] { return "`transpose(\(left)) @ \(right)` fits" }
    return nil
  }

  /// An operator element by element, where one operand is a vector along an axis of the other that
  /// is not the last, or a transposed matrix; `nil` where it is neither.
  func elementwise(_ symbol: String) -> String? {
    if x.rank == 2, x.axes == y.axes.reversed() {
      return "`\(left) \(symbol) transpose(\(right))` fits"
    }
    if let column = column(of: y, beside: x) {
      return "`\(left) \(symbol) reshape(\(right), \(column))` fits"
    }
    if let column = column(of: x, beside: y) {
      return "`reshape(\(left), \(column)) \(symbol) \(right)` fits"
    }
    return nil
  }

  /// The shape in which a vector lies along the only axis of `whole` that is as long.
  private func column(of vector: Shape, beside whole: Shape) -> Shape? {
    guard vector.rank == 1, whole.rank > 1 else { return nil }
    let axes = whole.axes.indices.filter { whole[$0] == vector[0] }
    guard axes.count == 1, axes[0] < whole.rank - 1 else { return nil }
    return Shape([vector[0]] + Array(repeating: 1, count: whole.rank - 1 - axes[0]))
  }
}

extension String {
  /// True for a short text that is one operand wherever it stands: a name, a field, a call.
  fileprivate var isOneOperand: Bool {
    guard count <= 40, let first, first.isLetter || first == "_" else { return false }
    var depth = 0
    for character in self {
      switch character {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "\n": return false
      default:
        let isPart = character.isLetter || character.isNumber || "_.".contains(character)
        if depth < 1, !isPart { return false }
      }
      if depth < 0 { return false }
    }
    return depth == 0
  }
}
