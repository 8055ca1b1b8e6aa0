import Graphs
import Syntax
import Tensors
import Writing

/// The wording of operands that an operation does not take.
extension Diagnostic {
  /// A shape error with both shapes, the axis, and where each operand came from.
  static func shape(
    _ error: ShapeError, of operands: [TensorValue], at range: SourceRange
  ) -> Diagnostic {
    let shapes = error.shapes.map(\.description)
    let message: String
    var hint: String?
    switch error.problem {
    case .mismatch(let axis, let left, let right):
      let place = axis.map { " along axis \($0)" } ?? ""
      message =
        "\(error.operation) does not fit \(shapes.joined(separator: " and ")): "
        + "\(left) against \(right)\(place)"
      if ["matmul", "linear_cross_entropy"].contains(error.operation) {
        hint = "the last axis of the left operand must equal the next to last of the right one"
      } else if left != right {
        hint =
          rules[error.operation] ?? "axes are equal, or one of them is 1 and is repeated"
      }
    case .noSuchAxis(let axis):
      message = "\(error.operation) of \(shapes.joined(separator: " and ")) has no axis \(axis)"
      hint = "axes are counted from 0; -1 is the last"
    case .type(let expected, let found):
      message = "\(error.operation) expects \(expected), found \(found)"
      hint = "`help cast` shows how elements get another type"
    case .count(let expected, let found):
      message =
        "\(error.operation) of \(shapes.joined(separator: " and ")): "
        + "\(found) elements do not fill \(expected)"
      hint = "one length may be -1 and is worked out"
    case .rule(let rule):
      hint = hintForWindows(rule, operation: error.operation) ?? hintForSlices(rule)
      let operation =
        shapes.isEmpty
        ? error.operation : "\(error.operation) of \(shapes.joined(separator: " and "))"
      message = "\(operation): \(words(rule))"
    }
    let notes = operands.compactMap { operand in
      operand.origin.map { Note($0, "this is \(operand.typeDescription)") }
    }
    return Diagnostic(.shape, "shape-mismatch", message, at: range, hint: hint, notes: notes)
  }

  /// What to do about a slice that an axis does not have.
  private static func hintForSlices(_ rule: ShapeError.Rule) -> String? {
    switch rule {
    case .movingSlices, .sliceWithin: "`help strided` shows which entries it takes"
    default: nil
    }
  }

  /// What operations ask of operands that do not broadcast.
  private static let rules: [String: String] = {
    let gain = "a gain and an offset have one number for each entry of the last axis"
    return [
      "layer_norm": gain, "batch_norm": gain, "group_norm": gain, "rms_norm": gain,
      "attention":
        "queries and keys are of one width, keys and values of one length; the axes before are "
        + "equal",
      "gru_cell": "the last axis of both products is 3 times as long as that of the state",
      "lstm_cell": "the last axis of the products is 4 times as long as that of the cell",
    ]
  }()

  /// What a rule asks, and what was found.
  private static func words(_ rule: ShapeError.Rule) -> String {
    switch rule {
    case .operands(let expected, let found):
      "takes \(CountFormat.counted(expected, "operand")), not \(found)"
    case .someOperands: "takes 1 operand or more"
    case .nonNegativeLengths: "an axis cannot have a negative length"
    case .rankLimit(let found): "a tensor has at most \(Shape.rankLimit) axes, not \(found)"
    case .elementLimit: "a tensor has fewer than 2^48 elements"
    case .leastRank(let rank):
      "takes tensors of \(CountFormat.counted(rank, "axis", "axes")) or more"
    case .entries(let axis): "axis \(axis) has no entries"
    case .ascendingAxes(let axes): "takes each axis once, in ascending order: \(axes)"
    case .order(let order, let rank): "\(order) is not an order of \(rank) axes"
    case .nonNegativeSlices: "a slice cannot be negatively long"
    case .movingSlices: "a slice cannot have the step 0"
    case .sliceWithin(let slice, let axis, let length):
      "the slice (\(slice.start), step \(slice.step), \(slice.count) entries) leaves axis \(axis) "
        + "of length \(length)"
    case .finite(let number, let dtype): "\(plain(number)) is more than an \(dtype) can hold"
    case .integer(let number, let dtype):
      "\(plain(number)) is not a number that an \(dtype) holds"
    case .truth(let number): "\(plain(number)) is neither 0 nor 1, which is all that a bool holds"
    case .bounds(let low, let high):
      "low must not be above high: \(plain(low)), \(plain(high))"
    case .finiteBounds(let low, let high):
      "takes finite numbers, low not above high: \(plain(low)), \(plain(high))"
    case .finiteSteps: "counts from a finite number in finite steps"
    case .epsilon(let epsilon): "takes an epsilon of 0 or more, not \(plain(epsilon))"
    case .rate(let rate): "takes a rate from 0 to below 1, not \(plain(rate))"
    case .rows: "there are no rows to average over"
    case .classes(let found): "takes 1 class or more, not \(found)"
    case .labels(let rows):
      "takes one label for each row of its logits: labels of the shape \(rows)"
    case .indicesAlong(let axis):
      "takes indices of the same shape but along axis \(axis)"
    case .greatest(let count, let length):
      "takes from 1 to \(length) of the last axis, not \(count)"
    case .logits: "takes logits with a last axis of classes"
    case .normalizationParts:
      "takes x, gain and offset each once, in this order, and one at least"
    case .channelGroups(let groups, let channels):
      "takes a number of groups that divides its \(channels) channels, not \(groups)"
    case .attentionParts: "takes q, k and v each once, in this order, and one at least"
    case .finiteScale(let scale): "takes a finite scale, not \(plain(scale))"
    case .keys: "there are no keys to look at"
    case .maskShape(let scores):
      "takes a mask that broadcasts to \(scores), a row a query and a column a key"
    case .productParts: "takes x and w each once, in this order, and one at least"
    case .smoothing(let smoothing): "takes a smoothing from 0 to 1, not \(plain(smoothing))"
    case .pieces(let pieces): "takes 1 piece or more, not \(pieces)"
    case .window(let problem): words(problem)
    case .state(let input): "input \(input) is not a state"
    }
  }

  /// A number in a message: NaN without a sign, which differs between machines.
  private static func plain(_ number: Double) -> String { number.isNaN ? "nan" : "\(number)" }
}
