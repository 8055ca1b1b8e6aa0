/// The version of the program.
enum Version {
  /// As `cairn --version` and the greeting print it.
  static let text = "0.1.0"
}
