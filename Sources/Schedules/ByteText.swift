/// Bytes as people read them; 1 KiB is 1024 B.
enum ByteText {
  /// `48 B`, `64 KiB`, `1.5 MiB`: at most one digit after the point.
  static func short(_ bytes: Int) -> String {
    var unit = 1
    var name = "B"
    for larger in ["KiB", "MiB", "GiB", "TiB"] where bytes / unit >= 1024 {
      unit *= 1024
      name = larger
    }
    let tenths = Int((Double(bytes) / Double(unit) * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
  }
}
