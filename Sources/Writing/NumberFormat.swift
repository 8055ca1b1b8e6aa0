import Foundation

/// Numbers as Cairn prints them: few digits, the same on every machine.
package enum NumberFormat {
  /// At most 6 significant digits; whole numbers as `3.0`; `inf`, `-inf`, `nan`.
  package static func number(_ x: Double) -> String {
    if x.isNaN { return "nan" }
    if x.isInfinite { return x < 0 ? "-inf" : "inf" }
    if x == x.rounded(), abs(x) < 1e15 { return "\(Int(x)).0" }
    return tidy(printed("%.6g", x))
  }

  /// Exactly so many digits after the point; `inf`, `-inf`, `nan`.
  package static func fixed(_ x: Double, digits: Int) -> String {
    guard x.isFinite else { return number(x) }
    let text = printed("%.\(digits)f", x)
    // No sign for what rounds to 0.
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }

  /// A loss: 4 decimals, or 4 significant digits where it is very small or large.
  package static func loss(_ x: Double) -> String {
    guard x.isFinite, x == 0 || (abs(x) >= 1e-3 && abs(x) < 1e6) else {
      return x.isFinite ? tidy(printed("%.4g", x)) : number(x)
    }
    return printed("%.4f", x)
  }

  /// A number as C prints it.
  private static func printed(_ format: String, _ x: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      let count = withVaList([x]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
      return String(decoding: UnsafeRawBufferPointer(buffer).prefix(Int(count)), as: UTF8.self)
    }
  }

  /// `1e-07` as `1e-7`, `1e+20` as `1e20`; a point where a number has neither point nor exponent.
  private static func tidy(_ text: String) -> String {
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "e")) else {
      return text.utf8.contains(UInt8(ascii: ".")) ? text : text + ".0"
    }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return "\(text[..<mark])e\(exponent)"
  }
}
