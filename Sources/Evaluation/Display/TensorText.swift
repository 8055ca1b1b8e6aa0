import Execution
import Foundation
import Tensors
import Writing

/// The elements of a tensor as text, laid out as NumPy does: brackets by axis, long axes
/// abbreviated.
struct TensorText {
  /// Elements, or empty rows, shown in full; above it each axis shows up to three at either end.
  static let most = 120
  /// Elements shown of a tensor that is abbreviated, at most.
  private static let mostAbbreviated = 1000

  /// How much of each axis is shown.
  private enum Extent: Equatable {
    case full
    /// So many indices at either end.
    case ends(Int)
    /// Nothing: there are too many axes for even the ends.
    case none
  }

  private let shape: Shape
  private let extent: Extent
  private let element: (Int) -> String
  private let width: Int

  /// Reads and formats the elements that are shown, to find one format and width for them all.
  init(_ tensor: Tensor) {
    let shape = tensor.shape
    let extent = TensorText.extent(of: shape)
    self.shape = shape
    self.extent = extent
    let places = TensorText.places(shape, extent)
    let shown = places.compactMap { tensor.element(at: $0) }
    let format = TensorText.format(shown, tensor.dtype)
    element = { place in tensor.element(at: place).map(format) ?? "" }
    width = shape.rank < 2 ? 0 : shown.map { format($0).count }.max() ?? 0
  }

  /// What is shown of a shape: all where that is little, else the most that stays within bounds.
  private static func extent(of shape: Shape) -> Extent {
    if shown(shape.axes, atMost: most) { return .full }
    for edge in [3, 2, 1] {
      let lengths = shape.axes.map { indices($0, .ends(edge)).count }
      if shown(lengths, atMost: mostAbbreviated) { return .ends(edge) }
    }
    return .none
  }

  /// True where axes of these lengths have no more than `bound` places, an empty axis counted as
  /// one.
  private static func shown(_ lengths: [Int], atMost bound: Int) -> Bool {
    var count = 1
    for length in lengths {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow, product <= bound else { return false }
      count = product
    }
    return true
  }

  /// Brackets by axis, a row of the last axis a line; `[…]` where there are too many axes.
  var text: String {
    if extent == .none { return "[…]" }
    return shape.rank == 0 ? element(0) : row(axis: 0, offset: 0, strides: shape.strides)
  }

  private func row(axis: Int, offset: Int, strides: [Int]) -> String {
    let length = shape[axis]
    let isLast = axis == shape.rank - 1
    let separator = isLast ? ", " : "," + String(repeating: "\n", count: shape.rank - 1 - axis)
    let margin = isLast ? "" : String(repeating: " ", count: axis + 1)
    var parts: [String] = []
    for index in TensorText.indices(length, extent) {
      guard let index else {
        parts.append("…")
        continue
      }
      let place = offset + index * strides[axis]
      if isLast {
        let text = element(place)
        parts.append(String(repeating: " ", count: max(0, width - text.count)) + text)
      } else {
        parts.append(row(axis: axis + 1, offset: place, strides: strides))
      }
    }
    return "[" + parts.joined(separator: separator + margin) + "]"
  }

  /// Indices of an axis that are shown; `nil` for those left out.
  private static func indices(_ length: Int, _ extent: Extent) -> [Int?] {
    switch extent {
    case .none: return []
    case .ends(let edge) where length > 2 * edge + 1:
      return (0..<edge).map { $0 } + [nil] + ((length - edge)..<length).map { $0 }
    case .full, .ends: return (0..<length).map { $0 }
    }
  }

  /// Places of the elements that are shown, in row-major order.
  private static func places(_ shape: Shape, _ extent: Extent) -> [Int] {
    guard shape.count > 0, extent != .none else { return [] }
    var places = [0]
    for (length, stride) in zip(shape.axes, shape.strides) {
      let indices = indices(length, extent).compactMap { $0 }
      places = places.flatMap { place in indices.map { place + $0 * stride } }
    }
    return places
  }

  /// One format for all elements: four decimals at most, as many as are needed; powers of ten where
  /// they range widely.
  private static func format(_ values: [Double], _ dtype: DType) -> (Double) -> String {
    switch dtype {
    case .i32, .i64: return { String(Int($0)) }
    case .bool: return { $0 == 0 ? "false" : "true" }
    case .f32, .f64, .f16, .bf16: break
    }
    let finite = values.filter { $0.isFinite && $0 != 0 }.map { abs($0) }
    let largest = finite.max() ?? 0
    let least = finite.min() ?? 1
    func special(_ x: Double) -> String? { x.isFinite ? nil : NumberFormat.number(x) }
    if largest >= 1e6 || (largest > 0 && largest < 1e-3) || (least < 1e-4 && largest >= 1e3) {
      return { special($0) ?? String(format: "%.3e", $0 == 0 ? 0 : $0) }
    }
    var digits = 1
    for x in values where x.isFinite {
      let text = String(format: "%.4f", x)
      let zeros = text.reversed().prefix { $0 == "0" }.count
      digits = max(digits, 4 - min(zeros, 3))
    }
    return { x in
      if let text = special(x) { return text }
      let text = String(format: "%.\(digits)f", x)
      return Double(text) == 0 ? String(format: "%.\(digits)f", 0.0) : text
    }
  }
}
