/// The version of the program.
enum Version {
  /// As the greeting prints it, and `cairn --version` before the kernels.
  static let text = "0.1.0"
}
