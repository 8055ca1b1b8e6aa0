import Foundation

/// What the operating system says that this process uses, in bytes; `nil` where it does not say.
package enum ProcessMemory {
  /// Resident now (VmRSS).
  package static var resident: Int? { field("VmRSS:") }

  /// Most ever resident since the start or `resetPeak()` (VmHWM).
  package static var peakResident: Int? { field("VmHWM:") }

  /// Begins a new peak at what is resident now; false where the system refuses.
  package static func resetPeak() -> Bool {
    guard let file = fopen("/proc/self/clear_refs", "w") else { return false }
    let written = fputs("5", file)
    return fclose(file) == 0 && written >= 0
  }

  private static func field(_ name: String) -> Int? {
    guard let file = fopen("/proc/self/status", "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      if words.count > 1, words[0] == name, let kilobytes = Int(words[1]) {
        return kilobytes * 1024
      }
    }
    return nil
  }
}
