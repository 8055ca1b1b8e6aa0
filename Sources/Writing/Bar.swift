/// Bars of block characters, to an eighth of a cell.
package enum Bar {
  private static let eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// `part / whole` of `width` cells; a part above zero shows at least a sliver.
  package static func text(_ part: Int, of whole: Int, width: Int) -> String {
    guard part > 0, whole > 0, width > 0 else { return "" }
    let exact = Double(part) / Double(whole) * Double(width * 8)
    let units = min(max(Int(exact.rounded()), 1), width * 8)
    return String(repeating: "█", count: units / 8) + eighths[units % 8]
  }
}
