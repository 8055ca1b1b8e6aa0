/// How counts of bytes are written, here and wherever else a person reads them.
package enum ByteFormat {
  private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

  /// `12 B`, `1.5 KiB`, `64 KiB`, `1.21 MiB`: two decimals below ten, one above, none that are
  /// zero. 1 KiB = 1024 B.
  package static func text(_ count: Int) -> String {
    var size = Double(count.magnitude)
    var unit = 0
    while Decimals.rounded(size) >= 1024, unit < units.count - 1 {
      size /= 1024
      unit += 1
    }
    return (count < 0 ? "-" : "") + Decimals.text(size) + " " + units[unit]
  }

  /// Two counts that are compared, so that they differ in writing where they differ: every byte of
  /// both where their short forms are one.
  package static func apart(_ first: Int, _ second: Int) -> (String, String) {
    let short = (text(first), text(second))
    return first != second && short.0 == short.1 ? (exact(first), exact(second)) : short
  }

  /// Every byte: `1,234,567 B`.
  package static func exact(_ count: Int) -> String {
    CountFormat.grouped(count) + " B"
  }

  /// Both where they differ: `132.5 KiB (135,680 B)`.
  package static func full(_ count: Int) -> String {
    count.magnitude < 1024 ? exact(count) : text(count) + " (" + exact(count) + ")"
  }

  /// A change: `+2 KiB`, `-64 B`, `unchanged`.
  package static func change(_ count: Int) -> String {
    if count == 0 { return "unchanged" }
    return (count > 0 ? "+" : "") + text(count)
  }
}
