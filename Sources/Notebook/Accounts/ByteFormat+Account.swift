import Syntax

extension ByteFormat {
  /// Every byte: `1,234,567 B`.
  static func exact(_ count: Int) -> String {
    CountFormat.grouped(count) + " B"
  }

  /// Both where they differ: `132.5 KiB (135,680 B)`.
  static func full(_ count: Int) -> String {
    count.magnitude < 1024 ? exact(count) : text(count) + " (" + exact(count) + ")"
  }

  /// A change: `+2 KiB`, `-64 B`, `unchanged`.
  static func change(_ count: Int) -> String {
    if count == 0 { return "unchanged" }
    return (count > 0 ? "+" : "") + text(count)
  }
}
