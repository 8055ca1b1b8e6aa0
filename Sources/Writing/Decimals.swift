/// Numbers with few decimals, and without zeros at the end.
package enum Decimals {
  /// Two decimals below ten, one from there.
  package static func rounded(_ number: Double) -> Double {
    let scale: Double = number < 9.995 ? 100 : 10
    return (number * scale).rounded() / scale
  }

  package static func text(_ number: Double) -> String {
    let text = rounded(number).description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
