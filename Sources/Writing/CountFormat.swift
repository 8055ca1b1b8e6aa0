/// How counts of steps and operations are written.
package enum CountFormat {
  private static let units = ["", " k", " M", " G", " T", " P", " E"]

  /// `950`, `1.23 k`, `45.6 M`: thousands, with few digits.
  package static func brief(_ count: Int) -> String {
    var size = Double(count.magnitude)
    var unit = 0
    while Decimals.rounded(size) >= 1000, unit < units.count - 1 {
      size /= 1000
      unit += 1
    }
    return (count < 0 ? "-" : "") + Decimals.text(size) + units[unit]
  }

  /// `7,520`: every digit, in groups of three.
  package static func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var text = count < 0 ? "-" : ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// `12.5 %` of a whole; `0 %` of nothing.
  package static func percent(_ part: Int, of whole: Int) -> String {
    let share = whole == 0 ? 0 : Double(part) * 100 / Double(whole)
    if share > 0, share < 0.1 { return "<0.1 %" }
    return Decimals.text((share * 10).rounded() / 10) + " %"
  }

  /// The noun for so many: `step`, `steps`.
  package static func noun(_ count: Int, _ noun: String, _ nouns: String? = nil) -> String {
    count == 1 ? noun : nouns ?? noun + "s"
  }

  /// `1 step`, `2 steps`.
  package static func counted(_ count: Int, _ noun: String, _ nouns: String? = nil) -> String {
    grouped(count) + " " + self.noun(count, noun, nouns)
  }
}
