/// Numbers with few decimals, and without zeros at the end.
package enum Decimals {
  /// Two decimals below ten, one from there.
  package static func rounded(_ number: Double) -> Double {
    let scale: Double = number < 9.995 ? 100 : 10
    return (number * scale).rounded() / scale
  }

  /// `1.21`, `64`, `45.6`: rounded as `rounded` does, without zeros at the end.
  package static func text(_ number: Double) -> String {
    let text = rounded(number).description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `0.25`, `3.00`: exactly so many decimals, zeros included; for numbers below 10¹⁵.
  package static func fixed(_ number: Double, _ decimals: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "\(number)" }
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    let parts = Int((abs(number) * Double(scale)).rounded())
    let tail = String(parts % scale)
    let zeros = String(repeating: "0", count: max(0, decimals - tail.count))
    let sign = number < 0 && parts > 0 ? "-" : ""
    return sign + String(parts / scale) + (decimals > 0 ? "." + zeros + tail : "")
  }
}
