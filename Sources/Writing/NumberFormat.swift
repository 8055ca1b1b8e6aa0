import Foundation

/// Numbers as Cairn prints them: few digits, the same on every machine.
package enum NumberFormat {
  /// At most 6 significant digits; whole numbers as `3.0`; `inf`, `-inf`, `nan`.
  package static func number(_ x: Double) -> String {
    if x.isNaN { return "nan" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    if x == x.rounded(), abs(x) < 1e15 { return String(format: "%.1f", x == 0 ? 0 : x) }
    return tidy(String(format: "%.6g", x))
  }

  /// Exactly so many digits after the point; `inf`, `-inf`, `nan`.
  package static func fixed(_ x: Double, digits: Int) -> String {
    guard x.isFinite else { return number(x) }
    let text = String(format: "%.\(digits)f", x)
    // No sign for what rounds to 0.
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// A loss: 4 decimals, or 4 significant digits where it is very small or large.
  package static func loss(_ x: Double) -> String {
    guard x.isFinite, x == 0 || (abs(x) >= 1e-3 && abs(x) < 1e6) else {
      return x.isFinite ? tidy(String(format: "%.4g", x)) : number(x)
    }
    return String(format: "%.4f", x)
  }

  /// `1e-07` as `1e-7`, `1e+20` as `1e20`; a point where a number has neither point nor exponent.
  private static func tidy(_ text: String) -> String {
    guard let mark = text.firstIndex(of: "e") else {
      return text.contains(".") ? text : text + ".0"
    }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return "\(text[..<mark])e\(exponent)"
  }
}
