/// Counts of bytes as the language writes them.
package enum ByteFormat {
  private static let units = ["B", "KiB", "MiB", "GiB", "TiB"]

  /// `12 B`, `64 KiB`, `1.5 MiB`: exact where two decimals are enough, else one decimal.
  package static func text(_ bytes: Int) -> String {
    let magnitude = bytes.magnitude
    let sign = bytes < 0 ? "-" : ""
    var unit = 0
    while unit + 1 < units.count, magnitude >> (10 * UInt(unit + 1)) > 0 { unit += 1 }
    let size = UInt(1) << (10 * UInt(unit))
    let whole = magnitude / size
    let rest = magnitude % size
    if rest == 0 { return "\(sign)\(whole) \(units[unit])" }
    let hundredths = rest * 100
    if hundredths % size == 0 {
      let digits = hundredths / size
      let text = digits % 10 == 0 ? "\(digits / 10)" : digits < 10 ? "0\(digits)" : "\(digits)"
      return "\(sign)\(whole).\(text) \(units[unit])"
    }
    let tenths = (rest * 10 + size / 2) / size
    if tenths == 10 {
      if whole == 1023, unit + 1 < units.count { return "\(sign)1.0 \(units[unit + 1])" }
      return "\(sign)\(whole + 1).0 \(units[unit])"
    }
    return "\(sign)\(whole).\(tenths) \(units[unit])"
  }
}
