import Foundation
import Tensors

/// The elements of a tensor as text, laid out as NumPy does: brackets by axis, long axes abbreviated.
struct TensorText {
  /// Elements shown in full; above it each axis shows three at either end.
  static let most = 120
  private static let edge = 3

  private let shape: Shape
  private let isAbbreviated: Bool
  private let element: (Int) -> String
  private let width: Int

  init(_ values: [Double], shape: Shape, dtype: DType) {
    self.shape = shape
    isAbbreviated = shape.count > TensorText.most
    let shown = TensorText.places(shape, isAbbreviated: isAbbreviated).map { values[$0] }
    let format = TensorText.format(shown, dtype)
    element = { format(values[$0]) }
    width = shape.rank < 2 ? 0 : shown.map { format($0).count }.max() ?? 0
  }

  var text: String {
    shape.rank == 0 ? element(0) : row(axis: 0, offset: 0, strides: shape.strides)
  }

  private func row(axis: Int, offset: Int, strides: [Int]) -> String {
    let length = shape[axis]
    let isLast = axis == shape.rank - 1
    let separator = isLast ? ", " : "," + String(repeating: "\n", count: shape.rank - 1 - axis)
    let margin = isLast ? "" : String(repeating: " ", count: axis + 1)
    var parts: [String] = []
    for index in TensorText.indices(length, isAbbreviated: isAbbreviated) {
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
  private static func indices(_ length: Int, isAbbreviated: Bool) -> [Int?] {
    guard isAbbreviated, length > 2 * edge + 1 else { return (0..<length).map { $0 } }
    return (0..<edge).map { $0 } + [nil] + ((length - edge)..<length).map { $0 }
  }

  private static func places(_ shape: Shape, isAbbreviated: Bool) -> [Int] {
    guard shape.count > 0 else { return [] }
    var places = [0]
    for (length, stride) in zip(shape.axes, shape.strides) {
      let indices = indices(length, isAbbreviated: isAbbreviated).compactMap { $0 }
      places = places.flatMap { place in indices.map { place + $0 * stride } }
    }
    return places
  }

  /// One format for all elements: four decimals at most, as many as are needed; powers of ten where they range widely.
  private static func format(_ values: [Double], _ dtype: DType) -> (Double) -> String {
    if dtype == .i32 { return { String(Int($0)) } }
    let finite = values.filter { $0.isFinite && $0 != 0 }.map { abs($0) }
    let largest = finite.max() ?? 0
    let least = finite.min() ?? 1
    func special(_ x: Double) -> String? { x.isFinite ? nil : Display.number(x) }
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
