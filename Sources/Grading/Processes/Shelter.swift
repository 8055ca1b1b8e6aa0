import CSandbox

/// What keeps a submission from everything but what it was given.
package struct Shelter: OptionSet, Codable, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Limits of the system on its address space, its processor time, and the files it writes.
  static let limits = Shelter(rawValue: Int(CSANDBOX_LIMITS))
  /// No program that it starts could have more rights.
  static let privileges = Shelter(rawValue: Int(CSANDBOX_PRIVILEGES))
  /// The calls of the system that it may make: those that computing needs.
  static let calls = Shelter(rawValue: Int(CSANDBOX_CALLS))
  /// All of these.
  package static let whole: Shelter = [.limits, .privileges, .calls]

  /// In words, for the grader's report.
  package var text: String {
    var parts: [String] = []
    if contains(.calls) { parts.append("seccomp filter") }
    if contains(.privileges) { parts.append("no new privileges") }
    if contains(.limits) { parts.append("limits on memory, processor time and files") }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }

  /// Shuts the calling process in, for good.
  ///
  /// - Parameter bytes: What its tensors may take; its address space has room for that, what the
  ///   session holds besides, and the program.
  static func enter(bytes: Int) -> Shelter {
    var limits = csandbox_limits(
      address_space: UInt64(bytes) + 4 << 30, file_size: 0, seconds: 600, descriptors: 16,
      processes: 4096)
    return Shelter(rawValue: Int(csandbox_enter(&limits)))
  }
}
