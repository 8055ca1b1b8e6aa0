import Glibc

/// The version of the program.
enum Version {
  /// As the greeting prints it, and `cairn --version` before the kernels.
  static let text = "0.1.0"

  /// The same with what tells builds of one version apart: the size and the time of the program's
  /// file.
  static var build: String {
    var status = stat()
    guard stat("/proc/self/exe", &status) == 0 else { return text }
    return "\(text) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
  }
}
